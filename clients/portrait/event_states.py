"""What is carried on from the events: their roll-up per client and day, visits, and states folded from the roll-up."""

from clients.behaviour import actions, rollup, sessions
from clients.lake.folding import Running
from clients.lake.registry import MOMENT
from clients.portrait import parameters, sqlfiles
from clients.portrait.daytables import DayTable

VISITS_KEPT = 100  # natural days: features look 90 back
FOR_EVER = 40_000  # natural days: the states below ask for every day there is

EVENT_DAYS = DayTable(
    table=rollup.EVENT_DAYS,
    columns=rollup.COLUMNS,
    sql=rollup.sql(),
    sources=actions.SOURCES,
    order=rollup.ORDER,
    window=FOR_EVER,
)
VISIT_DAYS = DayTable(
    table="visit_days",
    columns={
        "client_id": "BIGINT",
        "day": "DATE",
        "session": "INTEGER",
        "minute": "SMALLINT",
        "band": "VARCHAR",
        "dwell_ms": "BIGINT",
        "pages": "INTEGER",
        "platform": "VARCHAR",
        "device": "VARCHAR",
        "os": "VARCHAR",
        "city": "VARCHAR",
        "exit_kind": "VARCHAR",
        "open_form": "VARCHAR",
        "ended_at": MOMENT,
        "arrived_at": MOMENT,
    },
    # Visits as they were known at the cutoff: the lake's own `sessions` know everything that ever came.
    sql=f"WITH sessions AS ({sessions.SQL}) {parameters.filled(sqlfiles.daily('visit_days'))}",
    sources=actions.SOURCES,
    order="client_id, session",
    window=VISITS_KEPT,
)
SIGN_INS = Running(
    table="sign_ins",
    source=rollup.EVENT_DAYS,
    columns={"client_id": "BIGINT", "last_day": "DATE", "previous_day": "DATE"},
    order="client_id",
    step=sqlfiles.running("sign_ins"),
)
EVENT_FIRSTS = Running(
    table="event_firsts",
    source=rollup.EVENT_DAYS,
    columns={"client_id": "BIGINT", "meaning": "VARCHAR", "object": "VARCHAR", "first_day": "DATE"},
    order="client_id, meaning, object",
    step=sqlfiles.running("event_firsts"),
)
WATCHED = Running(
    table="watched",
    source=rollup.EVENT_DAYS,
    columns={"client_id": "BIGINT", "symbol": "VARCHAR", "added_at": MOMENT},
    order="client_id, symbol",
    step=sqlfiles.running("watched"),
)
EVENT_STATES = (SIGN_INS, EVENT_FIRSTS, WATCHED)
