"""What clients do on screen, put into the lake as the importer and the collector put it."""

import itertools
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from clients.behaviour.events import COLUMNS_OF_LAKE, KEY, ORDER, TABLE
from clients.lake.appending import append
from clients.lake.reading import open_lake
from clients.register.models import Client
from tests.clients.portrait.world import DAY

_number = itertools.count(1)


@dataclass(frozen=True)
class Event:
    """One event of a client `back` days before the data day, at an hour of Shanghai.

    `device` is the number of the device, `kind` what it is.
    """

    of: Client | None
    name: str
    back: int = 0
    hour: int = 10
    properties: dict[str, Any] = field(default_factory=dict)
    device: str | None = None
    channel: str = "app"
    city: str | None = None
    type: str = "track"
    minute: int = 0
    kind: str | None = None
    os: str | None = None

    def row(self, number: int, arrived_at: datetime) -> tuple[Any, ...]:
        """Its row of the lake."""
        moment = datetime.combine(self.day, time(self.hour, self.minute), UTC) - timedelta(hours=8)
        context = json.dumps({"device": {"id": self.device}} if self.device else {})
        told = {
            "day": self.day, "message_id": f"m{number:06}", "type": self.type, "event": self.name or None,
            "client_id": self.of.pk if self.of else None, "anonymous_id": None, "happened_at": moment,
            "sent_at": moment, "channel": self.channel, "device": self.kind, "os": self.os, "city": self.city,
            "context": context, "properties": json.dumps(self.properties), "arrived_at": arrived_at,
        }  # fmt: skip
        return tuple(told.get(name) for name in COLUMNS_OF_LAKE)

    @property
    def day(self) -> date:
        """The day on which it happened."""
        return DAY - timedelta(days=self.back)


def happen(*events: Event, arrived_at: datetime | None = None) -> list[str]:
    """Append events to their days; their message ids."""
    arrived = arrived_at or datetime.now(UTC)
    numbered = [(next(_number), event) for event in events]
    columns = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS_OF_LAKE.items())
    with open_lake() as con:
        con.execute(f"CREATE TEMP TABLE fresh ({columns})")
        marks = ", ".join("?" for _ in COLUMNS_OF_LAKE)
        con.executemany(f"INSERT INTO fresh VALUES ({marks})", [event.row(n, arrived) for n, event in numbered])
        for day in sorted({event.day for event in events}):
            append(TABLE, day, con, f"(SELECT * FROM fresh WHERE day = DATE '{day}')", key=KEY, order=ORDER)
    return [f"m{n:06}" for n, _event in numbered]
