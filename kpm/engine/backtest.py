"""Replays one version over many days in DuckDB: whom it would have meant on each, and for whom that was new.

The rows of all days stand in one relation with the column `day`, so that a single statement matches them. What is new
follows from the version's own past hits, in order: who was meant on a day is shut out until its cool-down is over. Each
row points at the first later one that is free of it, and the chain from a client's first row is followed; that costs as
many steps as anybody was meant again, and none looks at a client by himself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kpm.engine.match import Member, Source

DAY = "lake_day"
ALWAYS = 1  # shut out until the next day: everybody who matches is new
NEVER_AGAIN = 1_000_000  # days: longer than any back-test


@dataclass(frozen=True)
class Turn:
    """One day: `place` counts days in the unit of the cool-down, and who was meant is free from `place + shut` on."""

    day: date
    place: int
    shut: int


def replay_into(source: Source, member: Member, turns: Sequence[Turn], *, into: str, keep: Sequence[str] = ()) -> None:
    """Write whom the version meant into a new temporary table: day, client_id, object_key, is_new, and what to `keep`.

    `source` holds the rows of all days, each with its day in the column `lake_day`; the columns `keep` are carried
    along. A hit is taken to be served on its day, which is what the next ones are judged by.
    """
    types = source.types()
    keys = "".join(f'CAST("{column}" AS VARCHAR), ' for column in member.key_columns)
    carried = "".join(f', "{column}"' for column in keep)
    source.con.execute(
        f"""CREATE OR REPLACE TEMP TABLE replay_matched AS {source.rows([member], types, beside=(DAY, *keep))}
        SELECT {DAY} AS day, "{source.client}" AS client_id, coalesce({keys}'') AS object_key{carried}
        FROM f WHERE {member.where}"""
    )
    _in_order(source, turns, into)
    source.con.execute("DROP TABLE replay_matched")


def _in_order(source: Source, turns: Sequence[Turn], into: str) -> None:
    if all(turn.shut <= ALWAYS for turn in turns):
        source.con.execute(f"CREATE OR REPLACE TEMP TABLE {into} AS SELECT *, TRUE AS is_new FROM replay_matched")
        return
    source.con.execute("CREATE OR REPLACE TEMP TABLE replay_turns (day DATE, place BIGINT, shut BIGINT)")
    days, places, shut = ([getattr(turn, name) for turn in turns] for name in ("day", "place", "shut"))
    source.con.execute(
        "INSERT INTO replay_turns SELECT unnest(?::DATE[]), unnest(?::BIGINT[]), unnest(?::BIGINT[])",
        [days, places, shut],
    )
    source.con.execute(f"CREATE OR REPLACE TEMP TABLE {into} AS {CHAIN}")
    source.con.execute("DROP TABLE replay_turns")


CHAIN = """
WITH RECURSIVE pointing AS MATERIALIZED (
    SELECT client_id, object_key, place,
           min(place) OVER (PARTITION BY client_id, object_key ORDER BY place
               RANGE BETWEEN shut FOLLOWING AND UNBOUNDED FOLLOWING) AS again,
           row_number() OVER (PARTITION BY client_id, object_key ORDER BY place) = 1 AS first
    FROM replay_matched JOIN replay_turns USING (day)
),
taken AS (
    SELECT client_id, object_key, place, again FROM pointing WHERE first
    UNION ALL
    SELECT p.client_id, p.object_key, p.place, p.again FROM taken t JOIN pointing p
    ON p.client_id = t.client_id AND p.object_key = t.object_key AND p.place = t.again
)
SELECT m.*, t.place IS NOT NULL AS is_new FROM replay_matched m JOIN replay_turns r USING (day)
LEFT JOIN taken t ON t.client_id = m.client_id AND t.object_key = m.object_key AND t.place = r.place
"""
