"""Days of features written by hand, so that a version can be replayed over many of them at once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from clients.lake.publishing import writing
from clients.lake.reading import open_lake
from clients.market.calendar import calendar
from clients.portrait import catalogue
from clients.portrait.building import TABLE
from tests import factories as make

NAMES = ("top1_position_ratio", "assets_avg_20td", "cash_ratio")


def days(number: int, until: date = make.DAY) -> list[date]:
    """The last trading days up to a day, ascending."""
    return [calendar().shift(until, -back) for back in reversed(range(number))]


def store(day: date, rows: Sequence[Mapping[str, Any]], *, names: Sequence[str] = NAMES, **notes: Any) -> None:
    """Publish features of a day: `rows` give client_id, branch_id, manager_id and values; what is not given is NULL."""
    kinds = {one.name: one.type for one in catalogue.features() if one.name in names}
    columns = {"client_id": "BIGINT", "branch_id": "BIGINT", "manager_id": "BIGINT", **kinds}
    with open_lake() as con, writing(TABLE, day) as draft:
        con.execute(f"CREATE TEMP TABLE given ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
        for row in rows:
            marks = ", ".join("?" for _name in columns)
            con.execute(f"INSERT INTO given VALUES ({marks})", [row.get(name) for name in columns])
        draft.notes = {"cutoff": f"{day}T12:00:00+00:00", "stale": [], "catalogue": catalogue.fingerprint(), **notes}
        draft.write(con, "bucket=00", "SELECT * FROM given ORDER BY client_id")
