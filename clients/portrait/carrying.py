"""Bringing what features stand on up to a day: running states, and tables of days. What fails is named."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import duckdb

from clients.lake.folding import Running, fold
from clients.lake.reading import open_lake
from clients.portrait.daytables import DayTable, bring_up
from clients.portrait.sources import AsOf


class CannotCarryOn(Exception):
    """A state or a table of days that features read cannot be brought up to the day: which one, and what is wrong."""


def carry_on(
    at: AsOf, *, states: Iterable[Running] = (), tables: Iterable[DayTable] = (), late: Iterable[Running] = ()
) -> None:
    """This will fold `states` to the day, bring up `tables`, and then fold the `late` states. Raises CannotCarryOn."""
    for state in states:
        _fold(state, at)
    with open_lake() as con:
        for table in tables:
            with _naming(table.table):
                bring_up(table, at, con)
    for state in late:
        _fold(state, at)


def _fold(state: Running, at: AsOf) -> None:
    with _naming(state.table):
        fold(state, day=at.day, cutoff=at.cutoff)


@contextmanager
def _naming(table: str) -> Iterator[None]:
    """Say which table it was: what many features stand on has to be mended before anything is concluded."""
    try:
        yield
    except (duckdb.ProgrammingError, duckdb.DataError, FileNotFoundError) as fault:
        raise CannotCarryOn(
            f"{table} is not carried on, so nothing is computed: {' '.join(str(fault).split())}"
        ) from fault
