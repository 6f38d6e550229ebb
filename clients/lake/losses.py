"""Days that the lake has lost and nothing else has: said loudly, until somebody restores them or accepts the loss.

refuse("events", gone)                                        # raises LostDays when anything is at stake
accept_loss("events", first=day, last=day, now=now) -> days   # behind `manage.py lake accept-loss`
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from clients.lake import daybook, paths
from clients.lake import manifest as manifests
from clients.lake.daybook import Entry
from clients.lake.manifest import Manifest

SHOWN = 10  # days that a message names for each table


class LostDays(OSError):
    """Days that were published are no longer whole on disk, and the record cannot give them again.

    An OSError, since whoever reads and writes files may meet it without knowing the lake. The first line says what,
    the others which days and what to do.
    """

    def __init__(self, lost: Mapping[str, Mapping[date, str]]) -> None:
        self.lost = lost
        lines = [line for table in sorted(lost) for line in _lines(table, lost[table])]
        super().__init__("\n".join([_summary(lost), *lines]))


class NothingLost(LookupError):
    """There is no lost day to accept."""


def refuse(table: str, gone: Mapping[date, Entry], given: Mapping[date, int] | None = None) -> None:
    """Raise LostDays for those of the gone days of which more rows were published than something else gives."""
    short = {day: entry for day, entry in gone.items() if (given or {}).get(day, 0) < entry.rows}
    if short:
        raise LostDays({table: {day: _stake(entry, given, day) for day, entry in short.items()}})


@dataclass
class Tally:
    """Losses of several tables, to be told of together."""

    lost: dict[str, Mapping[date, str]] = field(default_factory=dict)

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """Keep what the block raises of lost days for later."""
        try:
            yield
        except LostDays as loss:
            self.lost |= loss.lost

    def refuse(self) -> None:
        """Raise LostDays for everything gathered, if there is anything."""
        if self.lost:
            raise LostDays(self.lost)


def refuse_appended(mirrored: Iterable[str]) -> None:
    """Raise LostDays for tables that only grow here: there is no record behind them. `mirrored` are all the others."""
    tally = Tally()
    for table in set(daybook.tables()) - set(mirrored):
        with daybook.opened(table) as book:
            gone = book.lost()
        with tally.gathering():
            refuse(table, gone)
    tally.refuse()


def published(table: str, day: date) -> Manifest | None:
    """Return the published version of a day, None when there is none yet. Raises LostDays when there was one."""
    found = manifests.whole(table, day)
    if found is None:
        book = daybook.read(table)
        damaged = (paths.day_dir(table, day) / paths.MANIFEST).exists()
        known = book.days.get(day) or (daybook.UNKNOWN if damaged else None)
        refuse(table, {day: known} if known else {})
    return found


def accept_loss(table: str, *, first: date, last: date, now: datetime) -> dict[date, int]:
    """This will give up the lost days of a table from `first` to `last`: the rows that were at stake, by day.

    The next `manage.py day` copies what the record still has of them. Raises NothingLost when every one of them is
    whole, or was never there.
    """
    with daybook.opened(table) as book:
        gone = {day: entry for day, entry in book.lost().items() if first <= day <= last and entry.rows}
        for day, entry in gone.items():
            book.days[day] = replace(entry, rows=0)
            book.accepted[f"{day}"] = {"rows": entry.rows, "at": now.isoformat()}
            (paths.day_dir(table, day) / paths.MANIFEST).unlink(missing_ok=True)  # damaged, or not all its files there
    if not gone:
        raise NothingLost(f"{table} has lost no day from {first} to {last} that nobody has accepted yet.")
    return {day: entry.rows for day, entry in gone.items()}


def _stake(entry: Entry, given: Mapping[date, int] | None, day: date) -> str:
    known = "an unknown number of rows" if entry == daybook.UNKNOWN else f"{entry.rows:,} rows"
    return f"{known}, of which the record still gives {given.get(day, 0):,}" if given is not None else known


def _summary(lost: Mapping[str, Mapping[date, str]]) -> str:
    count = sum(map(len, lost.values()))
    days = "1 published day is" if count == 1 else f"{count:,} published days are"
    return (
        f"{days} lost from the lake in {paths.root()} ({', '.join(sorted(lost))}), and the record cannot give them"
        " again. Restore their folders from a backup, or accept the loss with `manage.py lake accept-loss TABLE DAY`."
    )


def _lines(table: str, days: Mapping[date, str]) -> list[str]:
    shown = [f"  {table} day={day}: {days[day]}" for day in sorted(days)[:SHOWN]]
    more = len(days) - SHOWN
    return [*shown, f"  {table}: and {more:,} more, the last one {max(days)}"] if more > 0 else shown
