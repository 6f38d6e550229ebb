"""The feature catalogue as the build needs it: names, types, groups and what a client without rows has."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parent / "catalogue.yaml"
OURS = ("empty", "freshness", "owner")  # what the engine does not ask for
TYPES = {
    "bool": "BOOLEAN", "int": "BIGINT", "decimal": "DECIMAL(20,6)", "date": "DATE",
    "text": "VARCHAR", "enum": "VARCHAR", "list": "VARCHAR[]",
}  # fmt: skip
EMPTY = ("zero", "unknown")


class BadCatalogue(ValueError):
    """An entry of catalogue.yaml that the build cannot use."""


@dataclass(frozen=True)
class Feature:
    """One feature as catalogue.yaml has it: `zero` is what a client without rows has, else unknown; `key` a key column.

    `freshness` names lake tables without whose rows of the day the value is unknown.
    """

    name: str
    group: str
    dtype: str
    zero: bool
    key: bool
    freshness: tuple[str, ...]
    owner: str
    title_en: str
    unit: str
    definition: str
    values: tuple[str, ...]
    minimum: float | None
    maximum: float | None

    @property
    def type(self) -> str:
        """The DuckDB type of the column."""
        return TYPES[self.dtype]


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """Return the file as it is: version, tables, units and features."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=1)
def features() -> tuple[Feature, ...]:
    """Return the active features in the order of the file; raises BadCatalogue naming the entry at fault."""
    return tuple(_feature(row) for row in document()["features"] if row.get("active", True))


def groups() -> list[str]:
    """Return the groups that have an active feature."""
    return sorted({feature.group for feature in features()})


def _feature(row: dict[str, Any]) -> Feature:
    name = row["name"]
    if row.get("empty") not in EMPTY or row.get("dtype") not in TYPES or not isinstance(row.get("freshness"), list):
        raise BadCatalogue(f"{name}: empty is one of {EMPTY}, dtype of {tuple(TYPES)}, freshness a list of tables.")
    return Feature(
        name=name,
        group=row["group"],
        dtype=row["dtype"],
        zero=row["empty"] == "zero",
        key=row.get("key", False),
        freshness=tuple(row["freshness"]),
        owner=row["owner"],
        title_en=row["title_en"],
        unit=row.get("unit", ""),
        definition=row["definition"],
        values=tuple(row.get("values", ())),
        minimum=row.get("min"),
        maximum=row.get("max"),
    )
