"""The types features have in DuckDB, and the guard that keeps nan and infinity out of every comparison.

`nan > 2` is TRUE in DuckDB, so a feature that is not a finite number must be NULL before anything is
compared. The feature build ends with `clean_select`; `match` applies the same to columns of other types.
"""

from collections.abc import Iterable, Mapping

from kpm.engine.catalogue import Feature
from kpm.engine.text import companion

TYPES = {
    "bool": "BOOLEAN", "int": "BIGINT", "decimal": "DECIMAL(20,6)", "date": "DATE",
    "text": "VARCHAR", "enum": "VARCHAR", "list": "VARCHAR[]",
}  # fmt: skip


def clean(feature: Feature) -> str:
    """Write the SQL that brings a column to its feature's type; what does not fit becomes NULL."""
    column, wanted = f'"{feature.name}"', TYPES[feature.dtype]
    if feature.dtype == "date":
        return f"CASE WHEN isfinite(TRY_CAST({column} AS DATE)) THEN TRY_CAST({column} AS DATE) END"
    if feature.dtype == "list":
        return f"list_filter(TRY_CAST({column} AS VARCHAR[]), lambda item: item IS NOT NULL)"
    return f"TRY_CAST({column} AS {wanted})"


def clean_select(features: Iterable[Feature], relation: str, *, keep: Iterable[str] = ()) -> str:
    """Write a SELECT over a relation with every feature in its type; nan and infinity become NULL.

    The relation is SQL text from our own code. `keep` names further columns that pass unchanged,
    such as the client and the `__key` companions.
    """
    kept = [f'"{name}"' for name in keep]
    cleaned = [f'{clean(feature)} AS "{feature.name}"' for feature in features]
    return f"SELECT {', '.join(kept + cleaned)} FROM {relation}"


def projection(features: Mapping[str, Feature], types: Mapping[str, str]) -> list[str]:
    """List select items for these features from columns of the given types, cast only where it is needed."""
    items = []
    for name, feature in features.items():
        same = types.get(name) == TYPES[feature.dtype] and feature.dtype not in ("date", "list")
        items.append(f'"{name}"' if same else f'{clean(feature)} AS "{name}"')
    return items


def companions(features: Mapping[str, Feature]) -> set[str]:
    """Name the columns that may stand beside these features for `td_since`."""
    return {companion(name) for name, feature in features.items() if feature.dtype == "date"}
