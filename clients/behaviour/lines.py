"""Lines of the collector's segments in DuckDB: read once, judged, and ready to be events of the lake.

    load(con, files)                 # the temporary table `lines`; what cannot be taken says why in `problem`
    resolve(con)                     # clients whom server keys name
    clean(con)                       # texts without what tells who a person is
    events(day)                      # the good ones of a day as rows of the lake

A line is an object: `r` received (µs since 1970), `k` write key, `p` its platform, `o` 1 when the key is public, `t`
the type, `c` the client whom a session proves, `n` the client number that a server key names, `f` 1 where nothing
proves the client whom a public key names, `i` address, `u` User-Agent, `s` when it was sent by the sender's clock, `e`
the event, and `x` the reason why it is none.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import duckdb
from django.db import connection

from clients.behaviour import cleaning, tables, texts
from clients.behaviour.events import COLUMNS_OF_LAKE
from clients.lake import paths
from clients.shared import clock

TALLY = "tally"  # in place of a reason: counts of refused requests, not an event
UNREADABLE = "the line cannot be read"
NO_CLIENT = "no client with this number"
PERSONAL = "an id or the name holds a number or an address of somebody"  # its letter says no more
LONGEST = 100  # bytes of a message id, an anonymous id, the name of an event
OLDEST, AHEAD = timedelta(days=30), timedelta(minutes=5)
FIRST_MOMENT, LAST_MOMENT = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)  # that a clock may say
MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
# What an event of each platform says when its context names no channel.
CHANNELS = {"web": "web", "ios": "app", "android": "app", "terminal": "pc"}  # the others are channels themselves
LAYOUT = """{r: 'BIGINT', k: 'BIGINT', p: 'VARCHAR', o: 'INTEGER', t: 'VARCHAR', c: 'BIGINT', n: 'VARCHAR',
    f: 'INTEGER', i: 'VARCHAR', u: 'VARCHAR', s: 'VARCHAR', x: 'VARCHAR',
    e: 'STRUCT("messageId" VARCHAR, event VARCHAR, name VARCHAR, "anonymousId" VARCHAR, "timestamp" VARCHAR,
    context JSON, properties JSON)'}"""
# Times end in Z nearly always, and reading them so costs a fifth; one without a zone is that of Shanghai.
MOMENT_OF = """CREATE OR REPLACE TEMP MACRO moment_us(t) AS CASE WHEN suffix(t, 'Z')
    THEN epoch_us(try_cast(left(t, -1) AS TIMESTAMP))
    ELSE epoch_us(nullif(nullif(try_cast(t AS TIMESTAMPTZ), 'infinity'), '-infinity')) END"""
READ = """
    SELECT r AS received, k AS write_key, p AS platform, o = 1 AS open, t AS type, c AS client_id, n AS claimed,
        f = 1 AS forged, i AS ip, u AS agent, x AS refused, e.messageId AS message_id,
        nullif(coalesce(e.event, e.name), '') AS event, nullif(e.anonymousId, '') AS anonymous_id,
        e.timestamp IS NOT NULL AS dated,
        moment_us(e.timestamp) AS at_us, moment_us(s) AS sent,
        CAST(e.context AS VARCHAR) AS context, CAST(e.properties AS VARCHAR) AS properties
    FROM read_json({files}, format = 'newline_delimited', compression = 'none', ignore_errors = true,
        columns = {layout})
"""


