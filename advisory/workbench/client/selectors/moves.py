"""Whether a client arrives or leaves: the steps of both ways, the chance of leaving, and how much of him is here.

Fetched by its page when it is shown, since it looks at four months day by day.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clients.org import access
from clients.org.models import User
from clients.portrait import moving
from clients.portrait import selectors as portrait
from clients.register.models import Client, Consent
from clients.register.selectors import consents_now
from clients.shared import clock
from clients.shared.masking import Level

CHURN, LEAVES = "churn", "leaves"
ASSETS = "assets_avg_20td"
WORDS: dict[str, Promise] = {
    "opened": _("opened an account"),
    "bank_in": _("paid in much of what he has"),
    "custody_in": _("moved securities to us"),
    "first_trade": _("first trade"),
    "looked_at_fees": _("looked at commissions and fees"),
    "bank_out": _("took out much of what he has"),
    "bank_changed": _("changed or ended the bank"),
    "designation_withdrawn": _("withdrew the designation of an account"),
    "custody_out": _("moved securities to another broker"),
    "closed": _("closed the account"),
}


@dataclass(frozen=True)
class Step:
    """One step in words; `out` is one of those on which clients leave."""

    day: date
    words: str
    out: bool
    amount: Decimal | None


@dataclass(frozen=True)
class Moves:
    """As of the close of `day`, the newest step first; the hazard of a week and the share of wallet where known."""

    day: date
    steps: list[Step]
    weekly: float | None
    share: Decimal | None


def moves(user: User, client: Client, now: datetime) -> Moves | None:
    """Return how a client moves; None for who may not read it, of who wants no personalisation, without features."""
    day, answers = portrait.last_feature_day(clock.shanghai_day(now)), consents_now(client.pk)
    if day is None or access.field_level(user, "traits", now=now) is not Level.FULL:
        return None
    if _refused(answers, Consent.Purpose.PERSONALISATION):
        return None
    watched = not _refused(answers, Consent.Purpose.BEHAVIOUR)
    steps = [_told(step) for step in moving.path_of(client.pk, day, screen=watched)]
    return Moves(day, steps[::-1], _weekly(client.pk, day, watched), _share(client, day))


def _refused(answers: dict[str, Consent], purpose: str) -> bool:
    return purpose in answers and not answers[purpose].given


def _told(step: moving.Step) -> Step:
    return Step(step.day, str(WORDS[step.kind]), step.way is moving.Way.OUT, step.amount)


def _weekly(client_id: int, day: date, watched: bool) -> float | None:
    """From the trait of leaving, unless it rests on what he did on screen and he does not want that."""
    found = portrait.portrait_of(client_id, day)
    one = next((trait for trait in found.traits if trait.name == CHURN), None) if found else None
    if one is None or one.confidence is None or not (watched or not any(sign.screen for sign in one.signs)):
        return None
    return moving.weekly(one.confidence if one.value == LEAVES else 1 - one.confidence)


def _share(client: Client, day: date) -> Decimal | None:
    row = portrait.feature_row(day, client.pk, names=[ASSETS]) or {}
    return moving.share_of_wallet(row.get(ASSETS), client.assets_elsewhere)
