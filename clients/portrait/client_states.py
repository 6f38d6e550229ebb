"""Running states of contacts with people and of margin accounts (see `clients/portrait/states.py`)."""

from clients.lake.folding import Running
from clients.portrait import parameters, sqlfiles

CONTACTS = Running(
    table="contacts",
    source="touches",
    columns={"client_id": "BIGINT", "tried_on": "DATE", "reached_on": "DATE"},
    order="client_id",
    step=sqlfiles.running("contacts"),
)
MARGIN_MARKS = Running(
    table="margin_marks",
    source="margin_accounts",
    columns={
        "client_id": "BIGINT",
        "account_id": "BIGINT",
        "debt_on": "DATE",
        "cleared_on": "DATE",
        "step": "VARCHAR",
        "since": "DATE",
    },
    order="client_id, account_id",
    step=parameters.filled(sqlfiles.running("margin_marks")),
)
CLIENT_STATES = (CONTACTS, MARGIN_MARKS)
