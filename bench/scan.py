"""The peer of the night: one bare DuckDB scan of the columns that the feature SQL names.

Which they are is read from the SQL itself: every column of every SELECT that makes features, states and day tables is
followed, through shared views and nested SELECTs, to the table of the lake that it comes from.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache

import duckdb
from sqlglot import exp, parse_one
from sqlglot.optimizer.scope import Scope, build_scope, traverse_scope

from clients.lake import registry
from clients.lake.reading import relation
from clients.portrait import catalogue, sqlfiles, states

SUMS = {"DATE": "sum(epoch({}))", "TIMESTAMP WITH TIME ZONE": "sum(epoch({}))", "VARCHAR": "sum(strlen({}))"}
NUMBER = "sum({})"
FLAG = "sum({}::TINYINT)"


def scan(con: duckdb.DuckDBPyConnection, days: Mapping[str, Iterable[date]]) -> int:
    """Sum every named column of these tables over these days; the rows read."""
    rows = 0
    for table, names in sorted(named_columns().items()):
        if table in days:
            kinds = registry.columns(table) or {}
            sums = ", ".join(summed(name, kinds[name]) for name in sorted(names))
            found = con.execute(f"SELECT count(*), {sums} FROM {relation(table, days[table])}").fetchall()
            rows += int(found[0][0])
    return rows


def summed(name: str, kind: str) -> str:
    """Write the sum that reads a column of a type."""
    form = FLAG if kind == "BOOLEAN" else SUMS.get(kind, NUMBER)
    return form.format(f'"{name}"')


@cache
def named_columns() -> Mapping[str, frozenset[str]]:
    """Return the columns that the feature SQL names, by table of the lake."""
    found: dict[str, set[str]] = {}
    for sql, aliases in _texts():
        for scope in traverse_scope(parse_one(sql, dialect="duckdb")):
            for column in _columns(scope):
                for table, name in _sources(scope, column, aliases):
                    found.setdefault(table, set()).add(name)
    return {table: frozenset(names) for table, names in found.items()}


def _texts() -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every SELECT that makes features, and what tables are called in it."""
    for group in catalogue.groups():
        yield sqlfiles.group(group).text, {}
    for file in sqlfiles.SHARED.glob("*.sql"):
        yield sqlfiles.shared_text(file.stem), {}
    for state in (*states.STATES, *states.LATE_STATES):
        yield state.step, {"rows": state.source}
    for table in states.DAY_TABLES:
        yield table.sql, {}


def _columns(scope: Scope) -> Iterator[tuple[str, str]]:
    """The columns that a SELECT names itself, each with the alias before it, those of USING included."""
    for column in scope.columns:
        yield column.table, column.name
    for join in scope.expression.args.get("joins") or []:
        for name in join.args.get("using") or []:
            yield "", name.name


def _sources(scope: Scope, column: tuple[str, str], aliases: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    alias, name = column
    sources = [scope.sources[alias]] if alias in scope.sources else [] if alias else list(scope.sources.values())
    for source in sources:
        yield from _origin(source, name, aliases)


def _origin(source: exp.Expression | Scope, name: str, aliases: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The tables of the lake that a column of a source comes from unchanged; what is computed is named elsewhere."""
    if isinstance(source, Scope):
        if source.expression.find(exp.Star):
            yield from _sources(source, ("", name), aliases)
        return
    table = aliases.get(source.name, source.name)
    view = _shared(table)
    if view is not None:
        yield from _origin(view, name, {})
    elif name in (registry.columns(table) or {}):
        yield table, name


@cache
def _shared(name: str) -> Scope | None:
    view = sqlfiles.shared(name)
    return build_scope(parse_one(view.text, dialect="duckdb")) if view else None
