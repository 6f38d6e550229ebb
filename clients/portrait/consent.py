"""Who does not agree to the analysis of his behaviour: features with that purpose are unknown of him.

    refuse(con, at, part)       # the temporary table `refusing` (client_id): whose newest answer at the cutoff is no
    refuse_now(con, clients)    # the same of these clients at this moment, for what is computed within the day

Who was never asked has not said no: what his own systems sent under a server key is his answer there (see
`clients/behaviour/answers.py`). What protects him needs no consent: the catalogue says which features that are.
"""

from collections.abc import Sequence

import duckdb

from clients.behaviour import answers
from clients.portrait.catalogue import BEHAVIOUR, Feature
from clients.portrait.sources import AsOf, source_view

CONSENTS = "consents"
WHO = f"SELECT client_id FROM {CONSENTS} WHERE purpose = 'behaviour' AND NOT given"
JOIN = "LEFT JOIN refusing ON refusing.client_id = c.client_id"


def refuse(con: duckdb.DuckDBPyConnection, at: AsOf, part: str | None) -> None:
    """This will make the table of those clients of a part whose newest answer known at the cutoff is no."""
    source_view(con, CONSENTS, at, part=part, window=None)
    con.execute(f"CREATE OR REPLACE TEMP TABLE refusing AS {WHO}")


def refuse_now(con: duckdb.DuckDBPyConnection, clients: Sequence[int]) -> None:
    """This will make the table of those of the clients whose newest answer is no at this moment."""
    found = sorted(answers.refusing(clients))
    con.execute("CREATE OR REPLACE TEMP TABLE refusing AS SELECT unnest(?::BIGINT[]) AS client_id", [found])


def respected(feature: Feature, value: str) -> str:
    """Return the SQL of a value that is unknown of who refuses, where the feature asks for his consent."""
    return f"CASE WHEN refusing.client_id IS NULL THEN {value} END" if feature.purpose == BEHAVIOUR else value
