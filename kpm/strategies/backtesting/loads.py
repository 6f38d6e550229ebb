"""The work that a version would have made: new hits by branch and by person or pool, against what they can take."""

from collections.abc import Mapping
from typing import Any

import duckdb

from clients.org import pools
from clients.org.models import Branch, Staff
from kpm.strategies.backtesting.figures import figures
from kpm.strategies.contact import TASKS
from kpm.strategies.models import CapacityBudget, StrategyVersion

# A day on which nothing came is no row, so `days` counts those with work.
BRANCHES = """
SELECT branch_id, count(*) AS n, count(DISTINCT day) FROM replayed WHERE is_new GROUP BY branch_id ORDER BY n DESC, 1
"""
LOADED = """
SELECT name, sum(n) AS n, max(n) AS most, count(*) FILTER (n > room) AS over, any_value(room)
FROM (SELECT {name} AS name, day, count(*) AS n FROM replayed LEFT JOIN branches b ON b.id = branch_id
      WHERE is_new GROUP BY ALL) LEFT JOIN rooms USING (name)
WHERE name IS NOT NULL GROUP BY name ORDER BY over DESC, n DESC, name LIMIT {most}
"""


def load_of(con: duckdb.DuckDBPyConnection, version: StrategyVersion) -> dict[str, Any]:
    """Return new hits by branch; of a version that makes tasks, the busiest people and pools too.

    The capacity is the newest one that is budgeted for each; `over` counts the days on which this strategy alone
    would have asked for more. Nobody's other work is counted.
    """
    branches = {row.pk: row for row in Branch.objects.all()}
    counted = con.execute(BRANCHES).fetchall()
    listed = [[branches[pk].name if pk in branches else "", n, days] for pk, n, days in counted]
    found: dict[str, Any] = {"branches": listed, "people": [], "pools": []}
    if version.action in TASKS:
        _provide(con, branches)
        found["pools"] = _loaded(con, pools.team_sql(f"'{version.handler}'", "b.code"), {})
        if version.handler == StrategyVersion.Handler.MANAGER:
            named = {pools.of_person(pk): name for pk, name in Staff.objects.values_list("pk", "name")}
            found["people"] = _loaded(con, pools.person_sql("CAST(manager_id AS VARCHAR)"), named)
    return found


def _provide(con: duckdb.DuckDBPyConnection, branches: Mapping[int, Branch]) -> None:
    """The codes of branches, and what each person and pool can take by the newest budget."""
    con.execute("CREATE OR REPLACE TEMP TABLE branches (id BIGINT, code VARCHAR)")
    con.execute("CREATE OR REPLACE TEMP TABLE rooms (name VARCHAR, room BIGINT)")
    codes = [branch.code for branch in branches.values()]
    con.execute("INSERT INTO branches SELECT unnest(?::BIGINT[]), unnest(?::VARCHAR[])", [list(branches), codes])
    newest = CapacityBudget.objects.order_by("pool", "-day").distinct("pool")
    rooms = dict(newest.values_list("pool", "capacity"))
    con.execute(
        "INSERT INTO rooms SELECT unnest(?::VARCHAR[]), unnest(?::BIGINT[])", [list(rooms), list(rooms.values())]
    )


def _loaded(con: duckdb.DuckDBPyConnection, name: str, named: Mapping[str, str]) -> list[list[Any]]:
    rows = con.execute(LOADED.format(name=name, most=figures().busiest)).fetchall()
    return [[named.get(key, key), int(n), most, over, room] for key, n, most, over, room in rows]
