"""What clients do shows what they are like: three hundred of them over forty days, each trait beyond chance."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import mean, median
from typing import Any

import pytest

from portal.demo.life import visits
from portal.demo.life.plan import Plan
from portal.demo.life.residents import Resident
from portal.demo.life.temper import BANDS, Temper
from portal.demo.life.world import World, forget
from portal.demo.sample.book import Trade

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("lives of the demo")]
PLAN = Plan(clients=300, days=40, seed=11, last=date(2026, 11, 20))


@dataclass
class Lives:
    """What happened on the lived days."""

    world: World
    trades: list[tuple[int, Resident, Trade]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)

    def temper(self, event: dict[str, Any]) -> Temper:
        return self.world.by_number[event["userId"]].resident.temper

    def share(self, name: str, trait: str, value: str) -> float:
        """How much of what clients with this value look at is of this name."""
        theirs = [e["event"] for e in self.events if getattr(self.temper(e), trait) == value]
        return theirs.count(name) / (len(theirs) - theirs.count("signed_in"))

    def bought(self) -> list[tuple[int, Resident, Trade]]:
        return [row for row in self.trades if row[2].side == "buy" and row[2].business == "normal"]


@pytest.fixture(scope="module")
def lives(django_db_setup: None, django_db_blocker: Any) -> Iterator[Lives]:
    with django_db_blocker.unblock():
        world, before = World(PLAN), None
        found = Lives(world)
        for day in PLAN.past() + PLAN.lived():
            world.live(day, before)
            if day >= PLAN.lived()[0]:
                i = world.prices.index[day]
                found.trades += [(i, one, trade) for one, wallet in world.wallets(day) for trade in wallet.trades]
                found.events += visits.rows(world, day)
            forget(world.wallets(day))
            before = day
        yield found


def by(rows: list[tuple[str, float]], how: Callable[[list[float]], float]) -> dict[str, float]:
    groups: dict[str, list[float]] = defaultdict(list)
    for name, value in rows:
        groups[name].append(value)
    return {name: how(values) for name, values in groups.items()}


def test_visits_lie_in_the_band_of_his_rhythm_and_come_by_his_platform(lives: Lives) -> None:
    signed = [e for e in lives.events if e["event"] == "signed_in"]

    in_band = [band(e["timestamp"]) == lives.temper(e).rhythm for e in signed]
    by_own = [e["context"]["channel"] == lives.temper(e).platform for e in signed]

    assert len(signed) > 2000
    assert 0.6 < mean(in_band) < 0.75
    assert 0.78 < mean(by_own) < 0.97


def band(timestamp: str) -> str:
    at = datetime.fromisoformat(timestamp).time()
    return [name for name, start in BANDS.items() if start <= at][-1]


def test_half_of_the_clients_have_a_second_device(lives: Lives) -> None:
    devices: dict[str, set[str]] = defaultdict(set)
    visits_of = Counter(e["userId"] for e in lives.events if e["event"] == "signed_in")
    for event in lives.events:
        devices[event["userId"]].add(event["context"]["device"]["id"])

    often = [len(devices[client_no]) for client_no, times in visits_of.items() if times >= 20]

    assert set(often) == {1, 2}
    assert 0.3 < often.count(2) / len(often) < 0.65


def test_activity_is_how_often_he_comes(lives: Lives) -> None:
    times = Counter(e["userId"] for e in lives.events if e["event"] == "signed_in")
    there = [one.resident for one in lives.world.households if one.resident.opened_on < PLAN.lived()[0]]

    found = by([(one.temper.activity, times[one.client_no]) for one in there], mean)

    assert found["asleep"] < 1 < found["occasional"] < 6 < found["regular"] < 20 < found["daily"] < 40


def test_purchases_and_views_are_of_his_industry(lives: Lives) -> None:
    industry = {one.symbol: one.industry for one in lives.world.prices.listings}
    seen = [
        industry[e["properties"]["symbol"]] == lives.temper(e).industry
        for e in lives.events
        if e["event"] == "stock_viewed" and lives.temper(e).industry
    ]
    bought = [t.listing.industry == one.temper.industry for _i, one, t in lives.bought() if one.temper.industry]

    assert mean(seen) > 0.6
    assert mean(bought) > 0.4


def test_style_is_what_he_buys(lives: Lives) -> None:
    prices = lives.world.prices
    rose = [
        (one.temper.style, prices.bar(t.listing, i - 1).close > prices.bar(t.listing, i - 6).close)
        for i, one, t in lives.bought()
        if t.listing.stock
    ]
    pays = [(one.temper.style, t.listing.dividend != "0" or not t.listing.stock) for _i, one, t in lives.bought()]

    rising, paying = by(rose, mean), by(pays, mean)  # type: ignore[arg-type]

    assert rising["chaser"] > 0.6 > 0.4 > rising["dipper"]
    assert paying["income"] > paying["mixed"] + 0.15


def test_risk_appetite_is_how_much_what_he_buys_moves(lives: Lives) -> None:
    swing = by([(one.temper.risk_appetite, t.listing.swing) for _i, one, t in lives.bought()], mean)

    assert swing["low"] < swing["medium"] - 10 < swing["high"] - 30


def test_horizon_is_how_long_he_holds(lives: Lives) -> None:
    held: list[tuple[str, float]] = []
    since: dict[tuple[int, str, str], int] = {}
    for i, one, trade in lives.trades:
        key = one.number, trade.account, trade.listing.symbol
        if trade.side == "buy":
            since.setdefault(key, i)
        elif key in since:
            held.append((one.temper.horizon, i - since.pop(key)))

    found = by(held, median)

    assert found["intraday"] <= 2 < found["short"] <= 20


def test_sensitivity_information_and_margin_are_what_he_looks_at(lives: Lives) -> None:
    dwell = by([(lives.temper(e).information, e["properties"].get("dwell_ms", 0)) for e in lives.events], median)
    fees, read, loans = "commission_page_viewed", "research_viewed", "margin_page_viewed"

    assert lives.share(fees, "price_sensitivity", "high") > 3 * lives.share(fees, "price_sensitivity", "low")
    assert lives.share(read, "information", "high") > 3 * lives.share(read, "information", "low")
    assert lives.share(loans, "margin", "user") > 2 * lives.share(loans, "margin", "none")
    assert dwell["high"] > 1.5 * dwell["low"]


def test_only_users_borrow_and_only_who_opened_has_a_credit_account(lives: Lives) -> None:
    borrowed = {one.temper.margin for _i, one, trade in lives.trades if trade.business == "credit_buy"}
    owed = {one.resident.temper.margin for one in lives.world.households if one.credit and one.credit.extra.loans}
    credit = {one.resident.temper.margin for one in lives.world.households if one.credit}

    assert borrowed <= owed == {"user"}
    assert credit == {"open", "user"}


def test_products_are_what_he_holds(lives: Lives) -> None:
    world, last = lives.world, len(lives.world.days) - 1
    parts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in world.households:
        mine = parts[one.resident.temper.products]
        for listing, held in one.wallet.holdings.items():
            mine["stock"] += int(held.quantity * world.prices.close(listing, last)) if listing.stock else 0
        for code, fund in one.wallet.extra.funds.items():
            mine[code] += int(world.shelf.value(code, fund.shares, last))

    assert parts["stock"]["stock"] > sum(parts["stock"].values()) * 0.7
    assert parts["fund"]["D00002"] + parts["fund"]["D00003"] > sum(parts["fund"].values()) * 0.5
    assert parts["wealth"]["D00006"] > sum(parts["wealth"].values()) * 0.4
    assert parts["cash"]["D00001"] > parts["cash"]["D00003"]


def test_a_form_may_be_left_and_a_search_find_nothing(lives: Lives) -> None:
    names = Counter(e["event"] for e in lives.events)
    results = [e["properties"]["results"] for e in lives.events if e["event"] == "search"]

    assert 0 < names["form_submitted"] < names["form_opened"]
    assert 0 < results.count(0) < len(results) / 3


def test_nothing_lies_after_the_newest_file_was_written(lives: Lives) -> None:
    assert max(e["timestamp"] for e in lives.events) < f"{PLAN.last}T20:00"
