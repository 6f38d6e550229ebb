"""Whether hits may still be delivered: asked once a batch, and again where the batch itself has contacted a client."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from advisory.dispatch.selectors import last_valid_day
from clients.market.calendar import calendar
from clients.shared import clock
from clients.shared.advisory import Space
from kpm.strategies import services as strategies
from kpm.strategies.models import Hit

# In one order for every worker, so that two batches with the same clients cannot wait for each other.
TURNS = "SELECT pg_advisory_xact_lock(%s, id) FROM (SELECT DISTINCT unnest(%s::int[]) AS id ORDER BY 1) AS clients"


class Judged:
    """What speaks against hits now, in the caller's transaction; their clients are locked until it ends.

    Two deliveries to one client count each other's touches only if they wait for each other. `contact` is the action
    that is about to happen when it is not the version's first one. What is stopped is judged again by the next run.
    """

    def __init__(self, hits: Sequence[Hit], now: datetime, *, contact: str = "") -> None:
        self._now, self._contact = now, contact
        _take_turns(hit.client_id for hit in hits)
        today, cal = clock.shanghai_day(now), calendar()
        self._stopped = {hit.uid: "expired" for hit in hits if today > last_valid_day(hit, cal)}
        fresh = [hit for hit in hits if hit.uid not in self._stopped]
        self._stopped |= strategies.stopped_now(hits=fresh, now=now, contact=contact) if fresh else {}
        self._served: set[int] = set()

    def against(self, hits: Iterable[Hit]) -> dict[UUID, str]:
        """Return why some of these hits, of different clients, may not be delivered after all."""
        asked = list(hits)
        said = {hit.uid: self._stopped[hit.uid] for hit in asked if hit.uid in self._stopped}
        again = [hit for hit in asked if hit.client_id in self._served and hit.uid not in said]
        since = strategies.stopped_since(hits=again, now=self._now, contact=self._contact) if again else {}
        return said | since

    def delivered(self, hits: Iterable[Hit]) -> None:
        """Note that their clients were contacted or calls are to come, so that the caps of other hits count anew."""
        self._served.update(hit.client_id for hit in hits)


def _take_turns(clients: Iterable[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(TURNS, [Space.CLIENT, list(clients)])
