"""Writing down what happened upstairs, and what capture took in."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from clients.behaviour import links
from clients.behaviour.models import AnonymousLink, BusinessFact, CaptureTally, Compaction

COUNTS = ("accepted", "duplicate", "forged", "declined", "dead", "refused")
ADD = f"""
    INSERT INTO behaviour_capturetally AS t (hour, write_key, {", ".join(COUNTS)}) VALUES (%s, %s{", %s" * len(COUNTS)})
    ON CONFLICT (hour, write_key) DO UPDATE SET {", ".join(f"{name} = t.{name} + excluded.{name}" for name in COUNTS)}
"""


@transaction.atomic
def record(
    *,
    kind: str,
    idem_key: str,
    at: datetime,
    client_id: int | None = None,
    security_id: int | None = None,
    object_id: str = "",
    properties: dict[str, Any] | None = None,
) -> bool:
    """This will keep one business fact in the caller's transaction; False when the same fact is already kept."""
    row = BusinessFact(
        kind=kind,
        idem_key=idem_key,
        at=at,
        client_id=client_id,
        security_id=security_id,
        object_id=object_id,
        properties=properties or {},
    )
    before = BusinessFact.objects.filter(idem_key=idem_key).exists()
    BusinessFact.objects.bulk_create([row], ignore_conflicts=True)
    return not before


def record_all(*, facts: Iterable[BusinessFact]) -> None:
    """This will keep business facts in the caller's transaction, but for those that are kept already."""
    BusinessFact.objects.bulk_create(facts, ignore_conflicts=True)


@transaction.atomic
def keep_portion(*, portion: Compaction, tallies: Sequence[CaptureTally], seen: links.Seen) -> bool:
    """This will note a portion of segments that is in the lake, with its counts and links; False when it was noted."""
    if Compaction.objects.filter(portion=portion.portion).exists():
        return False
    portion.save(force_insert=True)
    with connection.cursor() as cursor:
        for row in tallies:
            cursor.execute(ADD, [row.hour, row.write_key, *(getattr(row, name) for name in COUNTS)])
    links.note(seen)
    return True


@transaction.atomic
def settled(*, links: Sequence[AnonymousLink]) -> int:
    """This will note that the lake says what these links say; how many there are."""
    return AnonymousLink.objects.filter(pk__in=[link.pk for link in links]).update(settled=True)
