"""Some of the new hits of a back-test, each beside a client of the same day and branch who was not meant.

What each of them did afterwards says how often the goal is reached without anybody doing anything. Which ones are taken
follows from their ids alone, so the same back-test takes the same.
"""

from typing import Any

from kpm.engine.backtest import DAY
from kpm.strategies.backtesting.figures import figures
from kpm.strategies.backtesting.past import Rows

LOT = "md5(concat_ws(' ', day, client_id))"
CHOSEN_DAYS = """
CREATE OR REPLACE TEMP TABLE chosen_days AS
SELECT day FROM (SELECT DISTINCT day FROM replayed WHERE is_new)
QUALIFY (row_number() OVER (ORDER BY day) - 1) % greatest(1, ceil(count(*) OVER () / ?)::BIGINT) = 0
"""
HITS = f"""
CREATE OR REPLACE TEMP TABLE chosen AS
SELECT DISTINCT ON (day, client_id) day, branch_id, client_id FROM replayed
WHERE is_new AND day IN (FROM chosen_days) ORDER BY {LOT} LIMIT ?
"""
OTHERS = f"""
SELECT day, client_id FROM (
    {{rows}} SELECT {DAY} AS day, branch_id, client_id FROM f
    WHERE {DAY} IN (FROM chosen_days) AND ({{population}}) AND ({{condition}}) IS NOT TRUE
) o JOIN (SELECT day, branch_id, count(*) AS n FROM chosen GROUP BY ALL) c USING (day, branch_id)
QUALIFY row_number() OVER (PARTITION BY day, branch_id ORDER BY {LOT}) <= n
"""


def sample_of(rows: Rows) -> list[list[Any]]:
    """Return rows of day, client and whether he was meant."""
    con, member = rows.con, rows.member
    con.execute(CHOSEN_DAYS, [figures().sample_days])
    con.execute(HITS, [figures().sample_hits])
    hits = con.execute("SELECT day, client_id FROM chosen ORDER BY ALL").fetchall()
    text = rows.source.rows([member], rows.source.types(), beside=(DAY, "branch_id"))
    population = member.population.sql if member.population else "TRUE"
    others = con.execute(
        f"{OTHERS.format(rows=text, population=population, condition=member.condition.sql)} ORDER BY ALL"
    )
    rest = others.fetchall()
    return [[f"{day}", client, 1] for day, client in hits] + [[f"{day}", client, 0] for day, client in rest]
