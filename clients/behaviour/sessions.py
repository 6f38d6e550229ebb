"""Visits: what one client, or a visitor nobody knows, did on one device without a long pause, by day of Shanghai.

    bring_up(days) -> days that were made

A session ends after 30 idle minutes, at midnight, and when somebody else uses the device. It lasts from its first
action to its last, or to the end of the last view whose length is known, but not into the next session on the device.
`exit_kind` is the kind of the page that was seen last; `open_form` the form that was opened and not sent afterwards, of
several the one opened last. What comes without a visitor's number (a fact, an event from a server) was done on the
device that the client used last within those 30 minutes, else on the one he used next within them, else on one of its
own. A day is made as a whole, since those who share a device may lie in different buckets, and again when its sources
change: it notes their versions.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta

import duckdb

from clients.behaviour import actions
from clients.behaviour.events import FORM, FORM_OPENED, FORM_SUBMITTED, OTHER_PAGE, PAGE_KINDS
from clients.lake import manifest as manifests
from clients.lake import registry
from clients.lake.publishing import write_parts, writing
from clients.lake.reading import open_lake, view
from clients.lake.registry import MOMENT

TABLE = "sessions"
IDLE, MILLISECOND = timedelta(minutes=30), timedelta(milliseconds=1)
COLUMNS = {
    "day": "DATE",
    "client_id": "BIGINT",
    "anonymous_id": "VARCHAR",
    "session": "INTEGER",
    "started_at": MOMENT,
    "ended_at": MOMENT,
    "dwell_ms": "BIGINT",
    "entry_page": "VARCHAR",
    "exit_page": "VARCHAR",
    "exit_kind": "VARCHAR",
    "open_form": "VARCHAR",
    "pages": "INTEGER",
    "events": "INTEGER",
    "platform": "VARCHAR",
    "device": "VARCHAR",
    "os": "VARCHAR",
    "browser": "VARCHAR",
    "city": "VARCHAR",
    "arrived_at": MOMENT,
}
ORDER = "client_id, anonymous_id, session"
REACH = f"INTERVAL '{int(IDLE.total_seconds())} seconds'"
IS_VIEW = "(type IN ('page', 'screen') OR event LIKE '%\\_viewed' ESCAPE '\\')"
DWELL = "TRY_CAST(json_extract_string(properties, '$.dwell_ms') AS BIGINT)"
PAGE = "coalesce(json_extract_string(context, '$.page.path'), json_extract_string(properties, '$.path'), event, type)"
KIND = f"CASE event {PAGE_KINDS} ELSE '{OTHER_PAGE}' END"
FIRSTS = ", ".join(
    f"arg_min({name}, turn) FILTER ({name} IS NOT NULL) AS {name}"
    for name in ("platform", "device", "os", "browser", "city")
)
READ = (
    "day", "anonymous_id", "happened_at", "message_id", "type", "event", "channel", "platform", "device", "os",
    "browser", "city", "context", "properties",
)  # fmt: skip
SQL = f"""
    WITH done AS (
        SELECT day, client_id, anonymous_id, happened_at AS moment, message_id AS id,
            coalesce(platform, channel) AS platform, device, os, browser, city, arrived_at, event,
            CASE WHEN {IS_VIEW} THEN {PAGE} END AS page, CASE WHEN {IS_VIEW} THEN {KIND} END AS kind,
            CASE WHEN event IN ('{FORM_OPENED}', '{FORM_SUBMITTED}') THEN {FORM} END AS form,
            CASE WHEN {DWELL} > 0 THEN happened_at + to_milliseconds(least({DWELL}, {IDLE // MILLISECOND})) END AS seen
        FROM ({actions.select(*READ)})
    ),
    devices AS (
        SELECT client_id, moment, min(anonymous_id) AS anonymous_id FROM done
        WHERE client_id IS NOT NULL AND anonymous_id IS NOT NULL GROUP BY ALL
    ),
    placed AS (
        SELECT * FROM done WHERE anonymous_id IS NOT NULL
        UNION ALL BY NAME
        SELECT d.* REPLACE (coalesce(CASE WHEN d.moment - b.moment <= {REACH} THEN b.anonymous_id END,
            CASE WHEN a.moment - d.moment <= {REACH} THEN a.anonymous_id END) AS anonymous_id)
        FROM (SELECT * FROM done WHERE anonymous_id IS NULL) AS d
        ASOF LEFT JOIN devices AS b ON b.client_id = d.client_id AND b.moment <= d.moment
        ASOF LEFT JOIN devices AS a ON a.client_id = d.client_id AND a.moment >= d.moment
    ),
    owned AS (SELECT *, coalesce('visitor ' || anonymous_id, 'client ' || client_id) AS place FROM placed),
    begun AS (
        SELECT *, row_number() OVER turns AS turn, coalesce(
            client_id IS DISTINCT FROM lag(client_id) OVER turns OR moment - lag(moment) OVER turns > {REACH}, TRUE
        ) AS begins
        FROM owned WINDOW turns AS (PARTITION BY place ORDER BY moment, id)
    ),
    counted AS (
        SELECT *, count(*) FILTER (begins) OVER (PARTITION BY place ORDER BY turn ROWS UNBOUNDED PRECEDING) AS n
        FROM begun
    ),
    visits AS (
        SELECT place, n, any_value(day) AS day, max(client_id) AS client_id, max(anonymous_id) AS anonymous_id,
            min(moment) AS started_at,
            greatest(max(moment), arg_max(seen, turn) FILTER (seen IS NOT NULL)) AS last_seen,
            arg_min(page, turn) FILTER (page IS NOT NULL) AS entry_page,
            arg_max(page, turn) FILTER (page IS NOT NULL) AS exit_page,
            arg_max(kind, turn) FILTER (kind IS NOT NULL) AS exit_kind,
            count(page) AS pages, count(*) AS events, {FIRSTS}, max(arrived_at) AS arrived_at
        FROM counted GROUP BY place, n
    ),
    forms AS (
        SELECT place, n, form, max(turn) FILTER (event = '{FORM_OPENED}') AS opened,
            max(turn) FILTER (event = '{FORM_SUBMITTED}') AS sent
        FROM counted WHERE form IS NOT NULL GROUP BY place, n, form
    ),
    unfinished AS (
        SELECT place, n, arg_max(form, opened) AS open_form FROM forms WHERE opened > coalesce(sent, 0) GROUP BY ALL
    ),
    ended AS (
        SELECT *, least(last_seen, CAST(day + 1 AS TIMESTAMPTZ),
            coalesce(lead(started_at) OVER (PARTITION BY place ORDER BY n), last_seen)) AS ended_at
        FROM visits LEFT JOIN unfinished USING (place, n)
    )
    SELECT *, (epoch_us(ended_at) - epoch_us(started_at)) // 1000 AS dwell_ms, row_number() OVER (
        PARTITION BY client_id, CASE WHEN client_id IS NULL THEN anonymous_id END ORDER BY started_at, place, n
    ) AS session
    FROM ended
"""
RULES = hashlib.sha256(f"{SQL}{COLUMNS}".encode()).hexdigest()[:16]

registry.declare(TABLE, COLUMNS)


def bring_up(days: Iterable[date]) -> list[date]:
    """This will publish the sessions of those of the days that are missing or made from something else; which."""
    made = [day for day in days if not _is_right(day)]
    with open_lake() as con:
        for day in made:
            _make(con, day)
    return made


def days_of_sources() -> list[date]:
    """Return the days that have events or facts, ascending."""
    return sorted({day for source in actions.SOURCES for day in manifests.days(source)})


def _is_right(day: date) -> bool:
    found = manifests.whole(TABLE, day)
    return found is not None and found.notes.get("inputs") == _inputs(day)


def _inputs(day: date) -> list[str]:
    """The versions of everything that the day is made from, and how it is made."""
    found = [manifests.read(source, day) for source in actions.SOURCES]
    return [RULES, *(one.version if one else "" for one in found)]


def _make(con: duckdb.DuckDBPyConnection, day: date) -> None:
    with writing(TABLE, day) as draft:
        draft.notes = {"inputs": _inputs(day)}  # before the rows are read: what comes meanwhile makes it again
        for source in actions.SOURCES:
            view(con, source, [day])
        items = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in COLUMNS.items())
        con.execute(f"CREATE OR REPLACE TEMP TABLE made AS SELECT {items} FROM ({SQL})")
        write_parts(con, draft, "made", COLUMNS, order=ORDER)
