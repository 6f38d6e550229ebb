"""The file kind of events, in the shape of the Segment API: they go into the lake, a day of Shanghai at a time.

What could tell who a person is stays outside: the client number becomes the surrogate id, keys that look like numbers
of persons or cards are dropped and counted, a location is cut to its city.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

import duckdb

from clients.behaviour import agents, weblogs
from clients.behaviour.cleaning import cleaned
from clients.behaviour.events import COLUMNS_OF_LAKE, FROM_FILE, KEY, ORDER, TABLE
from clients.intake.checks import Check, Problem
from clients.intake.registry import Kind, Merge, Note, Row, register
from clients.intake.shapes import shape
from clients.lake import scratch
from clients.lake.appending import append
from clients.lake.reading import open_lake, relation

LARGEST = 32 * 1024  # bytes of one event
COLUMNS = shape(
    """
    **messageId**:s100* type:e*(track, page, screen, identify) event:s100 userId:s20 anonymousId:s100 timestamp:t*
    sentAt:t context:j properties:j history:b
    """
)
CHECKS = (
    Check("E_REQUIRED", "userId", '"userId" IS NULL AND "anonymousId" IS NULL', "one of userId, anonymousId is needed"),
    Check("E_REQUIRED", "event", "type = 'track' AND event IS NULL", "an event of type track needs its name"),
    Check(
        "E_RANGE",
        "properties",
        f"coalesce(strlen(context), 0) + coalesce(strlen(properties), 0) > {LARGEST}",
        "the event is larger than 32 KB",
    ),
    Check("E_FUTURE", "timestamp", '"timestamp" > :now + INTERVAL 5 MINUTE', "{} lies in the future", '"timestamp"'),
    Check(
        "E_RANGE",
        "timestamp",
        '"timestamp" < :now - INTERVAL 30 DAY AND history IS NOT TRUE',
        "{} is older than 30 days: give --set history=1 for old events",
        '"timestamp"',
    ),
)
CLIENT = 'LEFT JOIN register_client cl ON cl.client_no = s."userId"'
NO_CLIENT = Check(
    "E_NO_CLIENT", "userId", 's."userId" IS NOT NULL AND cl.id IS NULL', "no client {} is known", 's."userId"'
)
UNSHOWN = {"context": lambda text: "{…}", "properties": lambda text: "{…}"}  # free JSON may hold anything
AGENT = "json_extract_string(context, '$.userAgent')"
# What a User-Agent tells may change when another release reads it; it stands in the context, which is compared.
NOT_COMPARED = ("message_id", "arrived_at", "device", "os", "browser")
UNCLEAN = "it is nested too deep, or holds a number that is too large"
CONFLICT = "an event with this id and other content is in the lake: a fact never changes"


def prepare(rows: list[Row], note: Note) -> Iterator[Problem]:
    """Take out of context and properties what does not belong into the lake."""
    for row in rows:
        for column in ("context", "properties"):
            try:
                row[column] = cleaned(row[column], note)
            except (RecursionError, ValueError):
                row[column] = None
                yield Problem(int(row["line"]), "E_TYPE", column, UNCLEAN)


def compare(merge: Merge) -> Iterable[Problem]:
    """Find events that the lake holds under the same id with other content: a fact never changes."""
    names = [name for name in COLUMNS_OF_LAKE if name not in NOT_COMPARED]
    differs = " OR ".join(f'f."{name}" IS DISTINCT FROM k."{name}"' for name in names)
    problems = []
    with _fresh(merge) as (con, days):
        for day in days:
            known = relation(TABLE, [day])
            sql = (
                f"SELECT line FROM fresh f JOIN {known} k USING (message_id) WHERE f.day = DATE '{day}' AND ({differs})"
            )
            problems += [Problem(line, "E_CONFLICT", "", CONFLICT) for (line,) in con.execute(sql).fetchall()]
    return problems


def write(merge: Merge) -> int:
    """Append what is new, day by day; each day is published whole, and the same events again add nothing."""
    names = ", ".join(f'"{name}"' for name in COLUMNS_OF_LAKE)
    added = 0
    with _fresh(merge) as (con, days):
        for day in days:
            rows = f"(SELECT {names} FROM fresh WHERE day = DATE '{day}')"
            if merge.dry_run:
                unknown = f"SELECT count(*) FROM {rows} ANTI JOIN {relation(TABLE, [day])} USING (message_id)"
                added += con.execute(unknown).fetchall()[0][0]
            else:
                added += append(TABLE, day, con, rows, key=KEY, order=ORDER)
    return added


@contextmanager
def _fresh(merge: Merge) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[date]]]:
    """Lend the good lines as the lake's rows (`fresh`, with `line`), and the days they belong to."""
    with scratch.folder() as folder, open_lake() as con:
        file = folder / "events.csv"
        merge.copy_out(f"SELECT s.*, cl.id AS client_id FROM intake_good s {CLIENT}", file)
        source = f"read_csv('{file}', header = true, all_varchar = true, max_line_size = 4000000)"
        columns = ", ".join(f'CAST({text} AS {COLUMNS_OF_LAKE[name]}) AS "{name}"' for name, text in FROM_FILE.items())
        arrived = f"TIMESTAMPTZ '{merge.now.isoformat()}' AS arrived_at"
        con.execute(f"CREATE TEMP TABLE came AS SELECT *, {AGENT} AS agent FROM {source}")
        agents.provide(con, "SELECT DISTINCT agent FROM came")
        con.execute(
            f"CREATE TEMP TABLE fresh AS SELECT CAST(line AS BIGINT) AS line, {columns}, {arrived} "
            "FROM came LEFT JOIN agents USING (agent)"
        )
        yield con, [day for (day,) in con.execute("SELECT DISTINCT day FROM fresh ORDER BY 1").fetchall()]


KIND = register(
    Kind(
        name="events",
        title="what clients did on screen (Segment shape)",
        columns=COLUMNS,
        checks=CHECKS,
        joins=CLIENT,
        record_checks=(NO_CLIENT,),
        prepare=prepare,
        compare=compare,
        write=write,
        personal=UNSHOWN,
        clients='SELECT count(DISTINCT "userId") FROM intake_stage',
        forms=weblogs.FORMS,
    )
)
