"""Events of securities for the portrait's tests, as files and articles bring them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from clients.market.models import Security, SecurityEvent
from tests.clients.portrait.world import DAY


def ago(days: int) -> date:
    """A day so many natural days before the data day; a negative number lies ahead."""
    return DAY - timedelta(days=days)


def event(of: Security, kind: str, number: str, back: int = 0, **fields: Any) -> SecurityEvent:
    """An event that a file brought, announced `back` days before the data day."""
    return SecurityEvent.objects.create(
        security=of, kind=kind, event_no=number, announced_on=ago(back), source="file", **fields
    )


def told(of: Security, article: int, kind: str = "news", back: int = 0, hour: int = 10, **fields: Any) -> SecurityEvent:
    """What an article, published at an hour of Shanghai, tells of a security."""
    day = ago(back)
    known = {"article_kind": "news", "role": "subject", "source": "wire", "event_no": f"news:{article}:1", **fields}
    moment = datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=8)
    return SecurityEvent.objects.create(
        security=of, kind=kind, announced_on=day, article_id=article, published_at=moment, **known
    )


def taken_back(row: SecurityEvent) -> SecurityEvent:
    """The row that takes another back, on the same day."""
    return SecurityEvent.objects.create(
        security=row.security, kind=row.kind, event_no=f"{row.event_no}:back", announced_on=row.announced_on,
        source=row.source, article_id=row.article_id, article_kind=row.article_kind, role=row.role, rating=row.rating,
        published_at=row.published_at, reversal_of=row.event_no,
    )  # fmt: skip
