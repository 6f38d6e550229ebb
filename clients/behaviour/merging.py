"""Keeps the pieces of a day few: every compaction adds some, and each of them is a file to open."""

from collections.abc import Iterable
from datetime import date

from clients.behaviour.events import ORDER, TABLE
from clients.lake import manifest as manifests
from clients.lake.appending import compact
from clients.lake.reading import open_lake

FEW, MANY = 8, 64  # pieces of a part that are left alone, and that are merged in any case


def merge(days: Iterable[date]) -> int:
    """This will merge the pieces of days that have too many; how many days.

    Small pieces are merged when together they are as long as the longest, so a day is written again about as often as
    it doubles, and once for each MANY pieces.
    """
    merged = 0
    with open_lake() as con:
        for day in days:
            if _too_many(day):
                merged += compact(TABLE, day, con, order=ORDER)
    return merged


def _too_many(day: date) -> bool:
    found = manifests.read(TABLE, day)
    parts: dict[str, list[int]] = {part: [] for part in found.parts} if found else {}
    for piece in found.pieces if found else ():
        parts[piece.name.split(".")[0]].append(piece.size)
    return any(len(sizes) > MANY or (len(sizes) > FEW and sum(sizes) >= 2 * max(sizes)) for sizes in parts.values())
