"""A few clients whose features are known, for tests of a run."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from clients.ledger.models import Trade
from clients.market.models import DailyBar
from clients.org.models import Branch, Role, Staff
from clients.portrait import services as portrait
from clients.register.models import Client, Consent
from kpm.strategies import services
from kpm.strategies.services.library import Entry, read_library
from tests import factories as make

# Rows get their arrival from the database's clock, so the cutoff has to be a real "now".
DAY = make.DAY
TASK, MESSAGE, REMINDER = "MAT-TRD-019", "MAT-TRD-016", "GRW-TRD-001"


@dataclass
class Sample:
    """People by role in the story."""

    branch: Branch
    manager: Staff
    adviser: Staff
    concentrated: Client
    moved: Client
    quiet: Client
    refused: Client


def build() -> Sample:
    """Alice manages; Dora advises; four clients, one for each outcome of the first three strategies."""
    place = make.branch("HF01")
    alice = make.staff("Alice", at=place)
    dora = make.staff("Dora", at=place, roles=(Role.ADVISER,), licence="S0001")
    sample = Sample(place, alice, dora, *(make.client(name, manager=alice) for name in ("Bob", "Ben", "Carl", "Cid")))
    _concentrated(sample.concentrated)
    _moved(sample.moved)
    for person, given in ((sample.quiet, True), (sample.refused, False)):
        _quiet(person, given)
    services.load_library(entries=entries(), now=make.NOW)
    return sample


def entries() -> list[Entry]:
    """Three strategies of the library, all switched on: a task, a message, and one made a reminder."""
    found = {entry.code: entry for entry in read_library(codes=(TASK, MESSAGE, REMINDER))}
    found[TASK]["goal"] = "since_hit_net_inflow >= 0"  # so that there is something to measure
    found[MESSAGE]["active_by_default"] = True
    found[REMINDER].update(active_by_default=True, action="reminder", channel=["inbox"])
    for key in ("steps", "sla_hours"):
        del found[REMINDER][key]
    return list(found.values())


def features(day: date = DAY) -> datetime:
    """Mirror and compute; returns the cutoff that was used."""
    cutoff = datetime.now(UTC)
    portrait.mirror_day(day=day, cutoff=cutoff)
    portrait.compute_features(day=day, cutoff=cutoff)
    return cutoff


def bar(code: str, close: str, prev: str, day: date = DAY) -> None:
    """One day's bar inside its limits."""
    low, high = Decimal(prev) * Decimal("0.8"), Decimal(prev) * Decimal("1.2")
    DailyBar.objects.create(
        security=make.security(code, "SZ"), day=day, close=Decimal(close), prev_close=Decimal(prev), volume=1,
        status="trading", limit_up=high, limit_down=low,
    )  # fmt: skip


def _concentrated(client: Client) -> None:
    """90 % of his assets in one security, worth 450,000."""
    bar("300001", "45.00", "45.00")
    make.position(client, make.security("300001", "SZ"), quantity=Decimal(10_000), last_price=Decimal("45.00"))
    make.cash(client, 50_000)


def _moved(client: Client) -> None:
    """45 % in a security that rose 8 % without touching its limit."""
    bar("300002", "10.80", "10.00")
    make.position(client, make.security("300002", "SZ"), quantity=Decimal(1_000), last_price=Decimal("10.80"))
    make.cash(client, 13_200)


def _quiet(client: Client, marketing: bool) -> None:
    """First trade 20 days ago, nothing since, nearly all in cash."""
    bought = DAY - timedelta(days=17)
    security = make.security("600000", "SH")
    Trade.objects.create(
        day=bought, account=make.fund_account(client), client=client, security=security, exchange="SH", trade_no="1",
        side="buy", time=datetime(2026, 11, 3, 2, tzinfo=UTC), business="normal", quantity=100, price=10, amount=1000,
        net_amount=1005, currency="CNY",
    )  # fmt: skip
    make.position(client, security, quantity=Decimal(100), last_price=Decimal(10))
    make.cash(client, 20_000)
    Consent.objects.create(
        client=client, purpose="marketing", version="1", given=marketing, channel="app", at=make.NOW - timedelta(days=9)
    )
