"""Tables with a row per client and day: caught up, made again when their day changes, and only then."""

from datetime import date
from decimal import Decimal

import duckdb
import pytest

from clients.lake import manifest as manifests
from clients.lake.reading import open_lake, relation
from clients.ledger.models import Position
from clients.portrait import daytables, states
from clients.register.models import Client
from tests import factories as make
from tests.clients.portrait.money import ago, bought, flow, gave_back, held, owned, product
from tests.clients.portrait.one_night import only
from tests.clients.portrait.world import DAY, credit, now, run

pytestmark = pytest.mark.django_db
ASSETS = "asset_days"


@pytest.fixture(autouse=True)
def one_group(monkeypatch: pytest.MonkeyPatch) -> None:
    """The features themselves are other tests' affair."""
    only(monkeypatch, "cash")


def versions(table: str = ASSETS) -> dict[date, str]:
    """The published versions of a table by day."""
    found = {day: manifests.read(table, day) for day in manifests.days(table)}
    return {day: manifest.version for day, manifest in found.items() if manifest}


def one(of: Client, column: str, day: date = DAY, table: str = ASSETS) -> object:
    """One value of a client's row of a day, None when he has none."""
    with open_lake() as con:
        rows = relation(table, [day])
        found = con.execute(f"SELECT {column} FROM {rows} WHERE client_id = ?", [of.pk]).fetchone()
    return found[0] if found else None


def test_all_accounts_and_products_make_a_client_s_assets() -> None:
    bob = make.client("Bob")
    flow(bob, 9, "bank_in", 1_000, 1_000)
    credit(bob, cash=500, debt=300)
    held(bob, 0, make.security(), 2_000)
    held(bob, 0, make.security("000001", "SZ"), 400)
    held(bob, 0, make.security("510300", type="etf"), 50)
    held(bob, 0, make.security("00700", "HK", currency="HKD"), 7_777)
    held(bob, 0, make.security("D1", "OTC"), 6_666)
    owned(bob, 0, product("D1"), 800)

    run()

    columns = "cash, credit_cash, market_value, product_value, debt, total, net, sh_value, sz_value, holdings"
    amounts = [one(bob, column) for column in columns.split(", ")]
    assert amounts == [*map(Decimal, (1_000, 500, 2_450, 800, 300, 4_750, 4_450, 2_000, 400)), 4]


def test_days_whose_positions_are_in_the_lake_are_caught_up_and_no_others() -> None:
    bob, share = make.client("Bob"), make.security()
    flow(bob, 100, "bank_in", 100, 100)
    for back in (states.YEAR, states.YEAR - 1, 30, 1, 0):
        held(bob, back, share, 1_000 + back)
    flow(bob, 29, "bank_in", 11, 111)

    run()

    assert list(versions()) == [ago(back) for back in (states.YEAR - 1, 30, 1, 0)]
    assert [one(bob, "total", ago(back)) for back in (30, 1)] == [Decimal(1_130), Decimal(1_112)]


def test_a_late_row_makes_its_day_again_and_all_that_follow_from_it() -> None:
    bob, share = make.client("Bob"), make.security()
    flow(bob, 100, "bank_in", 100, 100)
    for back in (9, 8, 7, 0):
        held(bob, back, share, 1_000)
    run()
    before = versions()

    flow(bob, 8, "bank_in", 50)
    run()

    assert [day for day, version in versions().items() if before[day] != version] == [ago(8), ago(7), DAY]
    assert [one(bob, "cash", ago(back)) for back in (9, 8, 7, 0)] == [*map(Decimal, (100, 150, 150, 150))]


def test_a_night_without_news_makes_nothing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    bob, share = make.client("Bob"), make.security()
    for back in (1, 0):
        held(bob, back, share, 10)
    bought(bob, 1, share)
    run()

    monkeypatch.delattr(daytables._Work, "make")
    run()

    assert list(versions()) == [ago(1), DAY]


@pytest.mark.django_db(transaction=True)  # arrivals differ only between transactions
def test_an_earlier_cutoff_sees_what_was_known_then() -> None:
    bob, share = make.client("Bob"), make.security()
    wrong = held(bob, 1, share, 10)
    first = now()
    run(cutoff=first)
    then = versions()
    Position.objects.filter(pk=wrong.pk).delete()
    held(bob, 1, share, 77)
    flow(bob, 30, "bank_in", 5, 5)
    run()
    corrected = one(bob, "total", ago(1))

    run(cutoff=first)

    assert corrected == Decimal(82)
    assert one(bob, "total", ago(1)) == Decimal(10)
    assert versions() == then


def test_a_day_without_a_file_that_comes_daily_has_no_assets() -> None:
    bob, share = make.client("Bob"), make.security()
    held(bob, 1, share, 10)
    flow(bob, 1, "bank_in", 100, 100)
    run(ago(1))
    run()
    without = list(versions())

    held(bob, 0, share, 12)
    run()

    assert without == [ago(1)]
    assert one(bob, "total") == Decimal(112)


def test_an_account_that_was_learned_of_later_changes_the_data_day_alone() -> None:
    bob, share = make.client("Bob"), make.security()
    for back in (1, 0):
        held(make.client("Alice"), back, share, 10)
    run()
    unknown = one(bob, "total")

    make.account(bob)
    run()

    assert unknown is None
    assert [one(bob, "total"), one(bob, "total", ago(1))] == [Decimal(0), None]


def test_a_killed_night_is_taken_up_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    bob, share = make.client("Bob"), make.security()
    for back in (3, 2, 1, 0):
        held(bob, back, share, 10)
    _break_at(monkeypatch, ago(1))

    with pytest.raises(KeyboardInterrupt):
        run()
    half = list(versions())
    monkeypatch.undo()
    only(monkeypatch, "cash")
    run()

    assert half == [ago(3), ago(2)]
    assert list(versions()) == [ago(3), ago(2), ago(1), DAY]


def _break_at(patch: pytest.MonkeyPatch, day: date) -> None:
    """Let the making of a day be interrupted."""
    whole = daytables._Work.make

    def make_or_break(self: daytables._Work, con: duckdb.DuckDBPyConnection, one: date) -> None:
        if one == day:
            raise KeyboardInterrupt
        whole(self, con, one)

    patch.setattr(daytables._Work, "make", make_or_break)


def test_trades_of_a_day_are_counted_once_and_taken_off_when_they_are_taken_back() -> None:
    bob, share = make.client("Bob"), make.security()
    bought(bob, 3, share, 100, commission=2)
    row = bought(bob, 3, share, 30, commission=1)
    run(ago(3))
    before = versions("trade_days")[ago(3)]

    gave_back(row, 0)
    run()

    assert [one(bob, name, ago(3), "trade_days") for name in ("executions", "turnover", "fees")] == [2, 130, 3]
    assert versions("trade_days")[ago(3)] == before
    assert [one(bob, name, DAY, "taken_back") for name in ("day", "turnover", "fees")] == [ago(3), 30, 1]
