"""A branch within the day: last night's features, and clients whose accounts are locked today."""

from datetime import date, datetime, time, timedelta
from typing import Any

from clients.market.calendar import calendar
from clients.register.models import Client
from clients.shared import clock
from kpm.strategies import lasting, services
from kpm.strategies.models import Hit, Strategy, StrategyVersion, VersionEvent
from kpm.strategies.services.library import read_library
from tests import factories as make
from tests.clients.portrait.screen import Event, happen
from tests.clients.portrait.world import DAY, now, run
from tests.kpm.strategies.rounds import version

LOCKED = "GRW-ACC-005"
# Rows of the record arrive by the database's clock, so the story plays now; the night's data are those of DAY.
NOW = now()
TODAY = clock.shanghai_day(NOW + timedelta(hours=3))
NOON = clock.at_shanghai(TODAY, time(23))


def last_night() -> Client:
    """Bob, a client of last night; the strategy of locked accounts; and Charlie who does nothing."""
    bob, charlie = make.client("Bob"), make.client("Charlie")
    for one in (bob, charlie):
        make.fund_account(one)
    services.load_library(entries=read_library(codes=(LOCKED,)), now=make.NOW)
    happen(Event(charlie, "signed_in"))
    run()
    return bob


def locked(of: Client, *, later: int = 0) -> None:
    """Locked out today, `later` minutes before or after NOON."""
    event = Event(of, "sign_in_locked", (DAY - TODAY).days, 22)
    happen(event, arrived_at=NOON + timedelta(minutes=later - 5))


def still_matches(hit: Hit, *, until: date) -> bool:
    """Whether the need of a hit is still there."""
    return hit.uid not in lasting.gone([hit], until=until)


def launched(code: str, condition: str, feature: str, schedule: str, **fields: Any) -> StrategyVersion:
    """A live strategy of one leaf."""
    of = version(code, condition=condition, features=[feature], schedule=schedule, **fields)
    Strategy.objects.filter(pk=of.strategy_id).update(live_version=of, status=Strategy.Status.LIVE)
    VersionEvent.objects.create(version=of, kind=VersionEvent.Kind.LAUNCHED, by=None, at=make.NOW)
    return of


def next_open() -> date:
    """The first trading day from today on."""
    return calendar().shift(TODAY - timedelta(days=1), 1)


def morning(day: date) -> datetime:
    """An hour of a day to come, when everything of today has arrived."""
    return clock.at_shanghai(day, time(23))
