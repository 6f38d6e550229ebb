"""Actions on the market beside the import of files: what articles tell of securities."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from clients.market.models import SecurityEvent
from clients.market.models.events import HOUSE
from clients.shared import clock


@dataclass(frozen=True)
class Told:
    """One thing that an article tells: an event (or `news`) of one security, as its subject or beside it."""

    security_id: int
    kind: str
    role: str


@dataclass(frozen=True)
class Telling:
    """An article, whose text stays where it is kept, and all that it tells; nothing once it was taken back."""

    article_id: int
    source: str
    kind: str
    rating: str
    published_at: datetime
    about: frozenset[Told]


@dataclass(frozen=True)
class Kept:
    """How many rows were new, and how many were taken back."""

    new: int
    taken_back: int


@transaction.atomic
def keep_tellings(*, tellings: Sequence[Telling]) -> Kept:
    """This will bring the events of these articles to what they tell: add what is new, take back what they do not.

    The same tellings again change nothing. The caller holds the articles, so that nobody else links them meanwhile.
    """
    rows = _rows_of(telling.article_id for telling in tellings)
    new: list[SecurityEvent] = []
    back: list[SecurityEvent] = []
    for telling in tellings:
        known = rows[telling.article_id]
        live = _live(known)
        numbers = Counter({telling.article_id: len(known)})
        fresh = sorted(telling.about - live.keys(), key=lambda told: (told.security_id, told.kind, told.role))
        new += [_event(telling, told, numbers) for told in fresh]
        back += [_reversal(row, numbers) for told, row in live.items() if told not in telling.about]
    SecurityEvent.objects.bulk_create([*new, *back])
    return Kept(len(new), len(back))


def _rows_of(articles: Iterable[int]) -> dict[int, list[SecurityEvent]]:
    rows = defaultdict(list)
    for row in SecurityEvent.objects.filter(article_id__in=list(articles)).order_by("pk"):
        rows[int(row.article_id or 0)].append(row)
    return rows


def _live(rows: Sequence[SecurityEvent]) -> dict[Told, SecurityEvent]:
    """What stands: rows that are no reversal and that none takes back."""
    reversed_numbers = {row.reversal_of for row in rows}
    standing = (row for row in rows if not row.reversal_of and row.event_no not in reversed_numbers)
    return {Told(row.security_id, row.kind, row.role): row for row in standing}


def _event(telling: Telling, told: Told, numbers: Counter[int]) -> SecurityEvent:
    return SecurityEvent(
        security_id=told.security_id,
        event_no=_number(telling.article_id, numbers),
        kind=told.kind,
        role=told.role,
        announced_on=clock.shanghai_day(telling.published_at),
        source=telling.source,
        article_id=telling.article_id,
        article_kind=telling.kind,
        rating=telling.rating,
        published_at=telling.published_at,
    )


def _reversal(row: SecurityEvent, numbers: Counter[int]) -> SecurityEvent:
    """A row that takes another back; it keeps its day, so that both lie in the same stretch of days."""
    kept = {name: getattr(row, name) for name in COPIED}
    return SecurityEvent(**kept, event_no=_number(int(row.article_id or 0), numbers), reversal_of=row.event_no)


COPIED = (
    "security_id", "kind", "role", "announced_on", "source", "article_id", "article_kind", "rating", "published_at",
)  # fmt: skip


def _number(article: int, numbers: Counter[int]) -> str:
    numbers[article] += 1
    return f"{HOUSE}{article}:{numbers[article]}"
