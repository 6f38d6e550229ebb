"""What does not belong into the lake: whatever tells who a person is, and where he is more closely than his city.

One definition for files and for the collector. Cleaning a text takes Python; the collector's millions of events are
looked through by `suspicious` in DuckDB first, and only those it names are cleaned.
"""

import json
import re
from collections.abc import Callable
from typing import Any

DROPPED = "keys that look like numbers of persons or cards dropped"
KEYS = (
    "id_?(no|number|card)|identity|passport|card_?(no|number)?|bank_?card|mobile|phone|tel|e_?mail|real_?name|"
    "client_?no|user_?id|traits|ip|lat|lng|lon|latitude|longitude"
)
PLACE = "location"
PERSONAL_KEY = re.compile(f"({KEYS})", re.IGNORECASE)
PERSONAL_VALUE = re.compile(r"\d{17}[\dXx]|(\+?86)?1[3-9]\d{9}|\d{15,19}")
# A superset of both, over JSON as DuckDB writes it (no escapes that could hide a letter).
SUSPECT = rf'(?i)"({KEYS}|{PLACE})":|[^0-9]((86)?1[3-9][0-9]{{9}}|[0-9]{{15,19}}|[0-9]{{17}}x)[^0-9]'
KEPT_OF_A_PLACE = ("city", "region", "country")


def suspicious(column: str) -> str:
    """Return the DuckDB condition that a JSON text may hold something that `clean` takes out; no text has nothing."""
    return f"coalesce(regexp_matches({column}, '{SUSPECT}'), FALSE)"


def cleaned(text: str | None, note: Callable[[str, int], None]) -> str:
    """Return a JSON object's text without what does not belong into the lake; `note` is told of every key dropped.

    Raises RecursionError or ValueError where it is nested too deep, or holds numbers that Python has none for.
    """
    return json.dumps(clean(json.loads(text or "{}"), note), ensure_ascii=False, sort_keys=True, allow_nan=False)


def clean(value: Any, note: Callable[[str, int], None]) -> Any:
    """Return a JSON value without keys and values that look like numbers of persons, a place cut to its city."""
    if isinstance(value, list):
        kept = [clean(item, note) for item in value if not _personal(item)]
        if len(kept) < len(value):
            note(DROPPED, len(value) - len(kept))
        return kept
    if not isinstance(value, dict):
        return value
    fields = {}
    for key, item in value.items():
        if PERSONAL_KEY.fullmatch(key) or _personal(item):
            note(DROPPED, 1)
        else:
            fields[key] = _city(item) if key.lower() == PLACE else clean(item, note)
    return fields


def _personal(item: Any) -> bool:
    return isinstance(item, str | int) and PERSONAL_VALUE.fullmatch(str(item)) is not None


def _city(place: Any) -> Any:
    """A place is known to its city; whatever is finer is not kept."""
    if not isinstance(place, dict):
        return {}
    return {key: item for key, item in place.items() if key in KEPT_OF_A_PLACE and isinstance(item, str)}
