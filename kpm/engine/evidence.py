"""The values that made a hit, as canonical JSON: only the condition's columns, sorted, numbers exact.

Decimals are written as texts without trailing zeros ("1.38"), because a JSON number would come back as a
float; whole numbers stay numbers, dates are texts, a missing value is null.
"""

import json
from collections.abc import Mapping
from typing import Any

from kpm.engine.check import Condition


def expression(condition: Condition) -> str:
    """Write the DuckDB expression that gives the evidence of one row as text."""
    items = ", ".join(f"'{name}', {_item(condition, name)}" for name in condition.columns)
    return f"CAST(json_object({items}) AS VARCHAR)"


def _item(condition: Condition, name: str) -> str:
    feature = condition.features.get(name)
    dtype = feature.dtype if feature else "int"
    if dtype == "decimal":
        return f"rtrim(rtrim(CAST(\"{name}\" AS VARCHAR), '0'), '.')"
    return f'CAST("{name}" AS VARCHAR)' if dtype == "date" else f'"{name}"'


def read(text: str) -> Mapping[str, Any]:
    """Read stored evidence back as a raw row, ready for `explain`."""
    return json.loads(text)
