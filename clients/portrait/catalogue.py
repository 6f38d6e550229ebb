"""The feature catalogue as the build needs it: names, types, groups and what a client without rows has."""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from clients.shared import yamls

FOLDER = Path(__file__).resolve().parent / "features"
HEAD = "catalogue.yaml"  # source tables and units; the entries of a group stand beside its SQL
NO_ENTRIES = (HEAD, "parameters.yaml")
OURS = ("empty", "freshness", "owner", "purpose", "waits")  # what the engine does not ask for
TYPES = {
    "bool": "BOOLEAN", "int": "BIGINT", "decimal": "DECIMAL(20,6)", "date": "DATE",
    "text": "VARCHAR", "enum": "VARCHAR", "list": "VARCHAR[]",
}  # fmt: skip
EMPTY = ("zero", "unknown")
BEHAVIOUR, SECURITY = "behaviour", "security"
PURPOSES = ("", BEHAVIOUR, SECURITY)
COUNTED = ("bool", "int", "decimal")


class BadCatalogue(ValueError):
    """An entry of the catalogue that the build cannot use."""


@dataclass(frozen=True)
class Feature:
    """One feature as its entry has it: `zero` is what a client without rows has, else unknown; `key` a key column.

    `purpose` says for what it reads what he did on screen: `behaviour` asks for his consent, `security` protects him.
    `freshness` names lake tables without whose rows of the day the value is unknown; `waits` the source that nothing
    fills yet ("" when it is computed).
    """

    name: str
    group: str
    dtype: str
    zero: bool
    key: bool
    freshness: tuple[str, ...]
    waits: str
    owner: str
    purpose: str
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
    """Return the files as one document: version, tables, units, and the features group by group."""
    found: dict[str, Any] = yamls.load((FOLDER / HEAD).read_text(encoding="utf-8"))
    found["features"] = [row for file in _entries() for row in yamls.load(file.read_text(encoding="utf-8"))]
    return found


def _entries() -> list[Path]:
    return sorted(file for file in FOLDER.glob("*.yaml") if file.name not in NO_ENTRIES)


@lru_cache(maxsize=1)
def features() -> tuple[Feature, ...]:
    """Return the active features in the order of the files; raises BadCatalogue naming the entry at fault."""
    return tuple(_feature(row) for row in document()["features"] if row.get("active", True))


def fingerprint() -> str:
    """Return 16 hex digits that change when a column would: name, group, type, purpose, what it holds without rows."""
    columns = [(one.name, one.group, one.dtype, one.zero, one.key, bool(one.waits), one.purpose) for one in features()]
    return hashlib.sha256(json.dumps(columns).encode()).hexdigest()[:16]


def groups() -> list[str]:
    """Return the groups that have an active feature which is computed."""
    return sorted({feature.group for feature in features() if not feature.waits})


def _feature(row: dict[str, Any]) -> Feature:
    name = row["name"]
    if row.get("empty") not in EMPTY or row.get("dtype") not in TYPES or not isinstance(row.get("freshness"), list):
        raise BadCatalogue(f"{name}: empty is one of {EMPTY}, dtype of {tuple(TYPES)}, freshness a list of tables.")
    if row["empty"] == "zero" and row["dtype"] not in COUNTED:
        raise BadCatalogue(f"{name}: only {', '.join(COUNTED)} can be zero without rows.")
    if row.get("purpose", "") not in PURPOSES:
        raise BadCatalogue(f"{name}: purpose is {BEHAVIOUR} or {SECURITY}, or left out.")
    return Feature(
        name=name,
        group=row["group"],
        dtype=row["dtype"],
        zero=row["empty"] == "zero",
        key=row.get("key", False),
        freshness=tuple(row["freshness"]),
        waits=row.get("waits", ""),
        owner=row["owner"],
        purpose=row.get("purpose", ""),
        title_en=row["title_en"],
        unit=row.get("unit", ""),
        definition=row["definition"],
        values=tuple(row.get("values", ())),
        minimum=row.get("min"),
        maximum=row.get("max"),
    )
