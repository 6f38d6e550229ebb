"""Reads a catalogue from YAML, and refuses everything that it does not know."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import yaml

from kpm.engine.catalogue import Catalogue, CatalogueError, Feature
from kpm.engine.strictyaml import StrictLoader, WrittenTwice

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
DTYPES = ("bool", "int", "decimal", "date", "text", "enum", "list")
TOP_KEYS = {"version", "tables", "units", "task_result_codes", "reason_codes"}
REQUIRED = ("name", "title", "title_en", "dtype", "source", "definition")
OPTIONAL = ("unit", "values", "group", "min", "max", "key", "active", "process", "used_by")
FLAGS = ("key", "active", "process")


def load_features(text: str) -> Catalogue:
    """Read the feature catalogue from YAML text; CatalogueError lists every fault found."""
    document = _document(text, "features")
    return build(document["features"], document.get("units", {}), document.get("tables", {}))


def load_outcomes(text: str, *, features: Catalogue) -> Catalogue:
    """Read the outcome catalogue; units and tables are those of the feature catalogue."""
    return build(_document(text, "outcomes")["outcomes"], features.units, features.tables)


def build(rows: list[Any], units: Mapping[str, str], tables: Mapping[str, str]) -> Catalogue:
    """Make a catalogue from mappings shaped like the YAML entries; CatalogueError lists every fault."""
    problems = [sentence for row in rows for sentence in _faults(row, units, tables)]
    problems += _doubles(rows)
    if problems:
        raise CatalogueError(problems)
    return Catalogue({row["name"]: _feature(row) for row in rows}, dict(units), dict(tables))


def _document(text: str, section: str) -> dict[str, Any]:
    try:
        document = yaml.load(text, Loader=StrictLoader)  # noqa: S506, it is a SafeLoader
    except WrittenTwice as twice:
        raise CatalogueError([str(twice)]) from twice
    except yaml.YAMLError as error:
        raise CatalogueError([f"The catalogue is not valid YAML: {error}"]) from error
    if not isinstance(document, dict) or not isinstance(document.get(section), list):
        raise CatalogueError([f"The catalogue needs a list under the key {section}."])
    unknown = sorted(str(key) for key in set(document) - TOP_KEYS - {section})
    if unknown:
        raise CatalogueError([f"Unknown key at the top of the catalogue: {', '.join(unknown)}."])
    return document


def _feature(row: Mapping[str, Any]) -> Feature:
    return Feature(
        name=row["name"],
        title=row["title"],
        title_en=row["title_en"],
        dtype=row["dtype"],
        unit=row.get("unit", ""),
        values=tuple(row.get("values", ())),
        group=row.get("group", ""),
        source=tuple(row["source"]),
        definition=row["definition"],
        minimum=_bound(row.get("min")),
        maximum=_bound(row.get("max")),
        key=row.get("key", False),
        active=row.get("active", True),
        process=row.get("process", False),
    )


def _bound(value: int | float | str | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _doubles(rows: list[Any]) -> list[str]:
    names = [row.get("name") for row in rows if isinstance(row, dict)]
    twice = sorted({str(name) for name in names if name is not None and names.count(name) > 1})
    return [f"The name {name} occurs {names.count(name)} times; each feature needs its own." for name in twice]


def _faults(row: Any, units: Mapping[str, str], tables: Mapping[str, str]) -> list[str]:
    if not isinstance(row, dict):
        return [f"An entry of the catalogue is not a mapping: {row!r}."]
    where = f"Feature {row.get('name')}"
    found = [f"{where}: the key {key} is missing." for key in REQUIRED if not row.get(key)]
    found += [f"{where}: unknown key {key}." for key in row if key not in REQUIRED + OPTIONAL]
    if found:
        return found
    return [f"{where}: {fault}" for fault in _name_faults(row) + _value_faults(row) + _links(row, units, tables)]


def _name_faults(row: Mapping[str, Any]) -> list[str]:
    found = []
    if not isinstance(row["name"], str) or not NAME.fullmatch(row["name"]) or "__" in row["name"]:
        found.append("a name is lower-case letters, digits and single underscores, beginning with a letter.")
    if row["dtype"] not in DTYPES:
        found.append(f"dtype {row['dtype']!r} is none of {', '.join(DTYPES)}.")
    wrong = [key for key in ("title", "title_en", "definition") if not isinstance(row[key], str)]
    return found + [f"{key} is not a text." for key in wrong]


def _value_faults(row: Mapping[str, Any]) -> list[str]:
    values = row.get("values") or []
    found = [f"{key} is true or false." for key in FLAGS if not isinstance(row.get(key, False), bool)]
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        return [*found, "values is a list of texts (put yes, no, on and off in quotation marks)."]
    if (row["dtype"] == "enum") != bool(values) and not (row["dtype"] == "list" and values):
        found.append("an enum, and only an enum or a list, has values.")
    if len(set(values)) != len(values):
        found.append("a value is listed twice.")
    return found + _bound_faults(row)


def _bound_faults(row: Mapping[str, Any]) -> list[str]:
    bounds = [row[key] for key in ("min", "max") if row.get(key) is not None]
    if any(isinstance(bound, bool) or not isinstance(bound, (int, float)) for bound in bounds):
        return ["min and max are numbers."]
    if bounds and row["dtype"] not in ("int", "decimal"):
        return ["only a number has min or max."]
    if len(bounds) == 2 and bounds[0] > bounds[1]:
        return ["min is above max."]
    return []


def _links(row: Mapping[str, Any], units: Mapping[str, str], tables: Mapping[str, str]) -> list[str]:
    source = row["source"] if isinstance(row["source"], list) else [row["source"]]
    found = [f"source {table!r} is not listed under tables." for table in source if table not in tables]
    unit = row.get("unit")
    if unit and unit not in units:
        found.append(f"unit {unit!r} is not listed under units.")
    return found
