"""The lake's table of traits: one wide row for each client and day."""

from collections.abc import Collection
from datetime import date

from clients.lake.registry import declare
from clients.portrait.traits import figures
from clients.portrait.traits.every import TRAITS

TABLE = "traits"
# What is kept of each trait, by the end of its column's name.
ENDS = {"": "VARCHAR", "_confidence": "DOUBLE", "_observations": "INTEGER", "_latest": "DATE", "_since": "DATE"}
COLUMNS = {
    "day": "DATE",
    "client_id": "BIGINT",
    "clarity": "DOUBLE",
    **{f"trait_{trait.name}{end}": kind for trait in TRAITS for end, kind in ENDS.items()},
}

declare(TABLE, COLUMNS)


def shown() -> list[str]:
    """Return the names of the traits that people see and strategies may use: those that were found to be worth it."""
    return [trait.name for trait in TRAITS if not figures.of(trait.name).hidden]


def select(day: date, concluded: Collection[str]) -> str:
    """Write the SELECT that makes wide rows of `concluded`, with the day since which each value stands (`earlier`)."""
    told = {"day": f"DATE '{day}'", "client_id": "c.client_id", "clarity": _clarity()}
    for trait in TRAITS:
        told |= _of(trait.name, day) if trait.name in concluded else {}
    columns = ", ".join(f'CAST({told.get(name, "NULL")} AS {kind}) AS "{name}"' for name, kind in COLUMNS.items())
    return f"""SELECT {columns} FROM concluded AS c LEFT JOIN earlier AS e ON e.client_id = c.client_id
        GROUP BY c.client_id ORDER BY c.client_id"""


def _of(name: str, day: date) -> dict[str, str]:
    """The columns of a trait. The value "" (none of those that signs name) is one that was concluded."""
    column, mine = f"trait_{name}", f"FILTER (c.trait = '{name}')"
    same = f'any_value(e."{column}") = max(c.value) {mine}'
    return {
        column: f"max(c.value) {mine}",
        f"{column}_confidence": f"max(c.confidence) {mine}",
        f"{column}_observations": f"max(c.observations) {mine}",
        f"{column}_latest": f"max(c.latest) {mine}",
        f"{column}_since": f"CASE WHEN {same} THEN coalesce(any_value(e.\"{column}_since\"), DATE '{day}') "
        f"WHEN max(c.value) {mine} IS NOT NULL THEN DATE '{day}' END",
    }


def _clarity() -> str:
    mine = f"FILTER (c.trait IN ({', '.join(repr(name) for name in shown())}))"
    return f"coalesce(sum(c.gained) {mine} / nullif(sum(c.entropy) {mine}, 0), 0)"
