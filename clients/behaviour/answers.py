"""What clients answered when they were asked whether what they do on screen may be analysed.

Under a public key, where a session proves the client, nothing of him is kept unless his newest answer is yes and so was
the one in force when it happened: who was never asked has not agreed. Under a server key, whose systems ask for
themselves, what he did is dropped when either answer is an explicit no.
"""

from collections.abc import Iterable

import duckdb
from django.db import connection

from clients.behaviour import tables

ANSWERED = """
    SELECT DISTINCT ON (client_id, at) client_id, (extract(epoch FROM at) * 1000000)::bigint, given
    FROM register_consent WHERE purpose = 'behaviour' AND client_id = ANY(%s) ORDER BY client_id, at, id DESC
"""
REFUSING = """
    SELECT client_id FROM (
        SELECT DISTINCT ON (client_id) client_id, given FROM register_consent
        WHERE purpose = 'behaviour' AND client_id = ANY(%s) ORDER BY client_id, at DESC, id DESC
    ) AS newest WHERE NOT given
"""
COLUMNS = {"id": "BIGINT", "since": "BIGINT", "given": "BOOLEAN"}
# The answer of who was never asked is that of the key: yes under a server key, which names the client (`claimed`). Most
# have said nothing but yes, and what they did since the first one needs no look at which answer was in force.
DROPPED = """
    CREATE OR REPLACE TEMP TABLE silenced AS
    WITH newest AS (SELECT id, arg_max(given, since) AS given, bool_and(given) AS always, min(since) AS first
        FROM answers GROUP BY id),
    doubtful AS (SELECT l.rowid AS n, l.client_id, l.happened, l.claimed IS NOT NULL AS named, l.received, l.write_key,
        l.anonymous_id, l.problem, m.given AS newest
        FROM lines AS l LEFT JOIN newest AS m ON m.id = l.client_id
        WHERE l.client_id IS NOT NULL AND l.received IS NOT NULL
            AND NOT coalesce(m.always AND l.happened >= m.first, FALSE))
    SELECT l.n, l.received, l.write_key, l.anonymous_id, l.happened, l.problem
    FROM doubtful AS l ASOF LEFT JOIN answers AS a ON a.id = l.client_id AND l.happened >= a.since
    WHERE NOT (coalesce(l.newest, l.named) AND coalesce(a.given, l.named))
"""


def silence(con: duckdb.DuckDBPyConnection) -> None:
    """Take what clients did who do not agree out of the `lines`.

    Nothing of it stays, not even among the dead letters. `silenced` keeps moment and key of each, to be counted, and
    the visitor's number that it proved to be somebody's.
    """
    known = [number for (number,) in con.execute("SELECT DISTINCT client_id FROM lines WHERE client_id > 0").fetchall()]
    with connection.cursor() as cursor:
        cursor.execute(ANSWERED, [known])
        tables.provide(con, "answers", COLUMNS, cursor.fetchall())
    con.execute(DROPPED)
    con.execute("DELETE FROM lines WHERE rowid IN (SELECT n FROM silenced)")


def refusing(clients: Iterable[int]) -> set[int]:
    """Return those of the clients whose newest answer is no."""
    with connection.cursor() as cursor:
        cursor.execute(REFUSING, [list(clients)])
        return {client for (client,) in cursor.fetchall()}
