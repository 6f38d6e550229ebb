"""What clients did on screen, from both of its sources: events, and facts that the house wrote down when it made them.

A fact of one of the plan's names is an event: its properties say where it was done in the shape of an event's context.
What a visitor did before it was known whose client he is counts as that client's (`attributions`).
"""

from clients.behaviour.events import PLAN, TABLE
from clients.lake.registry import MOMENT, declare

ATTRIBUTIONS = "attributions"
OF_ATTRIBUTIONS = {
    "day": "DATE",
    "anonymous_id": "VARCHAR",
    "client_id": "BIGINT",
    "before": MOMENT,
    "arrived_at": MOMENT,
}
SOURCES = (TABLE, "facts", ATTRIBUTIONS)
NAMES = ", ".join(f"'{name}'" for meaning in PLAN for name in meaning.names)
CHANNEL = "json_extract_string(properties, '$.channel')"
# What a fact says of itself under the names of an event; it has no visitor's number, and no User-Agent is read.
OF_FACTS = {
    "day": "day",
    "message_id": "'fact:' || id",
    "type": "'track'",
    "event": "kind",
    "happened_at": "happened_at",
    "channel": CHANNEL,
    "platform": CHANNEL,
    "device": "json_extract_string(properties, '$.device.type')",
    "city": "json_extract_string(properties, '$.location.city')",
    "context": "properties",
    "properties": "properties",
}


def select(*names: str) -> str:
    """Return the SELECT of client_id, arrived_at and these columns over views named as the SOURCES."""
    of_events = ", ".join(f"e.{name}" for name in names)
    of_facts = ", ".join(f"{OF_FACTS.get(name, 'NULL')} AS {name}" for name in names)
    return f"""
        SELECT coalesce(e.client_id, a.client_id) AS client_id,
            greatest(e.arrived_at, coalesce(a.arrived_at, e.arrived_at)) AS arrived_at, {of_events}
        FROM {TABLE} AS e
        LEFT JOIN {ATTRIBUTIONS} AS a
            ON e.client_id IS NULL AND a.anonymous_id = e.anonymous_id AND e.happened_at < a.before
        UNION ALL
        SELECT client_id, arrived_at, {of_facts} FROM facts WHERE kind IN ({NAMES}) AND client_id IS NOT NULL
    """


declare(ATTRIBUTIONS, OF_ATTRIBUTIONS)
