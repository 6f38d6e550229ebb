"""Writes the lake of an invented branch, day by day, so that memory does not grow with the past."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path

import duckdb

from clients.lake import mirroring, paths, registry
from clients.lake.publishing import write_parts, writing
from clients.lake.reading import open_lake, relation
from clients.market.calendar import calendar
from clients.shared import clock

TABLES = Path(__file__).resolve().parent / "tables"
FIRST_CLIENT = paths.BUCKET_SIZE  # a hundred thousand clients are one bucket
PAST = 90  # natural days
EVENING = time(20)
ARRIVED = time(18)
BRANCH_CLIENTS, MANAGER_CLIENTS = 2_000, 500
TRADABLES, PRODUCTS = 1_009, 200  # the first is prime: whoever steps through it meets nothing twice
FIRST_OTC = 1_100
STATES = (
    "clients", "profiles", "accounts", "assessments", "consents", "permission_rules", "board_rules", "securities",
    "products", "open_events", "rating_changes", "positions", "product_holdings", "margin_accounts",
    "margin_contracts",
)  # fmt: skip
ON_TRADING_DAYS = ("trades", "cashflows", "bars")
EVERY_DAY = ("events", "touches", "security_events")
MACROS = """
    CREATE TEMP MACRO u(who, what) AS (hash(who, what) % 1000000) / 1e6;
    CREATE TEMP MACRO pick(who, what, n) AS CAST(hash(who, what) % n AS INTEGER);
    CREATE TEMP MACRO drawn(average, luck) AS CAST(floor(average + luck) AS BIGINT);
    CREATE TEMP MACRO security_of(who, k) AS CAST(1 + (pick(who, 'first', {tradables})
        + k * (1 + pick(who, 'step', {tradables} - 1))) % {tradables} AS BIGINT);
    CREATE TEMP MACRO close_of(security, day) AS
        CAST(round((3 + security * 37 % 97) * (1 + 0.05 * (u(security, 'close' || day) - 0.5)), 2) AS DECIMAL(18, 4));
"""


@dataclass
class Population:
    """So many clients, described on the evening of a trading day; a shorter past is for tests."""

    clients: int
    day: date
    days: int = PAST
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def managers(self) -> int:
        """How many client managers care for them."""
        return max(self.clients // MANAGER_CLIENTS, 3)

    @property
    def branches(self) -> int:
        """How many branches they belong to."""
        return max(self.clients // BRANCH_CLIENTS, 3)

    @cached_property
    def past(self) -> list[date]:
        """The natural days with facts, ascending; the last is the day itself."""
        return _days(self.day, self.days)

    def cutoff(self, day: date) -> datetime:
        """The moment at which the night of a day begins."""
        return clock.at_shanghai(day, EVENING)

    def prepare(self, con: duckdb.DuckDBPyConnection) -> None:
        """Make what the SELECTs of `tables/` and `record/` ask for, in this connection."""
        con.execute(MACROS.format(tradables=TRADABLES))
        trading_days = sum(calendar().is_open(day, certain=True) for day in _days(self.day, PAST))
        for name, value in {
            "clients": self.clients, "first_client": FIRST_CLIENT, "managers": self.managers,
            "branches": self.branches, "tradables": TRADABLES, "products": PRODUCTS, "first_otc": FIRST_OTC,
            "trading_days": trading_days, "data_day": f"DATE '{self.day}'",
        }.items():  # fmt: skip
            con.execute(f"CREATE TEMP MACRO {name}() AS {value}")
        self.today(con, self.day)
        con.execute(f"CREATE TEMP TABLE people AS {select('people')}")

    def today(self, con: duckdb.DuckDBPyConnection, day: date) -> None:
        """Let the SELECTs speak of a day."""
        con.execute(f"CREATE OR REPLACE TEMP MACRO the_day() AS DATE '{day}'")
        arrived = clock.at_shanghai(day, ARRIVED).isoformat()
        con.execute(f"CREATE OR REPLACE TEMP MACRO arrived() AS TIMESTAMPTZ '{arrived}'")

    def past_written(self) -> Iterator[date]:
        """This will write every day of the past, yielding each when it is written, and the states of the last."""
        with open_lake() as con:
            self.prepare(con)
            for day in self.past:
                self._write_facts(con, day)
                yield day
            self._write_states(con, self.day)

    def write_until(self, last: date) -> None:
        """This will write the days after the past up to a later one, with the states of its evening."""
        with open_lake() as con:
            self.prepare(con)
            for ahead in range(1, (last - self.day).days + 1):
                self._write_facts(con, self.day + timedelta(days=ahead))
            self._write_states(con, last)

    def _write_facts(self, con: duckdb.DuckDBPyConnection, day: date) -> None:
        self.today(con, day)
        traded = ON_TRADING_DAYS if calendar().is_open(day, certain=True) else ()
        for table in (*EVERY_DAY, *traded):
            self._write(con, table, day)

    def _write_states(self, con: duckdb.DuckDBPyConnection, day: date) -> None:
        self.today(con, day)
        con.execute(f"CREATE OR REPLACE TEMP VIEW told AS SELECT * FROM {relation('security_events', self.past)}")
        for table in STATES:
            self._write(con, table, day)

    def _write(self, con: duckdb.DuckDBPyConnection, table: str, day: date) -> None:
        columns = registry.columns(table) or {}
        given = {row[0] for row in con.execute(f"DESCRIBE {select(table)}").fetchall()}
        items = ", ".join(_item(name, kind, name in given) for name, kind in columns.items())
        con.execute(f"CREATE OR REPLACE TEMP TABLE made AS SELECT {items} FROM ({select(table)})")
        with writing(table, day) as draft:
            draft.notes = mirroring.cutoff_note(self.cutoff(day))
            write_parts(con, draft, "made", columns, order=_order(columns))
            self.rows[table] = self.rows.get(table, 0) + sum(piece.rows for piece in draft.pieces)


def select(table: str) -> str:
    """Return the SELECT of a table."""
    return (TABLES / f"{table}.sql").read_text(encoding="utf-8")


def _days(last: date, number: int) -> list[date]:
    return [last - timedelta(days=back) for back in reversed(range(number))]


def _item(name: str, kind: str, given: bool) -> str:
    value = f'"{name}"' if given else "NULL"
    return f'CAST({value} AS {kind}) AS "{name}"'


def _order(columns: Mapping[str, str]) -> str:
    return ", ".join(name for name in ("client_id", "message_id", "id") if name in columns)
