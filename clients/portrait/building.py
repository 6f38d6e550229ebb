"""From the lake's tables to one wide row per client: views, groups, and the join, bucket by bucket.

What can be seen of the tables is said in `sources.py`. A client without rows in a group gets what the catalogue says;
what is no finite number is NULL, and so is what he does not agree to.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

import duckdb

from clients.lake import manifest as manifests
from clients.lake.reading import relation, view
from clients.market.calendar import calendar
from clients.portrait import catalogue, consent, parameters, sqlfiles
from clients.portrait.catalogue import Feature
from clients.portrait.sources import LOOK_BACK, AsOf, UnknownTable, columns_declared, days_of, source_view
from clients.portrait.sqlfiles import BadHeader

TABLE = "features"
BEHIND, AHEAD = timedelta(days=800), timedelta(days=400)  # the part of the calendar that features ask about
TD_UNTIL = """CREATE TEMP MACRO td_until(d) AS CASE WHEN d IS NOT NULL THEN (
SELECT count(*) FILTER (day > data_day() AND day <= d) - count(*) FILTER (day <= data_day() AND day > d)
FROM open_days WHERE exchange = 'SH') END"""
MANY_FILES, FEW_ROWS = 4, 200_000  # a source of so many days and no more rows is read once for all groups
EXCHANGES = ("SH", "SZ", "BJ", "HK")
# What goes wrong around a file and not in it: no other SQL would have gone better.
NOT_ITS_FAULT = (
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.InternalException,
    duckdb.FatalException,
    duckdb.InterruptException,
)
NOTHING = {"bool": "FALSE", "int": "0", "decimal": "0"}  # what `empty: zero` means, by dtype
ASKED_BY_GATES = (
    "c.branch_id, c.manager_id, c.kind = 'individual' AS is_individual, c.status AS client_status, "
    "account.account_status, c.own_staff, c.deceased"
)


def prepare(con: duckdb.DuckDBPyConnection, at: AsOf) -> None:
    """Make what all groups share: days of the calendar, and the day that is described.

    `data_day()`; `prev_day()`, the mainland trading day before it ("since the last batch" is day > prev_day()), and
    `last_close()`, when that one closed;
    `last_open(exchange, day)`; `open_days(exchange, day, number)`, the open days near the data day, numbered;
    `td_until(d)`, the mainland trading days from the data day to `d`, negative for a past one; and
    `param(name)` and `param_text(name)`, figures of `features/parameters.yaml`.
    """
    con.execute("CREATE TEMP TABLE last_open (exchange VARCHAR, day DATE)")
    con.execute("CREATE TEMP TABLE open_days (exchange VARCHAR, day DATE, number BIGINT)")
    for exchange in EXCHANGES:
        cal = calendar(exchange)
        con.execute("INSERT INTO last_open VALUES (?, ?)", [exchange, cal.last_open(at.record_day or at.day)])
        near = [day for day in cal.open_days if at.day - BEHIND <= day <= at.day + AHEAD]
        numbered = "SELECT ?, unnest(?::DATE[]) AS day, generate_subscripts(?::DATE[], 1)"
        con.execute(f"INSERT INTO open_days {numbered}", [exchange, near, near])
    con.execute(f"CREATE TEMP MACRO data_day() AS DATE '{at.day}'")
    since(con, day_before(at))
    con.execute(f"CREATE TEMP MACRO last_close() AS DATE '{day_before(at)}' + INTERVAL 15 HOUR")
    con.execute(TD_UNTIL)
    for statement in parameters.macros(at.day):
        con.execute(statement)


def day_before(at: AsOf) -> date:
    """Return the mainland trading day before the day that is described."""
    return calendar().shift(at.day, -1)


def since(con: duckdb.DuckDBPyConnection, day: date) -> None:
    """Say after which day something is new since the last batch."""
    con.execute(f"CREATE OR REPLACE TEMP MACRO prev_day() AS DATE '{day}'")


def stale(con: duckdb.DuckDBPyConnection, at: AsOf) -> list[str]:
    """Return the features whose source brought nothing for the day, though it did shortly before."""
    awaited = {table for feature in catalogue.features() for table in feature.freshness}
    missing = {table for table in awaited if not _any(con, table, at, 1) and _any(con, table, at, LOOK_BACK)}
    return [feature.name for feature in catalogue.features() if missing & set(feature.freshness)]


def _any(con: duckdb.DuckDBPyConnection, table: str, at: AsOf, window: int) -> bool:
    source_view(con, table, at, part=None, window=window)
    return con.execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone() is not None


class GroupFailed(Exception):
    """The file of one group cannot be computed: which one, and what DuckDB or its header says."""

    def __init__(self, group: str, fault: Exception) -> None:
        self.group = group
        super().__init__(f"{group}.sql: {' '.join(str(fault).split())}")


class WrongRows(Exception):
    """A group ran and gave something else than one row a client with the columns of its features."""


def build_bucket(
    con: duckdb.DuckDBPyConnection,
    at: AsOf,
    part: str,
    stale: Collection[str],
    *,
    without: Collection[str] = (),
    kept: Collection[str] = (),
) -> str:
    """Compute every group for one bucket into temporary tables; the SELECT of its wide rows.

    The groups `without` are left out, their features unknown for everybody; those `kept` are read from the rows of the
    day that are published now. Raises GroupFailed.
    """
    bucket = Bucket(con, at, part)
    view(con, "clients", [at.day], part=part)
    sound = [group for group in catalogue.groups() if group not in without]
    for group in sound:
        if group in kept:
            rows = relation(TABLE, [at.day], part=part)
            con.execute(f'CREATE OR REPLACE TEMP TABLE "{group}" AS SELECT * FROM {rows}')
        else:
            bucket.compute(group)
    consent.refuse(con, at, part)
    return wide_select(catalogue.features(), {*stale, *features_of(without)}, sound)


def features_of(groups: Collection[str]) -> list[str]:
    """Return the names of the features of some groups."""
    return [feature.name for feature in catalogue.features() if feature.group in groups]


def columns_wanted(group: str) -> set[str]:
    """Return the columns that the SQL of a group has to give: the client, its features, and their keys."""
    mine = [feature for feature in catalogue.features() if feature.group == group and not feature.waits]
    return {"client_id"} | {feature.name for feature in mine} | {f"{f.name}__key" for f in mine if f.key}


class Bucket:
    """The clients of one part, and the groups computed for them in temporary tables of one connection.

    With `among`, a table of `client_id`, nothing is read of other clients: a group says of each what his rows say.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, at: AsOf, part: str, *, among: str = "") -> None:
        self.con, self.at, self.part = con, at, part
        self._of_whom = f"client_id IN (SELECT client_id FROM {among})" if among else "TRUE"
        self._shared: set[str] = set()
        self._windows: dict[str, int] = {}  # of the sources that have been read

    def compute(self, group: str, *, check: bool = True) -> None:
        """Compute one group into a temporary table of its name; raises GroupFailed when its file is at fault."""
        try:
            self._compute(group)
            if check:
                self._check(group)
        except NOT_ITS_FAULT:
            raise
        except (duckdb.Error, BadHeader, UnknownTable, WrongRows, FileNotFoundError) as fault:
            raise GroupFailed(group, fault) from fault

    def _compute(self, group: str) -> None:
        file = sqlfiles.group(group)
        self.provide(file.reads, None, {})
        self.con.execute(f'CREATE OR REPLACE TEMP TABLE "{group}" AS {file.text}')

    def _check(self, group: str) -> None:
        """Every feature has its column, and no client two rows: what is joined later must not fail or multiply."""
        given = {row[0] for row in self.con.execute(f'DESCRIBE "{group}"').fetchall()}
        if missing := sorted(columns_wanted(group) - given):
            raise WrongRows(f"it gives no column {', '.join(missing)}.")
        twice = self.con.execute(f'SELECT count(*) - count(DISTINCT client_id) FROM "{group}"').fetchall()[0][0]
        if twice:
            raise WrongRows(f"it gives {twice} rows too many: one client, one row.")

    def provide(self, reads: dict[str, int | None], days: int | None, windows: dict[str, int | None]) -> None:
        """Make the views that a file reads; a shared view passes its window on to tables that name none."""
        for table, own in reads.items():
            window = own if own is not None else days
            shared = sqlfiles.shared(table)
            if windows.setdefault(table, window) != window:
                raise BadHeader(f"{table} is read over {windows[table]} and over {window} days in one group.")
            if shared is None:
                self._source(table, window)
            elif window is not None:
                self.provide(shared.reads, window, windows)
                self.con.execute(f'CREATE OR REPLACE TEMP VIEW "{table}" AS {shared.text}')
            elif table not in self._shared:
                # The same for every group, so computed once for the bucket; its own sources are its own affair.
                self.provide(shared.reads, None, {})
                self.con.execute(f'CREATE OR REPLACE TEMP TABLE "{table}" AS {shared.text}')
                self._shared.add(table)

    def _source(self, table: str, window: int | None) -> None:
        """Make the view of a source; one of few rows in many files is read once, since opening those costs most."""
        kept = f"{table} read"
        if window and self._windows.get(table, 0) < window and self._scattered(table, window):
            self._view(table, window)
            self.con.execute(f'CREATE OR REPLACE TEMP TABLE "{kept}" AS SELECT * FROM "{table}"')
            self._windows[table] = window
        if window and self._windows.get(table, 0) >= window:
            since = f"DATE '{days_of(table, self.at, window)[0]}'"
            self.con.execute(f'CREATE OR REPLACE TEMP VIEW "{table}" AS SELECT * FROM "{kept}" WHERE day >= {since}')
        else:
            self._view(table, window)

    def _view(self, table: str, window: int | None) -> None:
        source_view(self.con, table, self.at, part=self.part, window=window, of_whom=self._of_whom)

    def _scattered(self, table: str, window: int) -> bool:
        if "day" not in columns_declared(table):
            return False
        found = manifests.of_days(table, days_of(table, self.at, window))
        return len(found) >= MANY_FILES and sum(one.rows for one in found) <= FEW_ROWS


