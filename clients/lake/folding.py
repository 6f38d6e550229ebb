"""Running states: what is known of each client from all days so far, carried on day by day.

    fold(running, day=day, cutoff=cutoff) -> rows of the state at the close of `day`

Twenty years of rows are read once; afterwards each day starts from an earlier state. A state may be used only while
everything it was made from is unchanged: it notes the versions of all days it saw and the arrivals round its cutoff.
When a late row has changed an old day, folding starts from the last state before that day, and ends the same.
"""

import hashlib
import os
import shutil
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

import duckdb

from clients.lake import locks, paths
from clients.lake import manifest as manifests
from clients.lake.publishing import GRACE, notes_of, write_parts, writing
from clients.lake.reading import empty, open_lake, relation, view

LOCK = ".folding"
KEPT = 10  # days: so far back a late row may reach without a longer way
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Running:
    """A state table and how it is carried on.

    `step` is a SELECT over the views `before` (the state so far) and `rows` (rows of `source` since then, arrived by
    the cutoff); it must give the same for many days at once as one by one. `restart`, if any, selects the `client_id`
    of those whom `rows` makes unsafe to carry on: they have no `before`, and `rows` holds their whole history.
    `lookups` are snapshots of the day that the step may read too, for what never changes, such as a security's board.
    Another step is another state: what an earlier one left is not carried on.
    """

    table: str
    source: str
    columns: Mapping[str, str]
    order: str
    step: str
    restart: str = ""
    lookups: tuple[str, ...] = ()


def fold(running: Running, *, day: date, cutoff: datetime) -> int:
    """This will publish the state at the close of `day`, from rows that had arrived by `cutoff` (aware)."""
    moment = (cutoff - EPOCH) // timedelta(microseconds=1)
    with locks.held(paths.table_dir(running.table) / LOCK):
        seen = [one for one in manifests.days(running.source) if one <= day]
        inputs = _inputs(running, seen)
        base = _base(running.table, day, seen, inputs, moment)
        if base != day:
            _carry_on(running, day, base, seen, inputs[-1], moment)
        os.utime(paths.day_dir(running.table, day) / paths.MANIFEST)  # in use now, whenever it was made
        _thin(running.table)
    found = manifests.read(running.table, day)
    return found.rows if found else 0


def _thin(table: str) -> None:
    """Remove states that lie between: the newest KEPT stay, the first of each month, and what GRACE still protects."""
    days = manifests.days(table)
    firsts = {min(group) for _month, group in groupby(days, key=lambda one: (one.year, one.month))}
    now = max((paths.day_dir(table, one) / paths.MANIFEST).stat().st_mtime for one in days)
    for one in set(days[:-KEPT]) - firsts:
        folder = paths.day_dir(table, one)
        if now - (folder / paths.MANIFEST).stat().st_mtime > GRACE.total_seconds():
            shutil.rmtree(folder)


def _inputs(running: Running, days: list[date]) -> list[str]:
    """For 0, 1, 2 … days the digest of the step and of the versions of these first days."""
    digest, marks = hashlib.sha256(f"{running.step}\n{dict(running.columns)}\n".encode()), [""]
    for day in days:
        found = manifests.read(running.source, day)
        digest.update(f"{day} {found.version if found else ''}\n".encode())
        marks.append(digest.hexdigest()[:16])
    return marks


def _base(table: str, day: date, seen: list[date], inputs: list[str], moment: int) -> date | None:
    """The latest state up to `day` that was made from what is there now, seen at this cutoff."""
    for state in reversed([one for one in manifests.days(table) if one <= day]):
        found = manifests.whole(table, state)  # a damaged one is no state to start from
        notes = found.notes if found else {}
        same = notes.get("inputs") == inputs[bisect_right(seen, state)]
        if same and notes["seen_until"] <= moment and (notes["unseen_from"] is None or moment < notes["unseen_from"]):
            return state
    return None


def _carry_on(running: Running, day: date, base: date | None, seen: list[date], inputs: str, moment: int) -> None:
    fresh = [one for one in seen if base is None or one > base]
    arrived = f"epoch_us(arrived_at) <= {moment}"
    with open_lake() as con:
        before = relation(running.table, [base]) if base else empty(running.columns)
        con.execute(f"CREATE TEMP VIEW before AS SELECT * FROM {before}")
        view(con, running.source, fresh, name="rows", where=arrived)
        for table in running.lookups:
            view(con, table, [day])
        notes = {"inputs": inputs, **_arrivals(con, running, base, fresh, moment)}
        if base and running.restart:
            _restart(con, running, before, fresh, seen, arrived)
        con.execute(f"CREATE TEMP TABLE result AS {running.step}")
        with writing(running.table, day) as draft:
            draft.notes = notes
            write_parts(con, draft, "result", running.columns, order=running.order)


def _restart(
    con: duckdb.DuckDBPyConnection, running: Running, before: str, fresh: list[date], seen: list[date], arrived: str
) -> None:
    con.execute(f"CREATE TEMP TABLE again AS SELECT DISTINCT client_id FROM ({running.restart})")
    if not con.execute("SELECT count(*) FROM again").fetchall()[0][0]:
        return
    con.execute(f"CREATE OR REPLACE TEMP VIEW before AS SELECT * FROM {before} ANTI JOIN again USING (client_id)")
    whole, new = relation(running.source, seen), relation(running.source, fresh)
    con.execute(
        f"""CREATE OR REPLACE TEMP VIEW rows AS
        SELECT * FROM {new} ANTI JOIN again USING (client_id) WHERE {arrived} UNION ALL
        SELECT * FROM {whole} SEMI JOIN again USING (client_id) WHERE {arrived}"""
    )


def _arrivals(
    con: duckdb.DuckDBPyConnection, running: Running, base: date | None, fresh: list[date], moment: int
) -> dict[str, Any]:
    """The latest arrival that the state saw and the earliest it did not: between them any cutoff gives this state."""
    sql = f"""SELECT max(us) FILTER (us <= {moment}), min(us) FILTER (us > {moment})
    FROM (SELECT epoch_us(arrived_at) AS us FROM {relation(running.source, fresh)})"""
    seen, unseen = con.execute(sql).fetchall()[0]
    before: Mapping[str, Any] = notes_of(running.table, base) if base else {"seen_until": 0, "unseen_from": None}
    later = [us for us in (unseen, before["unseen_from"]) if us is not None]
    return {"seen_until": max(seen or 0, before["seen_until"]), "unseen_from": min(later) if later else None}
