"""What the lake may know of clients: surrogate ids and nothing that says who a person is.

`age` is computed here, in whole years on the day: the birth date identifies a person, the age does what features need.
States come from the history tables as they were known at the cutoff, so an old day gives the same rows again.
"""

from clients.lake.registry import Keeping, Mirror, register

CLIENTS = """
SELECT id, id AS client_id, branch_id, manager_id, kind, status, opened_on,
    CASE WHEN kind = 'individual' AND birth_date <= %(day)s
         THEN extract(year FROM age(%(day)s::date, birth_date))::int END AS age,
    EXISTS (SELECT FROM org_staff s WHERE s.own_client_no = known.client_no) AS own_staff,
    EXISTS (SELECT FROM register_contacthold h WHERE h.client_id = known.id AND h.kind = 'deceased'
            AND h.created_at <= %(cutoff)s) AS deceased
FROM (SELECT DISTINCT ON (pgh_obj_id) id, client_no, branch_id, manager_id, kind, status, opened_on, birth_date
      FROM register_clienthistory WHERE pgh_created_at <= %(cutoff)s ORDER BY pgh_obj_id, pgh_id DESC) known
"""
ACCOUNTS = """
SELECT DISTINCT ON (pgh_obj_id) id, client_id, kind, market, main, status, opened_on, closed_on, branch_id,
    first_trade_on, array_to_string(permissions, ';') AS permissions
FROM register_accounthistory WHERE pgh_created_at <= %(cutoff)s ORDER BY pgh_obj_id, pgh_id DESC
"""
# One row a client: the newest valid assessment, else the newest.
ASSESSMENTS = """
SELECT DISTINCT ON (client_id) id, client_id, level, lowest, assessed_on, valid_to
FROM register_riskassessment WHERE assessed_on <= %(day)s AND arrived_at <= %(cutoff)s
ORDER BY client_id, (valid_to >= %(day)s) DESC, assessed_on DESC, id DESC
"""
# One row a client and purpose: the newest that was given or withdrawn.
CONSENTS = """
SELECT DISTINCT ON (client_id, purpose) id, client_id, purpose, version, given, at, channel, arrived_at
FROM register_consent WHERE at <= %(cutoff)s AND arrived_at <= %(cutoff)s
ORDER BY client_id, purpose, at DESC, id DESC
"""

register(
    Mirror(
        table="clients",
        keeping=Keeping.SNAPSHOT,
        sql=CLIENTS,
        columns={
            "id": "BIGINT",
            "client_id": "BIGINT",
            "branch_id": "BIGINT",
            "manager_id": "BIGINT",
            "kind": "VARCHAR",
            "status": "VARCHAR",
            "opened_on": "DATE",
            "age": "INTEGER",
            "own_staff": "BOOLEAN",
            "deceased": "BOOLEAN",
        },
    )
)
register(
    Mirror(
        table="accounts",
        keeping=Keeping.SNAPSHOT,
        sql=ACCOUNTS,
        columns={
            "id": "BIGINT",
            "client_id": "BIGINT",
            "kind": "VARCHAR",
            "market": "VARCHAR",
            "main": "BOOLEAN",
            "status": "VARCHAR",
            "opened_on": "DATE",
            "closed_on": "DATE",
            "branch_id": "BIGINT",
            "first_trade_on": "DATE",
            "permissions": "VARCHAR",
        },
    )
)
register(
    Mirror(
        table="assessments",
        keeping=Keeping.SNAPSHOT,
        sql=ASSESSMENTS,
        columns={
            "id": "BIGINT",
            "client_id": "BIGINT",
            "level": "INTEGER",
            "lowest": "BOOLEAN",
            "assessed_on": "DATE",
            "valid_to": "DATE",
        },
    )
)
register(
    Mirror(
        table="consents",
        keeping=Keeping.SNAPSHOT,
        sql=CONSENTS,
        columns={
            "id": "BIGINT",
            "client_id": "BIGINT",
            "purpose": "VARCHAR",
            "version": "VARCHAR",
            "given": "BOOLEAN",
            "at": "TIMESTAMP WITH TIME ZONE",
            "channel": "VARCHAR",
            "arrived_at": "TIMESTAMP WITH TIME ZONE",
        },
    )
)
