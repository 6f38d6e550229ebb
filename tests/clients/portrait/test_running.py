"""Running states of money: carried on day by day they are what all days at once give."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from clients.lake.folding import Running
from clients.lake.reading import empty
from clients.portrait.money_states import CASH_MARKS, PRODUCT_MARKS, RETURNED_FLOWS
from clients.portrait.states import ASSET_MARKS, OPEN_REPOS, TAKEN_BACK, TRADE_TOTALS

FIRST = date(2026, 11, 2)
DAYS = some.integers(0, 6)
CLIENTS = some.sampled_from([1, 2])
Row = Mapping[str, Any]
TRADE = {
    "account_id": 1, "exchange": "SH", "amount": 10, "price": 1, "quantity": 5, "fx": None, "commission": 1,
    "stamp_tax": None, "transfer_fee": None, "other_fee": None, "reversal_of": "", "arrived_at": "2026-11-20",
}  # fmt: skip
SECURITIES = """SELECT * FROM (VALUES (1, 'SH', 'stock', 'main'), (2, 'SH', 'stock', 'star'), (3, 'SH', 'repo', NULL),
    (4, 'OTC', 'fund', NULL)) AS s (id, exchange, type, board)"""


def day(number: int) -> date:
    """A day by its number."""
    return FIRST + timedelta(days=number)


def carried(running: Running, rows: Sequence[Row], cuts: Iterable[int], columns: str) -> list[tuple[Any, ...]]:
    """The state after all rows, folded anew at each of these days and at the last one."""
    names = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in running.columns.items())
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE before AS SELECT * FROM {empty(running.columns)}")
        con.execute(f"CREATE VIEW securities AS {SECURITIES}")
        con.execute(f"CREATE TABLE rows ({columns})")
        for first, last in itertools.pairwise(sorted({-1, 6, *cuts})):
            part = [row for row in rows if day(first) < row["day"] <= day(last)]
            if part:
                _fill(con, part)
                con.execute(f"CREATE OR REPLACE TABLE result AS SELECT {names} FROM ({running.step})")
                con.execute("CREATE OR REPLACE TABLE before AS FROM result")
        return con.execute(f"SELECT * FROM before ORDER BY {running.order}").fetchall()


def _fill(con: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> None:
    con.execute("DELETE FROM rows")
    names, marks = ", ".join(f'"{name}"' for name in rows[0]), ", ".join("?" for _name in rows[0])
    con.executemany(f"INSERT INTO rows ({names}) VALUES ({marks})", [list(row.values()) for row in rows])


@settings(max_examples=25, deadline=None)
@given(
    held=some.sets(some.tuples(CLIENTS, some.sampled_from([7, 8]), DAYS)),
    worth=some.lists(some.integers(1, 50), min_size=28, max_size=28),
    cuts=some.sets(DAYS),
)
def test_products_are_held_since_the_same_day(
    held: set[tuple[int, int, int]], worth: list[int], cuts: set[int]
) -> None:
    rows = [
        {"day": day(number), "client_id": client, "product_id": what, "shares": 1, "cost": 1,
         "market_value": worth[number * 4 + (client - 1) * 2 + what - 7], "arrived_at": "2026-11-20"}
        for client, what, number in sorted(held)
    ]  # fmt: skip
    columns = "day DATE, client_id BIGINT, product_id BIGINT, shares DECIMAL(20,4), cost DECIMAL(18,2), "
    columns += "market_value DECIMAL(18,2), arrived_at TIMESTAMPTZ"

    found = carried(PRODUCT_MARKS, rows, cuts, columns)

    assert found == carried(PRODUCT_MARKS, rows, [], columns)


@settings(max_examples=25, deadline=None)
@given(
    cash=some.dictionaries(some.tuples(CLIENTS, DAYS), some.sampled_from([0, 9_999, 10_000, 20_000])),
    held=some.sets(some.tuples(CLIENTS, DAYS)),
    cuts=some.sets(DAYS),
)
def test_cash_is_idle_since_the_same_day(
    cash: dict[tuple[int, int], int], held: set[tuple[int, int]], cuts: set[int]
) -> None:
    rows = [
        {"day": day(number), "client_id": client, "has_fund_account": True, "cash": amount,
         "holdings": int((client, number) in held)}
        for (client, number), amount in sorted(cash.items())
    ]  # fmt: skip
    columns = "day DATE, client_id BIGINT, has_fund_account BOOLEAN, cash DECIMAL(18,2), holdings INTEGER"

    found = carried(ASSET_MARKS, rows, cuts, columns)

    assert found == carried(ASSET_MARKS, rows, [], columns)


@pytest.mark.parametrize("running", [TRADE_TOTALS, OPEN_REPOS, TAKEN_BACK], ids=lambda running: running.table)
@settings(max_examples=15, deadline=None)
@given(
    trades=some.lists(some.tuples(CLIENTS, DAYS, some.integers(1, 4), some.sampled_from(["buy", "lend", "subscribe"]))),
    cuts=some.sets(DAYS),
)
def test_totals_of_trades_add_up(running: Running, trades: list[tuple[int, int, int, str]], cuts: set[int]) -> None:
    rows = [
        {"id": number, "day": day(when), "client_id": client, "security_id": what, "side": side,
         "business": "repo" if side == "lend" else "normal", "trade_no": str(number), **TRADE}
        for number, (client, when, what, side) in enumerate(trades)
    ]  # fmt: skip
    columns = "id BIGINT, day DATE, client_id BIGINT, security_id BIGINT, side VARCHAR, business VARCHAR, "
    columns += "trade_no VARCHAR, account_id BIGINT, exchange VARCHAR, amount DECIMAL(20,2), price DECIMAL(18,4), "
    columns += "quantity DECIMAL(20,4), fx DECIMAL(12,6), commission DECIMAL(20,2), stamp_tax DECIMAL(20,2), "
    columns += "transfer_fee DECIMAL(20,2), other_fee DECIMAL(20,2), reversal_of VARCHAR, arrived_at TIMESTAMPTZ"

    found = carried(running, rows, cuts, columns)

    assert found == carried(running, rows, [], columns)


@pytest.mark.parametrize("running", [CASH_MARKS, RETURNED_FLOWS], ids=lambda running: running.table)
@settings(max_examples=15, deadline=None)
@given(
    flows=some.lists(some.tuples(CLIENTS, DAYS, some.sampled_from(["bank_in", "product_out", "interest"]))),
    cuts=some.sets(DAYS),
)
def test_first_transfers_stay_the_first(running: Running, flows: list[tuple[int, int, str]], cuts: set[int]) -> None:
    rows = [
        {"id": number, "day": day(when), "client_id": client, "account_id": client, "flow_no": str(number),
         "kind": kind, "amount": 5, "currency": "CNY", "reversal_of": ""}
        for number, (client, when, kind) in enumerate(flows)
    ]  # fmt: skip
    columns = "id BIGINT, day DATE, client_id BIGINT, account_id BIGINT, flow_no VARCHAR, kind VARCHAR, "
    columns += "amount DECIMAL(20,2), currency VARCHAR, reversal_of VARCHAR"

    found = carried(running, rows, cuts, columns)

    assert found == carried(running, rows, [], columns)
