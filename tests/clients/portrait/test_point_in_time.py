"""Features of a day see nothing that happened later, and nothing that arrived after the cutoff."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from clients.ledger.models import CashFlow, Position, ProductHolding
from clients.market.models import Product, Security
from clients.portrait import catalogue, selectors, services
from clients.register.models import Account, Client, ContactHold, RiskAssessment
from clients.shared import clock
from tests import factories as make
from tests.clients.portrait.test_catalogue import TEN
from tests.clients.portrait.world import DAY, bar, credit, now, run, trade, value

LATER = DAY + timedelta(days=3)
EARLIER = DAY - timedelta(days=3)
pytestmark = pytest.mark.django_db


def world(code: str = "600519") -> Client:
    """One client of whom every feature is known; he holds a security of his own."""
    bob = make.client("Bob", birth_date=date(1990, 1, 1))
    make.account(bob, kind=Account.Kind.CREDIT_FUND)  # at once: an account that comes later changes what he has
    make.position(bob, make.security(code), quantity=Decimal(100), last_price=Decimal(10))
    make.cash(bob, 1000, day=EARLIER)
    trade(bob, EARLIER, "1")
    bar(make.security(code), "10.00", "9.50", limit_up="10.45", limit_down="8.55")
    RiskAssessment.objects.create(client=bob, level=3, assessed_on=EARLIER, valid_to=date(2027, 1, 1))
    return bob


def rows() -> dict[int, tuple[object, ...]]:
    """Everybody's row of the day, by client."""
    with selectors.open_features(DAY) as (con, features):
        return {row[0]: row for row in con.execute(f"SELECT * FROM {features}").fetchall()}


def missing(bob: Client) -> list[str]:
    """Those of the first ten features of which the client's row has no value, so that a change could not show."""
    row = selectors.feature_row(DAY, bob.pk)
    assert row is not None
    return [name for name in TEN if row[name] is None]


def _replace(bob: Client, day: date) -> None:
    Position.objects.filter(client=bob, day=day).delete()
    make.position(bob, make.security("600000"), day=day, quantity=Decimal(1), last_price=Decimal(1))


def _product() -> Product:
    known = {"as_of": EARLIER, "risk_level": 3, "status": "on_sale", "investor": "any"}
    return Product.objects.get_or_create(ta_code="99", product_code="D1", defaults=known)[0]


def _own_security(bob: Client) -> Security:
    return Position.objects.filter(client=bob).order_by("pk")[0].security


# What may happen to a client on a day; each changes his features when it belongs to the data day and arrived in time.
PLANTED: dict[str, Callable[[Client, date], object]] = {
    "trade": lambda bob, day: trade(bob, day, "9"),
    "reversal": lambda bob, day: trade(bob, day, "9", reversal_of="1"),
    "cash": lambda bob, day: make.cash(bob, 999_999, day=day),
    "position": lambda bob, day: make.position(bob, make.security("600000"), day=day, last_price=Decimal(900)),
    "credit": lambda bob, day: credit(bob, 999_999, 0, day=day),
    "transfer": lambda bob, day: make.cash(bob, 5, day=day, kind=CashFlow.Kind.BANK_IN, amount=5),
    "product": lambda bob, day: ProductHolding.objects.create(
        day=day, account=make.fund_account(bob), client=bob, product=_product(), shares=1, market_value=9
    ),
    "assessment": lambda bob, day: RiskAssessment.objects.create(
        client=bob, level=5, assessed_on=day, valid_to=date(2028, 1, 1)
    ),
    "replaced": _replace,
}
# What has no day of its own, and what comes late for an old one.
CHANGED: dict[str, Callable[[Client], object]] = {
    "client": lambda bob: Client.objects.filter(pk=bob.pk).update(birth_date=date(1980, 1, 1)),
    "account": lambda bob: Account.objects.filter(client=bob).update(opened_on=date(2019, 1, 1)),
    "security": lambda bob: Security.objects.filter(pk=_own_security(bob).pk).update(name="新名"),
    "hold": lambda bob: ContactHold.objects.create(client=bob, kind=ContactHold.Kind.DECEASED),
    "backdated trade": lambda bob: trade(bob, date(2008, 8, 8), "1"),
    "backdated cash": lambda bob: make.cash(bob, 5, day=date(2026, 11, 19)),
}


