"""The lake's table of events: what a client, or a visitor nobody knows yet, did on screen, by day of Shanghai."""

from clients.lake.registry import MOMENT, declare

TABLE = "events"
KEY = ("message_id",)
ORDER = "client_id, message_id"
COLUMNS_OF_LAKE = {
    "day": "DATE",
    "message_id": "VARCHAR",
    "type": "VARCHAR",
    "event": "VARCHAR",
    "client_id": "BIGINT",
    "anonymous_id": "VARCHAR",
    "happened_at": MOMENT,
    "sent_at": MOMENT,
    "channel": "VARCHAR",
    "device": "VARCHAR",
    "city": "VARCHAR",
    "context": "VARCHAR",
    "properties": "VARCHAR",
    "arrived_at": MOMENT,
}
# How each column is read (DuckDB) from an event in the shape of the Segment API with its client's surrogate id.
FROM_FILE = {
    "day": 'CAST(CAST("timestamp" AS TIMESTAMPTZ) AS DATE)',
    "message_id": '"messageId"',
    "type": "type",
    "event": "event",
    "client_id": "client_id",
    "anonymous_id": '"anonymousId"',
    "happened_at": '"timestamp"',
    "sent_at": '"sentAt"',
    "channel": "json_extract_string(context, '$.channel')",
    "device": "json_extract_string(context, '$.device.type')",
    "city": "json_extract_string(context, '$.location.city')",
    "context": "context",
    "properties": "properties",
}

declare(TABLE, COLUMNS_OF_LAKE)
