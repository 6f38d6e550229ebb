"""When the client of a task is best reached, and what says so: for whoever may read what is concluded of him."""

from dataclasses import dataclass
from datetime import datetime

from clients.org import access
from clients.org.models import User
from clients.portrait import selectors as portrait
from clients.portrait.selectors import Concluded, Seen
from clients.register import selectors as register
from clients.register.models import Client, Consent
from clients.shared import clock
from clients.shared.masking import Level

TRAIT = "contact_time"


@dataclass(frozen=True)
class BestTime:
    """The hours in words, how sure that is (0 to 1), and what was seen that speaks for them."""

    hours: str
    confidence: float
    why: tuple[str, ...]


def best_time(user: User, client: Client, now: datetime) -> BestTime | None:
    """Return when to call a client; None when nothing says so, or he or the person's role does not let it be said."""
    if access.field_level(user, "traits", now=now) is not Level.FULL:
        return None
    found = portrait.portrait_of(client.pk, clock.shanghai_day(now))
    trait = next((one for one in found.traits if one.name == TRAIT), None) if found else None
    if trait is None or trait.value is None or not _lets(client, trait):
        return None
    why = tuple(sign.words for sign in _for_it(trait))
    return BestTime(str(trait.label), trait.confidence or 0, why) if why else None


def _lets(client: Client, trait: Concluded) -> bool:
    """Whether he lets it be said now: what he withdrew since the night counts at once."""
    given = {purpose: answer.given for purpose, answer in register.consents_now(client.pk).items()}
    word = portrait.declared_now(client.pk).get(TRAIT)
    if word is not None and word.value == word.OBJECTION:
        return False
    screen = any(sign.screen for sign in trait.signs)
    personal = given.get(Consent.Purpose.PERSONALISATION, True)
    return personal and (given.get(Consent.Purpose.BEHAVIOUR, True) or not screen)


def _for_it(trait: Concluded) -> list[Seen]:
    return [sign for sign in trait.signs if sign.speaks > 0]