def test_rows_of_a_later_day_change_nothing() -> None:
    clients = {kind: world(f"6001{number:02}") for number, kind in enumerate(PLANTED)}
    version, before = run(), rows()
    assert {name for bob in clients.values() for name in missing(bob)} == set()

    for kind, bob in clients.items():
        PLANTED[kind](bob, LATER)
        bar(_own_security(bob), "20.00", "10.00", day=LATER)

    assert run() == version
    assert rows() == before


@pytest.mark.django_db(transaction=True)  # arrivals differ only between transactions
def test_what_arrived_after_the_cutoff_changes_nothing_until_the_cutoff_is_later() -> None:
    clients = {kind: world(f"6001{number:02}") for number, kind in enumerate([*PLANTED, *CHANGED])}
    cutoff = now()
    version, before = run(cutoff=cutoff), rows()

    for kind in PLANTED:
        PLANTED[kind](clients[kind], DAY)
    for kind in CHANGED:
        CHANGED[kind](clients[kind])
    newcomer = make.client("Charlie")
    again = run(cutoff=cutoff)
    same = rows()
    run(cutoff=now())
    after = rows()

    assert again == version
    assert same == before
    assert [kind for kind, bob in clients.items() if after[bob.pk] == before[bob.pk]] == []
    assert newcomer.pk in after


@pytest.mark.django_db(transaction=True)
def test_a_bar_that_arrived_after_the_cutoff_is_not_seen() -> None:
    bob, what = make.client("Bob"), make.security()
    make.position(bob, what)
    cutoff = now()

    bar(what, "10.00", "9.50")
    run(cutoff=cutoff)
    unseen = value(bob, "top1_pct_chg_1d")
    run()

    assert unseen is None
    assert value(bob, "top1_pct_chg_1d") == Decimal("5.263158")


@pytest.mark.django_db(transaction=True)
def test_corrected_rows_keep_both_times() -> None:
    bob = world()
    first = now()
    run(cutoff=first)
    then = value(bob, "position_market_value")

    _replace(bob, DAY)
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

    missing_tables = {"positions", "asset_days"}  # without positions nobody's assets of the day are known
    stale = {feature.name for feature in catalogue.features() if missing_tables & set(feature.freshness)}
    assert stale >= {"cash_ratio", "position_market_value", "top1_security_name", "top1_limit_status"}
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


def test_features_ask_for_a_mirror() -> None:
    make.client("Bob")

    with pytest.raises(services.NotMirrored, match="run mirror_day first"):
        services.compute_features(day=DAY, cutoff=now())

    assert selectors.feature_version(DAY) is None


def test_features_keep_their_cutoff_when_another_run_mirrors_in_between() -> None:
    bob = make.client("Bob")
    mine, theirs = now(), now() - timedelta(days=30)
    services.mirror_day(day=DAY, cutoff=mine)

    services.mirror_day(day=DAY, cutoff=theirs)
    services.compute_features(day=DAY, cutoff=mine.astimezone(clock.SHANGHAI))

    assert list(rows()) == [bob.pk]


def test_a_cutoff_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="give an aware moment"):
        services.mirror_day(day=DAY, cutoff=datetime(2026, 11, 20, 18))

    assert selectors.feature_version(DAY) is None


def test_a_day_without_features_is_said_to_have_none() -> None:
    with pytest.raises(selectors.NoFeatures, match="no features for 2026-11-20"), selectors.open_features(DAY):
        pass
    with pytest.raises(selectors.NoFeatures):
        selectors.feature_row(DAY, 1)

    assert selectors.feature_version(DAY) is None
    assert selectors.last_feature_day(DAY) is None
