"""Features of a day see nothing that happened later, and nothing that arrived after the cutoff."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from clients.ledger.models import Position
from clients.market.models import Security
from clients.portrait import selectors, services
from clients.register.models import Account, Client, ContactHold, RiskAssessment
from tests import factories as make
from tests.clients.portrait.world import DAY, bar, credit, now, run, trade, value

LATER = DAY + timedelta(days=3)
EARLIER = DAY - timedelta(days=3)
pytestmark = pytest.mark.django_db


def world() -> Client:
    """One client of whom every feature is known."""
    bob = make.client("Bob", birth_date=date(1990, 1, 1))
    make.position(bob, make.security(), quantity=Decimal(100), last_price=Decimal(10))
    make.cash(bob, 1000, day=EARLIER)
    trade(bob, EARLIER, "1")
    bar(make.security(), "10.00", "9.50", limit_up="10.45", limit_down="8.55")
    RiskAssessment.objects.create(client=bob, level=3, assessed_on=EARLIER, valid_to=date(2027, 1, 1))
    return bob


def rows() -> list[tuple[object, ...]]:
    """Everybody's row of the day."""
    with selectors.open_features(DAY) as (con, features):
        return con.execute(f"SELECT * FROM {features} ORDER BY client_id").fetchall()


def all_known(bob: Client) -> bool:
    """Whether no feature of the client is missing, so that a change of any would show."""
    row = selectors.feature_row(DAY, bob.pk)
    assert row is not None
    return [name for name, known in row.items() if known is None] == ["manager_id"]


PLANTED: dict[str, Callable[[Client, date], object]] = {
    "trade": lambda bob, day: trade(bob, day, "9"),
    "reversal": lambda bob, day: trade(bob, day, "9", reversal_of="1"),
    "cash": lambda bob, day: make.cash(bob, 999_999, day=day),
    "position": lambda bob, day: make.position(bob, make.security("600000"), day=day, last_price=Decimal(900)),
    "bar": lambda bob, day: bar(make.security("600001"), "20.00", "10.00", day=day),
    "credit": lambda bob, day: credit(bob, 999_999, 0, day=day),
    "assessment": lambda bob, day: RiskAssessment.objects.create(
        client=bob, level=5, assessed_on=day, valid_to=date(2028, 1, 1)
    ),
}


@pytest.mark.parametrize("kind", PLANTED)
def test_a_row_of_a_later_day_changes_nothing(kind: str) -> None:
    bob = world()
    version, before = run(), rows()
    assert all_known(bob)

    PLANTED[kind](bob, LATER)

    assert run() == version
    assert rows() == before


@pytest.mark.django_db(transaction=True)  # arrivals differ only between transactions
@pytest.mark.parametrize("kind", [*PLANTED, "client", "account", "security", "hold", "replaced", "backdated"])
def test_a_row_that_arrived_after_the_cutoff_changes_nothing(kind: str) -> None:
    bob = world()
    cutoff = now()
    version, before = run(cutoff=cutoff), rows()

    AFTERWARDS[kind](bob)
    again = run(cutoff=cutoff)
    same = rows()
    run(cutoff=now())

    assert again == version
    assert same == before
    assert rows() != before  # with a later cutoff it does count


def _replace(bob: Client) -> None:
    Position.objects.filter(client=bob, day=DAY).delete()
    make.position(bob, make.security("600000"), quantity=Decimal(1), last_price=Decimal(1))


AFTERWARDS: dict[str, Callable[[Client], object]] = {
    **{kind: (lambda bob, plant=plant: plant(bob, DAY)) for kind, plant in PLANTED.items()},
    "bar": lambda bob: make.client("Charlie"),
    "client": lambda bob: Client.objects.filter(pk=bob.pk).update(birth_date=date(1980, 1, 1)),
    "account": lambda bob: Account.objects.filter(client=bob).update(opened_on=date(2019, 1, 1)),
    "security": lambda bob: Security.objects.update(name="新名"),
    "hold": lambda bob: ContactHold.objects.create(client=bob, kind=ContactHold.Kind.DECEASED),
    "replaced": _replace,
    "backdated": lambda bob: trade(bob, date(2008, 8, 8), "1"),
}


@pytest.mark.django_db(transaction=True)
def test_corrected_rows_keep_both_times() -> None:
    bob = world()
    first = now()
    run(cutoff=first)
    then = value(bob, "position_market_value")

    _replace(bob)
    second = now()
    run(cutoff=second)
    corrected = value(bob, "position_market_value")
    run(cutoff=first)

    assert (then, corrected) == (Decimal(1000), Decimal(1))
    assert value(bob, "position_market_value") == then


def test_a_source_that_brought_nothing_makes_its_features_unknown_not_zero() -> None:
    bob = world()
    eve = DAY - timedelta(days=1)
    make.position(bob, make.security(), day=eve)
    bar(make.security(), "10.00", "9.50", day=eve, limit_up="10.45", limit_down="8.55")
    Position.objects.filter(day=DAY).delete()
    run(eve)
    fresh = selectors.stale_features(eve)

    run()

    stale = {"cash_ratio", "position_market_value", "top1_security_name", "top1_position_ratio"}
    stale |= {"top1_pct_chg_1d", "top1_limit_status"}
    assert fresh == []
    assert set(selectors.stale_features(DAY)) == stale
    assert {name: value(bob, name) for name in stale} == dict.fromkeys(stale)
    assert value(bob, "trade_days_30d") == 1


def test_only_certain_trading_days_are_described() -> None:
    make.client("Bob")
    sunday, cutoff = date(2026, 11, 22), now()
    services.mirror_day(day=sunday, cutoff=cutoff)

    with pytest.raises(services.NotATradingDay, match="2026-11-22 is no trading day"):
        services.compute_features(day=sunday, cutoff=cutoff)

    assert selectors.feature_version(sunday) is None


def test_features_ask_for_the_mirror_of_the_same_cutoff() -> None:
    make.client("Bob")
    services.mirror_day(day=DAY, cutoff=now())

    with pytest.raises(services.NotMirrored, match="run mirror_day first"):
        services.compute_features(day=DAY, cutoff=now())

    assert selectors.feature_version(DAY) is None


def test_a_day_without_features_is_said_to_have_none() -> None:
    with pytest.raises(selectors.NoFeatures, match="no features for 2026-11-20"), selectors.open_features(DAY):
        pass
    with pytest.raises(selectors.NoFeatures):
        selectors.feature_row(DAY, 1)

    assert selectors.feature_version(DAY) is None
    assert selectors.last_feature_day(DAY) is None
