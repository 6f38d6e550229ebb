"""What a client did on screen, what is concluded of him, and what he probably needs now.

Who has withdrawn his consent is spared at once, not only from the next night on: without analysis of his behaviour no
visit, no trait with a sign from the screen and no service that rests on it is shown; without personalisation nothing.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from advisory.dispatch import wording
from advisory.workbench.client.selectors.person import Identity
from clients.behaviour import selectors as behaviour
from clients.behaviour import visits
from clients.behaviour.selectors import ScreenDay
from clients.behaviour.visits import Screen
from clients.org import access
from clients.org.models import Role, User
from clients.org.standing import holds
from clients.portrait import selectors as portrait
from clients.portrait.selectors import Concluded
from clients.register.models import Client, Consent
from clients.shared import clock
from clients.shared.masking import Level
from kpm.engine.units import Language
from kpm.engine.words import say
from kpm.strategies import naming, needs
from kpm.strategies.models import StrategyVersion
from kpm.strategies.needs import Need

SPAN = timedelta(days=30)  # of behaviour
VISITS, NEEDED = 6, 3


@dataclass(frozen=True)
class Traits:
    """What is concluded at the close of `day`; `clarity` 0 to 1; the titles of traits of which nothing is known."""

    day: date
    clarity: float
    known: list[Concluded]
    unknown: list[str]


@dataclass(frozen=True)
class Service:
    """A service that he probably needs, why, and what has kept it from him so far.

    Where it only nearly applies (`near`), `why` says by how much it does not.
    """

    version: StrategyVersion
    why: str
    kept: str
    near: bool


@dataclass(frozen=True)
class Knowledge:
    """`screen` is None of who does not agree to that, `traits` where there are none yet or none may be concluded."""

    refuses_analysis: bool
    refuses_personalisation: bool
    screen: Screen | None
    traits: Traits | None
    services: list[Service]


def knowledge(user: User, client: Client, about: Identity, now: datetime) -> Knowledge | None:
    """Return what is known of a client beyond his facts; None for who may not read it at all."""
    if access.field_level(user, "traits", now=now) is not Level.FULL:
        return None
    day = clock.shanghai_day(now)
    watched = about.agreed(Consent.Purpose.BEHAVIOUR) is not False
    personal = about.agreed(Consent.Purpose.PERSONALISATION) is not False
    return Knowledge(
        refuses_analysis=not watched,
        refuses_personalisation=not personal,
        screen=_screen(client, day) if watched else None,
        traits=_traits(client.pk, day, watched) if personal else None,
        services=_services(user, client, watched, now) if personal else [],
    )


def days_on_screen(client_id: int, known: Knowledge | None, last: date, day: date) -> list[ScreenDay]:
    """Return the days on screen of the span up to `last`; those up to today's `day` are known already."""
    if known is None or known.refuses_analysis:
        return []
    if last == day and known.screen:
        return known.screen.days
    return behaviour.screen_days(client_id, first=last - SPAN + timedelta(days=1), last=last)


def _screen(client: Client, day: date) -> Screen | None:
    return visits.on_screen(client.pk, first=day - SPAN + timedelta(days=1), last=day, most=VISITS)


def _traits(client_id: int, day: date, watched: bool) -> Traits | None:
    found = portrait.portrait_of(client_id, day)
    if found is None:
        return None
    shown = [one for one in found.traits if watched or not any(sign.screen for sign in one.signs)]
    known = [one for one in shown if one.value is not None]
    return Traits(found.day, found.clarity, known, [str(one.title) for one in shown if one.value is None])


def _services(user: User, client: Client, watched: bool, now: datetime) -> list[Service]:
    compared = holds(user, Role.COMPLIANCE, now)
    day = clock.shanghai_day(now)
    found = needs.needs_of(client.pk, until=day, most=NEEDED, on_screen=watched, compared=compared)
    language: Language = "en" if (get_language() or "").startswith("en") else "zh"
    return [_service(need, language) for need in found]


def _service(need: Need, language: Language) -> Service:
    if need.missing:
        lacking = [say(leaf, need.named, language, places=wording.PLACES) for leaf in need.missing]
        return Service(need.version, wording.JOINED[language].join(lacking), "", near=True)
    kept = _("chosen for comparison") if need.compared else naming.say(naming.STOPS, need.stopped_by)
    return Service(need.version, wording.why_line(need.version, need.values, language), kept, near=False)
