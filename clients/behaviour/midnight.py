"""Events that came twice and fell on two days, since midnight lay between: kept once, where the first copy is.

    elsewhere(con, day)     # notes `again` in `lines`: those of the day whose id the day before or after has

A day knows its own ids for as long as it exists. What is sent again may fall on the next one: its moment is corrected
by clocks that differ a little (COLLECT_COPY_SECONDS), or it has no moment and counts as done when it comes. Only such
events are looked for.
"""

from datetime import date, time, timedelta

import duckdb
from django.conf import settings

from clients.behaviour import lines
from clients.behaviour.events import TABLE
from clients.lake.reading import relation
from clients.shared import clock

DAY, SECOND = timedelta(days=1), 1_000_000  # the second one in µs
# Texts are read only where a moment lies near midnight, unless a copy may have counted at any hour.
FOUND = """
    CREATE OR REPLACE TEMP TABLE elsewhere AS SELECT l.n FROM ({wanted}) AS l
    SEMI JOIN (SELECT message_id FROM {known} WHERE {where}) AS k ON k.message_id = l.id
"""
WANTED = f"SELECT rowid AS n, {lines.ID} AS id FROM lines WHERE problem IS NULL AND {{where}}"
MARK = "UPDATE lines SET again = TRUE WHERE rowid IN (SELECT n FROM elsewhere)"


def elsewhere(con: duckdb.DuckDBPyConnection, day: date) -> int:
    """Note which lines of a day are in the lake already, under a day beside it; how many."""
    within = f"{lines.within(day)} AND NOT again"
    found = 0
    for edge, beside in ((day, day - DAY), (day + DAY, day + DAY)):
        near, known = _near("happened", edge), _near("happened_at", edge, "make_timestamptz({})")
        found += _mark(con, f"{within} AND NOT adrift AND {near}", beside, known)
        found += _mark(con, f"{within} AND adrift", beside, "TRUE")
    return found


def _near(column: str, edge: date, moment: str = "{}") -> str:
    """The condition that a column lies near the midnight with which a day begins; `moment` is how it writes µs."""
    midnight, reach = lines.us(clock.at_shanghai(edge, time.min)), settings.COLLECT_COPY_SECONDS * SECOND
    return f"{column} BETWEEN {moment.format(midnight - reach)} AND {moment.format(midnight + reach)}"


def _mark(con: duckdb.DuckDBPyConnection, which: str, beside: date, known: str) -> int:
    wanted = WANTED.format(where=which)
    if con.execute(f"{wanted} LIMIT 1").fetchone() is None:
        return 0
    con.execute(FOUND.format(wanted=wanted, known=relation(TABLE, [beside]), where=known))
    found = int(con.execute("SELECT count(*) FROM elsewhere").fetchall()[0][0])
    if found:
        con.execute(MARK)
    return found
