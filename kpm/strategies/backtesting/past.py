"""The rows that a version reads, of many days, ready for the engine."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

import duckdb

from clients.portrait.pastdays import Past, open_past
from kpm.engine.match import Member, Source
from kpm.strategies.confining import confined
from kpm.strategies.members import member_of
from kpm.strategies.models import StrategyVersion


@dataclass(frozen=True)
class Rows:
    """A version as the engine matches it, and the days that it is matched on."""

    source: Source
    member: Member
    past: Past

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        """The connection that the rows are read by."""
        return self.source.con


class CannotTell(Exception):
    """The version reads columns that no day has; the message names them."""


@contextmanager
def open_rows(version: StrategyVersion, days: Iterable[date]) -> Iterator[Rows]:
    """Lend the rows of these days with what a version reads; of the clients of its own branch, where it has one.

    Raises CannotTell, and kpm.engine.problem.ConditionError when a text of the version cannot be used.
    """
    member = replace(member_of(version), shown=())
    names = {name for condition in member.conditions for name in condition.features}
    with open_past(days, names, keys=member.anchors) as (con, past):
        read = {name for condition in member.conditions for name in condition.columns} | set(member.key_columns)
        if missing := sorted(read - set(past.columns)):
            raise CannotTell(f"{version} reads {', '.join(missing)}, of which no day is stored.")
        yield Rows(Source(con, confined(past.relation, [version.strategy.steward_branch])), member, past)
