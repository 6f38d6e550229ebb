"""Events rolled up per client and day: what features read instead of single events.

A row says how often a client did one thing with one object on a day: `object` is what the meaning speaks of (a symbol,
a product, a device …), NULL where it speaks of none or the event does not say. Visitors whom nobody knows and names
outside the plan are left out. `page` is the kind of page that was seen, or kept in sight; a page that has no kind is
`other`. A search that found nothing has a meaning of its own. Of sign-ins `channel`, `city` and the newest `message_id`
are kept as well.
"""

from datetime import timedelta

from clients.behaviour import actions
from clients.behaviour.events import OTHER_PAGE, PAGE_KINDS, PLAN, SEARCH_EMPTY
from clients.lake.registry import MOMENT

EVENT_DAYS = "event_days"
MILLISECOND = timedelta(milliseconds=1)
COLUMNS = {
    "client_id": "BIGINT",
    "day": "DATE",
    "meaning": "VARCHAR",
    "object": "VARCHAR",
    "page": "VARCHAR",
    "channel": "VARCHAR",
    "city": "VARCHAR",
    "platform": "VARCHAR",
    "device": "VARCHAR",
    "times": "INTEGER",
    "dwell_ms": "BIGINT",
    "last_at": MOMENT,
    "message_id": "VARCHAR",
    "arrived_at": MOMENT,
}
ORDER = "client_id, meaning, object, channel, city, platform, device"  # what rows are grouped by, so a total order
READ = (
    "day", "message_id", "type", "event", "happened_at", "channel", "platform", "device", "city", "context",
    "properties",
)  # fmt: skip
SIGN_INS = "('signed_in', 'sign_in_locked')"
SAID = """TRY_CAST(coalesce(json_extract_string(properties, '$.dwell_ms'),
    json_extract_string(properties, '$.visible_ms')) AS BIGINT)"""
# Nobody looks at a page for less than no time or for more than a day, whatever a tracker says.
DWELL = f"CASE WHEN {SAID} IS NOT NULL THEN least(greatest({SAID}, 0), {timedelta(days=1) // MILLISECOND}) END"
# Whoever keeps a page in sight tells its name; a view tells its own.
PAGE = f"""CASE WHEN meaning = 'page_left' THEN CASE object {PAGE_KINDS} ELSE '{OTHER_PAGE}' END
    WHEN meaning = 'page_viewed' THEN '{OTHER_PAGE}' ELSE CASE meaning {PAGE_KINDS} END END"""
NOTHING_FOUND = "TRY_CAST(json_extract_string(properties, '$.results') AS BIGINT) = 0"


def sql() -> str:
    """Return the SELECT over the `actions.SOURCES` of one day that gives its rows, in the order of COLUMNS."""
    names = ", ".join(f"('{name}', '{meaning.name}')" for meaning in PLAN for name in meaning.names)
    objects = " ".join(f"WHEN '{meaning.name}' THEN {meaning.object}" for meaning in PLAN if meaning.object != "NULL")
    return f"""
        WITH plan(event, meaning) AS (VALUES {names}),
        meant AS (
            SELECT e.*, CASE WHEN p.meaning = 'search' AND {NOTHING_FOUND} THEN '{SEARCH_EMPTY}'
                ELSE coalesce(p.meaning, 'page_viewed') END AS meaning
            FROM ({actions.select(*READ)}) AS e LEFT JOIN plan AS p ON p.event = e.event
            WHERE e.client_id IS NOT NULL AND (p.meaning IS NOT NULL OR e.type IN ('page', 'screen'))
        ),
        read AS (SELECT *, CASE meaning {objects} END AS object, meaning IN {SIGN_INS} AS signs FROM meant)
        SELECT client_id, day, meaning, object, {PAGE} AS page, CASE WHEN signs THEN channel END AS channel,
            CASE WHEN signs THEN city END AS city, platform, device, CAST(count(*) AS INTEGER) AS times,
            CAST(sum({DWELL}) AS BIGINT) AS dwell_ms, max(happened_at) AS last_at,
            arg_max(CASE WHEN signs THEN message_id END, {{'at': happened_at, 'id': message_id}}) AS message_id,
            max(arrived_at) AS arrived_at
        FROM read GROUP BY ALL
    """
