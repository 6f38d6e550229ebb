"""Questions about what clients did on screen, answered from the rows per client and day that the lake keeps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from clients.behaviour import answers
from clients.behaviour.models import AnonymousLink, BusinessFact, Compaction
from clients.behaviour.rollup import EVENT_DAYS
from clients.lake import manifest as manifests
from clients.lake import paths
from clients.lake.reading import open_lake, relation
from clients.register.models import Client


@dataclass(frozen=True)
class ScreenDay:
    """One day of a client on screen: how often he signed in, and how many other things he did."""

    day: date
    sign_ins: int
    others: int


def screen_days(client_id: int, *, first: date, last: date) -> list[ScreenDay]:
    """Return the days on which a client was on screen, newest first; none of a client who does not agree to that."""
    days = [day for day in manifests.days(EVENT_DAYS) if first <= day <= last]
    if not days or answers.refusing([client_id]):
        return []
    rows = relation(EVENT_DAYS, days, part=paths.bucket(client_id))
    signed = "coalesce(sum(times) FILTER (meaning = 'signed_in'), 0)"
    with open_lake() as con:
        found = con.execute(
            f"SELECT day, {signed}, sum(times) - {signed} FROM {rows} "
            "WHERE client_id = ? GROUP BY day ORDER BY day DESC",
            [client_id],
        )
        return [ScreenDay(day, int(sign_ins), int(others)) for day, sign_ins, others in found.fetchall()]


def happened_since(client_id: int, kind: str, since: datetime) -> bool:
    """Return whether a business fact of this kind has been written down for the client since then."""
    return BusinessFact.objects.filter(client_id=client_id, kind=kind, at__gte=since).exists()


def is_compacted(portion: str) -> bool:
    """Return whether a portion of segments has been taken in and noted."""
    return Compaction.objects.filter(portion=portion).exists()


def last_compaction() -> Compaction | None:
    """Return the newest portion of segments that was taken in."""
    return Compaction.objects.order_by("-at", "-pk").first()


def lag() -> timedelta | None:
    """Return how long the newest event waited before the last compaction that brought any; None before the first."""
    newest = Compaction.objects.exclude(newest=None).order_by("-at", "-pk").first()
    return newest.at - newest.newest if newest and newest.newest else None


def known_numbers(numbers: Iterable[str]) -> set[str]:
    """Return those of the client numbers that are somebody's."""
    asked = [number for number in numbers if "\0" not in number]  # no text of the record has one
    return set(Client.objects.filter(client_no__in=asked).values_list("client_no", flat=True))


def unsettled(most: int) -> list[AnonymousLink]:
    """Return links that the lake does not say yet, at most so many, in the order in which they were made."""
    return list(AnonymousLink.objects.filter(settled=False).order_by("pk")[:most])
