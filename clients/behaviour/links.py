"""Whose a visitor's history is: the client's whom an event first proved on his number, and never a second one's.

An event proves a client on a visitor's number when it carries both. The earliest proof makes the link, and what was
anonymous before that moment is the client's from then on; what is anonymous afterwards stays so. When an event that
comes late proves somebody else before the link's moment, nobody can say whose the history is, and it is nobody's for
ever: a clock that goes wrong, or is set wrong, takes nobody's past away from him and gives it to no other. A client of
whom nothing may be kept proves as much without being named: what was before him is nobody's.
"""

import duckdb
from django.db import connection

SEEN = """
    SELECT anonymous_id, client_id, min(happened), unsaid FROM (
        SELECT anonymous_id, client_id, happened, problem, FALSE AS unsaid FROM lines
        UNION ALL SELECT anonymous_id, NULL, happened, problem, TRUE FROM silenced
    )
    WHERE problem IS NULL AND anonymous_id IS NOT NULL AND NOT contains(anonymous_id, chr(0)) GROUP BY ALL ORDER BY ALL
"""
# Only what can change a link is looked at further: nearly all that a branch sees in a day is known of who did it.
MAKE = """
    CREATE TEMPORARY TABLE behaviour_seen ON COMMIT DROP AS
    SELECT s.* FROM (
        SELECT anonymous_id, client_id, timestamptz 'epoch' + us * interval '1 microsecond' AS at, unsaid
        FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::boolean[]) AS s (anonymous_id, client_id, us, unsaid)
    ) s
    LEFT JOIN behaviour_anonymouslink l ON l.anonymous_id = s.anonymous_id
    LEFT JOIN register_client c ON c.id = s.client_id
    WHERE (s.client_id IS NULL OR c.id IS NOT NULL) AND CASE WHEN l.id IS NULL THEN s.client_id IS NOT NULL OR s.unsaid
        ELSE l.client_id IS NOT NULL AND s.at <= l.at END
"""
LINK = """
    INSERT INTO behaviour_anonymouslink (anonymous_id, client_id, at, settled)
    SELECT DISTINCT ON (anonymous_id) anonymous_id, client_id, at, FALSE FROM behaviour_seen
    WHERE client_id IS NOT NULL OR unsaid ORDER BY anonymous_id, at, unsaid DESC, client_id
    ON CONFLICT (anonymous_id) DO NOTHING
"""
CONTEST = """
    UPDATE behaviour_anonymouslink l SET client_id = NULL, settled = FALSE FROM behaviour_seen s
    WHERE s.anonymous_id = l.anonymous_id AND l.client_id IS NOT NULL AND s.at <= l.at
        AND (s.unsaid OR s.client_id <> l.client_id)
"""
EARLIER = """
    UPDATE behaviour_anonymouslink l SET at = s.at, settled = FALSE FROM behaviour_seen s
    WHERE s.anonymous_id = l.anonymous_id AND s.client_id = l.client_id AND s.at < l.at
"""
REOPEN = """
    UPDATE behaviour_anonymouslink l SET settled = FALSE FROM behaviour_seen s
    WHERE s.anonymous_id = l.anonymous_id AND s.client_id IS NULL AND s.at < l.at AND l.client_id IS NOT NULL
"""


# A visitor's number, the client whom events prove on it, since when (µs since 1970), whether he is not to be named.
Seen = list[tuple[str, int | None, int, bool]]


def seen(con: duckdb.DuckDBPyConnection) -> Seen:
    """Return what the good ones of `lines` tell of visitors' numbers; no client where they prove none."""
    return con.execute(SEEN).fetchall()


def note(rows: Seen) -> None:
    """Bring the links up to what was seen, in the caller's transaction; the same again changes none."""
    with connection.cursor() as cursor:
        cursor.execute(MAKE, [[row[n] for row in rows] for n in range(4)])
        for statement in (LINK, CONTEST, EARLIER, REOPEN):
            cursor.execute(statement)
        cursor.execute("DROP TABLE behaviour_seen")  # the caller's transaction may note more
