"""What is carried on from the events: their roll-up per client and day, and the states that are folded from it."""

from clients.behaviour import actions, rollup
from clients.lake.folding import Running
from clients.lake.registry import MOMENT
from clients.portrait import sqlfiles
from clients.portrait.daytables import DayTable

FOR_EVER = 40_000  # natural days: the states below ask for every day there is

EVENT_DAYS = DayTable(
    table=rollup.EVENT_DAYS,
    columns=rollup.COLUMNS,
    sql=rollup.sql(),
    sources=actions.SOURCES,
    order=rollup.ORDER,
    window=FOR_EVER,
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
