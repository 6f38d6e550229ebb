"""Whose it is what visitors did before it was known whose client they are: by day, beside events that stay as they are.

    settle(now=now) -> days that changed

A row says that what a visitor's number did on a day before a moment is a client's (see `links`); of one whose newest
answer refuses the analysis of his behaviour there is none. Sessions and roll-ups of the day read it with the events,
and are made again when it changes. Events of a day are asked for the numbers whose links have changed since the last
time, all days at once. If the table is ever lost, make every link unsettled.
"""

from collections.abc import Sequence
from datetime import date, datetime

import duckdb

from clients.behaviour import answers, selectors, services, tables
from clients.behaviour.actions import ATTRIBUTIONS as TABLE
from clients.behaviour.actions import OF_ATTRIBUTIONS as COLUMNS
from clients.behaviour.events import TABLE as EVENTS
from clients.behaviour.models import AnonymousLink
from clients.lake import manifest as manifests
from clients.lake import paths
from clients.lake.publishing import write_parts, writing
from clients.lake.reading import open_lake, relation
from clients.lake.registry import MOMENT
from clients.shared import clock

ORDER = "client_id, anonymous_id"
AT_ONCE = 50_000  # links that are settled together
LINKS = {"anonymous_id": "VARCHAR", "client_id": "BIGINT", "before": MOMENT}
FOUND = """
    CREATE OR REPLACE TEMP TABLE found AS
    SELECT e.day, e.anonymous_id, l.client_id, l.before FROM {events} AS e JOIN links AS l USING (anonymous_id)
    WHERE e.client_id IS NULL AND l.client_id IS NOT NULL AND e.happened_at < l.before GROUP BY ALL
"""
CHANGED = """
    SELECT DISTINCT day FROM (
        (SELECT day, anonymous_id, client_id, before FROM found
            EXCEPT SELECT day, anonymous_id, client_id, before FROM {known})
        UNION ALL
        (SELECT day, anonymous_id, client_id, before FROM {known} SEMI JOIN links USING (anonymous_id)
            EXCEPT SELECT day, anonymous_id, client_id, before FROM found)
    ) ORDER BY 1
"""
# What was there already keeps the moment at which it came, so that settling again gives the same file.
NEW = """
    (SELECT f.day, f.anonymous_id, f.client_id, f.before, coalesce(k.arrived_at, TIMESTAMPTZ '{now}') AS arrived_at
        FROM found AS f LEFT JOIN {known} AS k USING (anonymous_id, client_id, before) WHERE f.day = DATE '{day}'
    UNION ALL SELECT k.* FROM {known} AS k ANTI JOIN links USING (anonymous_id))
"""


def settle(*, now: datetime) -> list[date]:
    """This will write down what links that have changed make of past days; the days that changed.

    Not beside a compaction, which changes links: the caller keeps them apart.
    """
    changed: set[date] = set()
    while links := selectors.unsettled(AT_ONCE):
        with open_lake() as con:
            changed.update(_settle(con, links, now))
        services.settled(links=links)
    return sorted(changed)


def _settle(con: duckdb.DuckDBPyConnection, links: Sequence[AnonymousLink], now: datetime) -> list[date]:
    refusing = answers.refusing({link.client_id for link in links if link.client_id})
    named = ((link, None if link.client_id in refusing else link.client_id) for link in links)
    tables.provide(con, "links", LINKS, ((link.anonymous_id, client, link.at.isoformat()) for link, client in named))
    last = max(link.at for link in links)
    days = [day for day in manifests.days(EVENTS) if day <= clock.shanghai_day(last)]
    con.execute(FOUND.format(events=relation(EVENTS, days, part=paths.ANON)))
    known = manifests.days(TABLE)
    changed = [day for (day,) in con.execute(CHANGED.format(known=relation(TABLE, known))).fetchall()]
    for day in changed:
        rows = NEW.format(known=relation(TABLE, [day]), day=day, now=now.isoformat())
        with writing(TABLE, day) as draft:
            write_parts(con, draft, rows, COLUMNS, order=ORDER)
    return changed
