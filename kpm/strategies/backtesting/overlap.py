"""Which other live strategies met the same clients on the same days, and which would have had them anyway.

Read from the lines that published runs left in the lake, so only days that were lived count.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import duckdb

from clients.lake.reading import dated
from kpm.strategies import selectors
from kpm.strategies.backtesting.figures import figures
from kpm.strategies.models import Stage, StrategyVersion
from kpm.strategies.services.lines import counted, table_of

LINES = {"run_id": "BIGINT", "version_id": "BIGINT", "client_id": "BIGINT", "stage": "SMALLINT"}
OTHERS = """
CREATE OR REPLACE TEMP TABLE others AS
SELECT s.strategy_id, l.lake_day AS day, l.client_id, max(l.stage) AS stage
FROM {lines} l JOIN strategy_of s USING (version_id)
WHERE l.run_id IN (SELECT unnest(?::BIGINT[])) GROUP BY ALL
"""
# Client-days of this version on which the other one won the client are lost to it.
OVERLAP = f"""
WITH mine AS (SELECT DISTINCT day, client_id FROM replayed WHERE day IN (SELECT DISTINCT day FROM others)),
theirs AS (SELECT strategy_id, count(*) AS n FROM others GROUP BY 1),
common AS (SELECT strategy_id, count(*) AS n, count(*) FILTER (stage >= {int(Stage.WON_ARBITRATION)}) AS won
         FROM mine JOIN others USING (day, client_id) GROUP BY 1)
SELECT strategy_id, b.n, b.n / (m.n + t.n - b.n), b.won / m.n
FROM common b JOIN theirs t USING (strategy_id), (SELECT count(*) AS n FROM mine) m
ORDER BY 3 DESC, 4 DESC, 1 LIMIT {{most}}
"""


def overlap_of(con: duckdb.DuckDBPyConnection, version: StrategyVersion, days: Sequence[date]) -> list[list[Any]]:
    """Return per live strategy, the most alike first: code, client-days in common, Jaccard, share lost to it."""
    live = {row.strategy_id: row.strategy.code for row in selectors.live() if row.strategy_id != version.strategy_id}
    if not days or not live:
        return []
    versions = list(StrategyVersion.objects.filter(strategy__in=live).values_list("pk", "strategy_id", "schedule"))
    tables = {table_of(slot) for _version, _strategy, slot in versions}
    con.execute("CREATE OR REPLACE TEMP TABLE strategy_of (version_id BIGINT, strategy_id BIGINT)")
    columns = [[row[0] for row in versions], [row[1] for row in versions]]
    con.execute("INSERT INTO strategy_of SELECT unnest(?::BIGINT[]), unnest(?::BIGINT[])", columns)
    lines = " UNION ALL ".join(f"SELECT * FROM {dated(table, days, LINES)}" for table in sorted(tables))
    con.execute(OTHERS.format(lines=f"({lines})"), [counted(since=days[0], until=days[-1])])
    found = con.execute(OVERLAP.format(most=figures().busiest)).fetchall()
    return [[live[strategy], both, round(alike, 4), round(lost, 4)] for strategy, both, alike, lost in found]
