"""Clients' own words on their traits for the lake, as known at the cutoff: the newest of each trait."""

from clients.lake.registry import MOMENT, Keeping, Mirror, register

DECLARATIONS = """
SELECT * FROM (
    SELECT DISTINCT ON (client_id, trait) id, client_id, trait, value, at, arrived_at
    FROM portrait_declaration
    WHERE arrived_at <= %(cutoff)s AND (at AT TIME ZONE 'Asia/Shanghai')::date <= %(day)s
    ORDER BY client_id, trait, at DESC, id DESC
) AS newest WHERE value <> '-'
"""

register(
    Mirror(
        table="declarations",
        keeping=Keeping.SNAPSHOT,
        sql=DECLARATIONS,
        columns={
            "id": "BIGINT",
            "client_id": "BIGINT",
            "trait": "VARCHAR",
            "value": "VARCHAR",
            "at": MOMENT,
            "arrived_at": MOMENT,
        },
    )
)
