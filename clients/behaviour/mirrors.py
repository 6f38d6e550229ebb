"""Business facts for the lake, by the day in Shanghai on which they happened."""

from clients.lake.registry import Keeping, Mirror, register

DAY = "(at AT TIME ZONE 'Asia/Shanghai')::date"
FACTS = f"""
SELECT id, {DAY} AS day, client_id, security_id, kind, object_id, properties, at AS happened_at, arrived_at
FROM behaviour_businessfact WHERE {DAY} = ANY(%(days)s)
"""

register(
    Mirror(
        table="facts",
        keeping=Keeping.FACTS,
        source="behaviour_businessfact",
        day_sql=DAY,
        sql=FACTS,
        columns={
            "id": "BIGINT",
            "day": "DATE",
            "client_id": "BIGINT",
            "security_id": "BIGINT",
            "kind": "VARCHAR",
            "object_id": "VARCHAR",
            "properties": "VARCHAR",
            "happened_at": "TIMESTAMP WITH TIME ZONE",
            "arrived_at": "TIMESTAMP WITH TIME ZONE",
        },
    )
)
