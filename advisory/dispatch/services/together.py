"""Doing something with many rows at once, so that one that fails does not take the others with it."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from django.db import OperationalError, transaction

Row = TypeVar("Row")
Done = TypeVar("Done")


def rounds(rows: Iterable[Row], of: Callable[[Row], Hashable]) -> list[list[Row]]:
    """Return rows in rounds: in each at most one of every owner, his first in the first and so on."""
    found: list[list[Row]] = []
    had: dict[Hashable, int] = {}
    for row in rows:
        at = had[of(row)] = had.get(of(row), -1) + 1
        if at == len(found):
            found.append([])
        found[at].append(row)
    return found


def together(
    rows: Sequence[Row], do: Callable[[Sequence[Row]], list[Done]], failed: Callable[[Row], Done]
) -> list[Done]:
    """This will do something with all rows in one savepoint; when that fails, with each half of them by itself.

    So one that fails alone is found, told to `failed` while its exception is handled, and the others are done.
    """
    try:
        with transaction.atomic():
            return do(rows)
    except OperationalError:
        raise  # the database is going away: nothing of this batch is kept
    except Exception:
        if len(rows) == 1:
            return [failed(rows[0])]
        half = len(rows) // 2
        return [*together(rows[:half], do, failed), *together(rows[half:], do, failed)]