def wide_select(features: Iterable[Feature], unknown: Collection[str], groups: Iterable[str]) -> str:
    """Write the SELECT that joins the groups to the clients and those `refusing`, with every column in its type."""
    there = list(groups)
    joins = " ".join(f'LEFT JOIN "{group}" ON "{group}".client_id = c.client_id' for group in there)
    gates = ASKED_BY_GATES
    if "account" not in there:
        gates = gates.replace("account.account_status", "NULL::VARCHAR AS account_status")
    columns = ", ".join(columns_of(features, unknown))
    return f"SELECT c.client_id, {gates}, {columns} FROM clients c {joins} {consent.JOIN} ORDER BY c.client_id"


def columns_of(features: Iterable[Feature], unknown: Collection[str] = ()) -> list[str]:
    """Write the columns of features and of their keys, each in its type; NULL where they wait or are `unknown`.

    Who is `refusing` has no value of those that ask for his consent.
    """
    chosen = list(features)
    empty = {feature.name for feature in chosen if feature.waits} | set(unknown)
    columns = [f'{_clean(f) if f.name not in empty else f"CAST(NULL AS {f.type})"} AS "{f.name}"' for f in chosen]
    keyed = [feature for feature in chosen if feature.key]
    return columns + [
        f'{_key(f) if f.name not in empty else "CAST(NULL AS VARCHAR)"} AS "{f.name}__key"' for f in keyed
    ]


def _clean(feature: Feature) -> str:
    """A cast that makes NULL of what does not fit: infinity and nan are no DECIMAL and no BIGINT."""
    value = f'TRY_CAST("{feature.group}"."{feature.name}" AS {feature.type})'
    value = f"coalesce({value}, {NOTHING[feature.dtype]})" if feature.zero else value
    return consent.respected(feature, value)


def _key(feature: Feature) -> str:
    return consent.respected(feature, f'"{feature.group}"."{feature.name}__key"')
