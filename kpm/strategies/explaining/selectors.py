"""Whose explanation is asked for, and the hits that are replayed."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from clients.org import access
from clients.org.models import User
from clients.register.models import Client
from kpm.strategies.models import Hit


def client_of(user: User, asked: str, now: datetime) -> Client | None:
    """Return the client whom somebody may see, by his number or by the row that pages of the desk name."""
    seen = Client.objects.filter(access.scope(user, Client, now=now)).select_related("branch")
    found = seen.filter(client_no=asked).first()
    return found or (seen.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 10 else None)


def hits_of(day: date) -> Iterator[Hit]:
    """Yield every stored hit that a run of the day judged last, in the order of strategies and clients."""
    hits = Hit.objects.filter(last_day=day).select_related("version__strategy")
    return hits.order_by("strategy__code", "client_id", "pk").iterator(chunk_size=2000)


def hit_of(uid: UUID) -> Hit | None:
    """Return a hit by its lasting name."""
    return Hit.objects.select_related("strategy").filter(uid=uid).first()
