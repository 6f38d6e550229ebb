"""The visits of one client for the people who care for him: when, how long, what was seen first and last.

Of a client who does not agree to the analysis of his behaviour, now, nothing is shown, whatever was kept before.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import duckdb

from clients.behaviour import answers, sessions
from clients.behaviour.lines import EPOCH, MICROSECOND
from clients.behaviour.rollup import EVENT_DAYS
from clients.behaviour.selectors import ScreenDay
from clients.lake import manifest as manifests
from clients.lake import paths
from clients.lake.reading import open_lake, relation

VISITS = """
    SELECT epoch_us(started_at), dwell_ms, pages, coalesce(entry_page, ''), coalesce(exit_page, ''),
        coalesce(open_form, ''), coalesce(platform, ''), concat_ws(', ', device, os, browser), coalesce(city, '')
    FROM {rows} WHERE client_id = ? ORDER BY started_at DESC LIMIT ?
"""
SEEN = """
    SELECT day, page, coalesce(sum(times) FILTER (meaning = 'signed_in'), 0), sum(times), sum(dwell_ms) FROM {rows}
    WHERE client_id = ? GROUP BY day, page
"""


@dataclass(frozen=True)
class Visit:
    """One visit; `unfinished` names the form that was opened in it and not sent, `device` is kind, system, browser."""

    at: datetime
    dwell: timedelta
    pages: int
    first_page: str
    last_page: str
    unfinished: str
    platform: str
    device: str
    city: str


@dataclass(frozen=True)
class Pages:
    """How often pages of one kind were seen and how long in all; `dwell` is None where nobody measured it."""

    kind: str
    times: int
    dwell: timedelta | None


@dataclass(frozen=True)
class Screen:
    """A client on screen within some days: his newest visits, all the pages that he saw by kind, and his days."""

    visits: list[Visit]
    pages: list[Pages]
    days: list[ScreenDay]


def on_screen(client_id: int, *, first: date, last: date, most: int) -> Screen | None:
    """Return what a client did on screen from day to day, at most so many visits; None when his history is restricted.

    Visits come from the lake, newest first; the kinds of pages that held him longest come first.
    """
    if answers.refusing([client_id]):
        return None
    days = [day for day in manifests.days(EVENT_DAYS) if first <= day <= last]
    with open_lake() as con:
        seen = _rows(con, EVENT_DAYS, SEEN, days, [client_id])
        present = _days(seen)
        # Each day of visits is a file of its own: only those are opened on which he was there.
        visits = _rows(con, sessions.TABLE, VISITS, [one.day for one in present[:most]], [client_id, most])
    return Screen([_visit(*row) for row in visits], _pages(seen), present)


def _pages(seen: list[tuple[Any, ...]]) -> list[Pages]:
    """The kinds of pages, the one that held him longest first."""
    times, looked = Counter[str](), Counter[str]()
    for _day, kind, _signed, n, dwell in seen:
        if kind is not None:
            times[kind] += int(n)
            looked.update({kind: int(dwell)} if dwell is not None else {})
    ordered = sorted(times, key=lambda kind: (-looked.get(kind, -1), kind))
    return [Pages(kind, times[kind], _length(looked.get(kind))) for kind in ordered]


def _days(seen: list[tuple[Any, ...]]) -> list[ScreenDay]:
    """The days on screen, newest first."""
    signed, all_of_it = Counter[date](), Counter[date]()
    for day, _kind, n, every, _dwell in seen:
        signed[day] += int(n)
        all_of_it[day] += int(every)
    return [ScreenDay(day, signed[day], all_of_it[day] - signed[day]) for day in sorted(all_of_it, reverse=True)]


def _rows(
    con: duckdb.DuckDBPyConnection, table: str, sql: str, days: list[date], values: list[int]
) -> list[tuple[Any, ...]]:
    if not days:
        return []
    rows = relation(table, days, part=paths.bucket(values[0]))
    return con.execute(sql.format(rows=rows), values).fetchall()


def _visit(at: int, dwell: int | None, *rest: Any) -> Visit:
    return Visit(EPOCH + at * MICROSECOND, _length(dwell) or timedelta(), *rest)


def _length(milliseconds: int | None) -> timedelta | None:
    return None if milliseconds is None else timedelta(milliseconds=milliseconds)
