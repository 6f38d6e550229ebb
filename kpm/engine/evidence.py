"""The values that made a hit, as canonical JSON: the condition's columns and those its texts show, numbers exact.

Decimals are written as texts without trailing zeros ("1.38"), because a JSON number would come back as a
float; whole numbers stay numbers, dates are texts, a missing value is null.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from kpm.engine.catalogue import Feature
from kpm.engine.check import Condition


def expression(condition: Condition, shown: Sequence[Feature] = ()) -> str:
    """Write the DuckDB expression that gives the evidence of one row as text; `shown` are features beside it."""
    features = {**{feature.name: feature for feature in shown}, **condition.features}
    names = sorted({*condition.columns, *features})
    items = ", ".join(f"'{name}', {_item(features, name)}" for name in names)
    return f"CAST(json_object({items}) AS VARCHAR)"


def _item(features: Mapping[str, Feature], name: str) -> str:
    feature = features.get(name)
    dtype = feature.dtype if feature else "int"
    if dtype == "decimal":
        return f"rtrim(rtrim(CAST(\"{name}\" AS VARCHAR), '0'), '.')"
    return f'CAST("{name}" AS VARCHAR)' if dtype == "date" else f'"{name}"'


def read(text: str) -> Mapping[str, Any]:
    """Read stored evidence back as a raw row, ready for `explain`."""
    return json.loads(text)