def _sane(name: str) -> str:
    """A moment as a column, NULL where no clock says it: far outside it could not be reckoned with."""
    first, last = ((one - EPOCH) // MICROSECOND for one in (FIRST_MOMENT, LAST_MOMENT))
    return f"CASE WHEN {name} BETWEEN {first} AND {last} THEN {name} END AS {name}"


BY_PLATFORM = " ".join(f"WHEN '{platform}' THEN '{channel}'" for platform, channel in CHANNELS.items())
JUDGED = f"""
    SELECT received, write_key, platform, open, type, client_id, claimed, forged, message_id, event, anonymous_id,
        happened, sent, text AS context, properties, fault,
        coalesce(channel, CASE platform {BY_PLATFORM} ELSE platform END) AS channel,
        coalesce(told.device, agents.device) AS device, os, browser, city, region, CASE
        WHEN received IS NULL THEN '{UNREADABLE}'
        WHEN refused IS NOT NULL THEN refused
        WHEN type IS NULL OR type NOT IN ('track', 'page', 'screen', 'identify', 'group', 'alias') THEN 'unknown_type'
        WHEN coalesce(message_id, '') = '' THEN 'no messageId'
        WHEN strlen(message_id) > {LONGEST} THEN 'messageId is longer than {LONGEST} bytes'
        WHEN client_id IS NULL AND claimed IS NULL AND anonymous_id IS NULL THEN 'neither anonymousId nor a client'
        WHEN strlen(anonymous_id) > {LONGEST} THEN 'anonymousId is longer than {LONGEST} bytes'
        WHEN event IS NULL AND type = 'track' THEN 'an event of type track needs its name'
        WHEN strlen(event) > {LONGEST} THEN 'the name is longer than {LONGEST} bytes'
        WHEN {cleaning.names_somebody("message_id")} OR anonymous_id IN (SELECT text FROM named_badly)
            OR event IN (SELECT text FROM named_badly) THEN '{PERSONAL}'
        WHEN dated AND at_us IS NULL THEN 'timestamp cannot be read'
        WHEN NOT whole THEN 'context is no object'
        WHEN NOT starts_with(properties, '{{') THEN 'properties is no object'
        WHEN happened < received - {OLDEST // MICROSECOND} THEN 'older than 30 days'
    END AS problem, {cleaning.suspicious("properties")} AS suspect,
        at_us IS NULL OR happened <> corrected AS adrift, FALSE AS again
    FROM (
        SELECT *, CASE WHEN corrected > received + {AHEAD // MICROSECOND} THEN received ELSE corrected END AS happened
        FROM (SELECT *, coalesce(at_us + received - coalesce(sent, received), received) AS corrected
            FROM (SELECT * REPLACE ({_sane("at_us")}, {_sane("sent")}) FROM came))
    )
    LEFT JOIN contexts AS told USING (context) LEFT JOIN agents USING (agent) LEFT JOIN regions USING (ip)
"""
# Anybody may send under a public key, and an id is taken by whoever comes first: such events have ids of their own, or
# one could keep an event of the house's servers, or of a file, out of the lake.
PUBLIC = "public:"
ID = f"CASE WHEN open THEN '{PUBLIC}' || message_id ELSE message_id END"
GOOD = "(SELECT * FROM lines WHERE problem IS NULL)"
DAYS = """
    SELECT DISTINCT CAST(make_timestamptz(hour * 3600000000) AS DATE)
    FROM (SELECT DISTINCT happened // 3600000000 AS hour FROM lines WHERE problem IS NULL) ORDER BY 1
"""


def load(con: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> None:
    """Read segments into the temporary table `lines`; a torn last line counts as one that cannot be read."""
    listed = f"[{', '.join(map(paths.quoted, files))}]"
    con.execute(MOMENT_OF)
    con.execute(f"CREATE OR REPLACE TEMP TABLE came AS {READ.format(files=listed, layout=LAYOUT)}")
    texts.look(con)
    con.execute(f"CREATE OR REPLACE TEMP TABLE lines AS {JUDGED}")
    con.execute("DROP TABLE came")


def resolve(con: duckdb.DuckDBPyConnection) -> None:
    """Put the surrogate id in the place of each client number that a server key names."""
    asked = con.execute("SELECT DISTINCT claimed FROM lines WHERE claimed IS NOT NULL").fetchall()
    if not asked:
        return
    numbers = [number for (number,) in asked if "\0" not in number]  # no text of the record has one
    with connection.cursor() as cursor:
        cursor.execute("SELECT client_no, id FROM register_client WHERE client_no = ANY(%s)", [numbers])
        tables.provide(con, "named", {"client_no": "VARCHAR", "id": "BIGINT"}, cursor.fetchall())
    con.execute("UPDATE lines SET client_id = named.id FROM named WHERE lines.claimed = named.client_no")
    con.execute(
        f"UPDATE lines SET problem = '{NO_CLIENT}' WHERE claimed IS NOT NULL AND client_id IS NULL AND problem IS NULL"
    )


def clean(con: duckdb.DuckDBPyConnection) -> None:
    """Take out of suspicious texts what does not belong into the lake."""
    texts.clean(con, "lines", "properties", where="suspect AND fault IS NULL AND problem IS NULL")
    con.execute("UPDATE lines SET problem = fault WHERE fault IS NOT NULL AND problem IS NULL")


def days(con: duckdb.DuckDBPyConnection) -> list[date]:
    """Return the days of Shanghai on which the good ones happened, ascending."""
    return [day for (day,) in con.execute(DAYS).fetchall()]


def events(day: date) -> str:
    """Return SQL for the good ones of a day as rows of the lake, without those that another day has (`midnight`)."""
    told = {
        "day": f"DATE '{day}'",
        "message_id": ID,
        "happened_at": "make_timestamptz(happened)",
        "sent_at": "make_timestamptz(sent)",
        "context": "coalesce(context, '{}')",
        "properties": "coalesce(properties, '{}')",
        "arrived_at": "make_timestamptz(received)",
    }
    columns = ", ".join(f'CAST({told.get(name, name)} AS {kind}) AS "{name}"' for name, kind in COLUMNS_OF_LAKE.items())
    return f"(SELECT {columns} FROM lines WHERE problem IS NULL AND NOT again AND {within(day)})"


def within(day: date) -> str:
    """Return the condition that a line's moment lies on a day of Shanghai."""
    first, last = (us(clock.at_shanghai(one, time.min)) for one in (day, day + timedelta(days=1)))
    return f"happened >= {first} AND happened < {last}"


def us(moment: datetime) -> int:
    """Return a moment in µs since 1970."""
    return (moment - EPOCH) // MICROSECOND
