"""Who would leave for another broker and who arrives from one, and when; drawn from the seed and hidden."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random

from clients.market.calendar import OutsideCalendar, calendar
from portal.demo.life.temper import HUNDRED, Temper, figures
from portal.demo.sample.dice import dice

LEAVING = ("thinner", "bank", "undesignated", "out", "drained", "closed")
ARRIVING = ("money", "custody", "first_orders")


@dataclass(frozen=True)
class Moves:
    """The days of the first sign, None when he neither leaves nor arrives.

    `firm` is how hard he is to keep, 0 to 99; `other_bank` says whether he takes his money to another bank first.
    """

    leaving_from: date | None = None
    arriving_from: date | None = None
    firm: int = 0
    other_bank: bool = False

    @property
    def leaves_on(self) -> date | None:
        """The day on which he would close his account, if nobody kept him; None beyond the calendar too."""
        return _after(self.leaving_from, int(figures()["leaving"]["closed"]))

    @property
    def arrives_on(self) -> date | None:
        """The day on which his securities come from the other broker."""
        return _after(self.arriving_from, int(figures()["arriving"]["custody"]))


def drawn(seed: int, number: int, *, kind: str, temper: Temper, opened: date, watched: Sequence[date]) -> Moves:
    """Return the moves of a client; they begin on one of the days that are `watched` one by one."""
    rng = dice(seed, "moves", number)
    day, firm, bank = rng.choice(watched), rng.randrange(HUNDRED), rng.randrange(HUNDRED)
    if kind == "leaver":
        return Moves(leaving_from=day, firm=firm, other_bank=bank < int(figures()["changes_bank"]))
    return Moves(arriving_from=_arrives(rng, kind, temper, opened, day))


def days_since(days: Sequence[date], first: date | None, i: int) -> int:
    """Return how many trading days day `i` lies after `first`; negative before it, and when there is none."""
    return -1 if first is None else i - bisect_left(days, first)


def _arrives(rng: Random, kind: str, temper: Temper, opened: date, day: date) -> date | None:
    if temper.broker != "second" or kind == "dormant":
        return None
    share = int(figures()["arrivers"]["newcomer" if kind == "newcomer" else "second"])
    if rng.randrange(HUNDRED) >= share:
        return None
    return opened if kind == "newcomer" else max(day, opened)


@cache
def _after(first: date | None, count: int) -> date | None:
    """Kept, since everybody is asked every day and each calendar is one question to the database."""
    if first is None:
        return None
    try:
        return calendar().shift(first, count)
    except OutsideCalendar:
        return None
