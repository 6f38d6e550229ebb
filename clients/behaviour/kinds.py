"""The file kind of events, in the shape of the Segment API: they go into the lake, a day of Shanghai at a time.

What could tell who a person is stays outside: the client number becomes the surrogate id, keys that look like numbers
of persons or cards are dropped and counted, a location is cut to its city.
"""

from collections.abc import Iterable, Iterator

from clients.behaviour import shares, weblogs
from clients.behaviour.cleaning import cleaned
from clients.behaviour.events import COLUMNS_OF_LAKE, KEY, ORDER, TABLE
from clients.intake.checks import Check, Problem
from clients.intake.registry import Kind, Merge, Note, Row, register
from clients.intake.shapes import shape
from clients.lake.appending import append
from clients.lake.reading import relation

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
NO_CLIENT = Check(
    "E_NO_CLIENT", "userId", 's."userId" IS NOT NULL AND cl.id IS NULL', "no client {} is known", 's."userId"'
)
UNSHOWN = {"context": lambda text: "{…}", "properties": lambda text: "{…}"}  # free JSON may hold anything
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
    with shares.of_file(merge) as (con, found):
        for share in found:
            known = relation(TABLE, [share.day])
            sql = f"SELECT line FROM {share.rows} AS f JOIN {known} AS k USING (message_id) WHERE {differs}"
            problems += [Problem(line, "E_CONFLICT", "", CONFLICT) for (line,) in con.execute(sql).fetchall()]
    return problems


def write(merge: Merge) -> int:
    """Append what is new, a share at a time; each is published whole, and the same events again add nothing."""
    names = ", ".join(f'"{name}"' for name in COLUMNS_OF_LAKE)
    added = 0
    with shares.of_file(merge) as (con, found):
        for share in found:
            rows = f"(SELECT {names} FROM {share.rows})"
            if merge.dry_run:
                unknown = f"SELECT count(*) FROM {rows} ANTI JOIN {relation(TABLE, [share.day])} USING (message_id)"
                added += con.execute(unknown).fetchall()[0][0]
            else:
                added += append(TABLE, share.day, con, rows, key=KEY, order=ORDER)
    return added


KIND = register(
    Kind(
        name="events",
        title="what clients did on screen (Segment shape)",
        columns=COLUMNS,
        checks=CHECKS,
        joins=shares.CLIENT,
        record_checks=(NO_CLIENT,),
        prepare=prepare,
        compare=compare,
        write=write,
        personal=UNSHOWN,
        clients='SELECT count(DISTINCT "userId") FROM intake_stage',
        forms=weblogs.FORMS,
    )
)
