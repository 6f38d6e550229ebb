"""The windows of hits as the table `spans` in DuckDB, and the lake's tables that the metrics read over them.

A window holds the days after the delivery up to its end; `since`, where it has a value, opens it from that moment of
the day of delivery on. `after_seen` and `until_seen` are the settled days whose states stand for its two ends.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import duckdb

from clients.behaviour.events import PLAN
from clients.lake import manifest as manifests
from clients.lake import registry
from clients.lake.reading import relation, view
from clients.lake.registry import MOMENT, Keeping
from clients.portrait import parameters, sqlfiles
from clients.portrait.sources import AsOf, source_view
from kpm.engine.catalogue import Feature
from kpm.engine.clean import TYPES, clean
from kpm.outcomes.figures import waiting
from kpm.outcomes.metricfiles import files_for

SETTLED = "clients"  # mirrored for every day that was lived
COLUMNS = {
    "hit_id": "BIGINT",
    "client_id": "BIGINT",
    "version_id": "BIGINT",
    "strategy": "VARCHAR",
    "permission": "VARCHAR",
    "after": "DATE",
    "until": "DATE",
    "since": MOMENT,
    "contacted": "BOOLEAN",
}
WITHIN = """CREATE OR REPLACE TEMP MACRO within(day, moment, after, until, since) AS
day <= until AND (day > after OR coalesce(moment > since, FALSE))"""
SEEN = """CREATE OR REPLACE TEMP TABLE spans AS
SELECT s.*, b.day AS after_seen, n.day AS until_seen
FROM spans AS s ASOF LEFT JOIN settled AS b ON s.after >= b.day ASOF LEFT JOIN settled AS n ON s.until >= n.day"""


def prepare(con: duckdb.DuckDBPyConnection, at: AsOf) -> None:
    """Add to `spans` the settled days of its ends, and make what every metric may use."""
    con.execute("CREATE OR REPLACE TEMP TABLE settled (day DATE)")
    settled = [day for day in manifests.days(SETTLED) if day <= at.day]
    con.execute("INSERT INTO settled SELECT unnest(?::DATE[])", [settled])
    con.execute(SEEN)
    con.execute(WITHIN)
    for statement in parameters.macros(at.day):
        con.execute(statement.replace("CREATE TEMP MACRO", "CREATE OR REPLACE TEMP MACRO"))
    names = ", ".join(f"('{name}', '{meaning.name}')" for meaning in PLAN for name in meaning.names)
    con.execute(f"CREATE OR REPLACE TEMP TABLE plan AS SELECT * FROM (VALUES {names}) AS p (event, meaning)")


def provide(con: duckdb.DuckDBPyConnection, at: AsOf, names: Iterable[str]) -> set[str]:
    """Make the views that the files of these outcomes read; the tables of facts among them."""
    first = con.execute("SELECT min(after) FROM spans").fetchall()[0][0] or at.day
    asked = {table for file in files_for(frozenset(names)) for table in file.reads} | {SETTLED}
    facts: set[str] = set()
    for table in sorted(asked):
        _provide(con, table, at, first, facts)
    return facts


def compute(con: duckdb.DuckDBPyConnection, features: Mapping[str, Feature]) -> None:
    """Make the table `wide`: the spans with these outcomes, each in its type; what nothing writes yet is unknown."""
    files = files_for(frozenset(features))
    for file in files:
        con.execute(f'CREATE OR REPLACE TEMP TABLE "m_{file.name}" AS {file.text}')
    columns = [f"{_column(feature)} AS {name}" for name, feature in sorted(features.items())]
    joins = " ".join(f'LEFT JOIN "m_{file.name}" USING (hit_id)' for file in files)
    closed = f"""EXISTS (SELECT 1 FROM {SETTLED} c WHERE c.client_id = spans.client_id
        AND c.seen_on = spans.until_seen AND c.status = 'closed') AS closed"""
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE wide AS SELECT {', '.join(['spans.*', closed, *columns])} FROM spans {joins}"
    )


def _column(feature: Feature) -> str:
    return f"CAST(NULL AS {TYPES[feature.dtype]})" if feature.name in waiting() else clean(feature)


def _provide(con: duckdb.DuckDBPyConnection, table: str, at: AsOf, first: date, facts: set[str]) -> None:
    columns, shared = registry.columns(table) or {}, sqlfiles.shared(table)
    if shared is not None:
        for other in shared.reads:
            _provide(con, other, at, first, facts)
        con.execute(f'CREATE OR REPLACE TEMP VIEW "{table}" AS {shared.text}')
    elif {"day", "arrived_at"} <= set(columns):
        source_view(con, table, at, part=None, window=(at.day - first).days + 1)
        facts.add(table)
    elif "client_id" in columns and table in _snapshots():
        _states(con, table)
    else:
        newest = max((day for day in manifests.days(table) if day <= at.day), default=at.day)
        view(con, table, [newest])


def _snapshots() -> set[str]:
    return {mirror.table for mirror in registry.mirrors() if mirror.keeping is Keeping.SNAPSHOT}


def _states(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """A snapshot by client: its rows of every day that a window begins or ends on, with that day as `seen_on`."""
    found = con.execute("SELECT DISTINCT unnest([after_seen, until_seen]) AS day FROM spans ORDER BY day").fetchall()
    days = [f"SELECT DATE '{day}' AS seen_on, * FROM {relation(table, [day])}" for (day,) in found if day]
    nobody = f"SELECT CAST(NULL AS DATE) AS seen_on, * FROM {relation(table, [])}"
    con.execute(f'CREATE OR REPLACE TEMP VIEW "{table}" AS {" UNION ALL ".join(days) or nobody}')
