"""What does not belong into the lake: whatever tells who a person is, and where he is more closely than his city.

One definition for files and for the collector. Cleaning a text takes Python; the collector's millions of events are
looked through by `suspicious` in DuckDB first, and only those it names are cleaned. Numbers and addresses are found
inside of texts too, in groups and in full-width digits; digits that stand beside letters belong to an id.
"""

import json
import re
from collections.abc import Callable
from typing import Any

DROPPED = "keys that look like numbers of persons or cards dropped"
KEYS = (
    "id_?(no|number|card)|(cert|passport|identity)(_?(no|number))?|card_?(no|number)?|bank_?(card|account)|"
    "(mobile|phone|tel|telephone)(_?(no|number|phone))?|e_?mail(_?address)?|(real|full|first|last|user)_?name|"
    "(client|customer|account)_?(no|number|name)|user_?id|traits|we_?chat(_?(id|no))?|weixin|qq|ip(_?addr(ess)?)?|"
    "lat|lng|lon|latitude|longitude"
)
PLACE = "location"
ADDRESSES = "url|href|referrer|referer|search|path"  # what stands behind the question mark is not kept
MOBILE = "((00|[+])?86[ .-]?)?1[3-9][0-9][ .-]?[0-9]{4}[ .-]?[0-9]{4}"
CARD = "[0-9]{17}[0-9Xx]|[0-9]{15,19}|[0-9]{4}([ -][0-9]{4}){3}([ -][0-9]{1,3})?"
MAIL = r"[0-9A-Za-z_]@[0-9A-Za-z-]+([.][0-9A-Za-z-]+)*[.][A-Za-z]{2}"
# An id that is only long is nobody's: many makers number so. One with a day of birth in it is a person's.
PERSON = "[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])([0-2][0-9]|3[01])[0-9]{3}[0-9Xx]"
ALONE = "(^|[^0-9A-Za-z])({})($|[^0-9A-Za-z])"
PERSONAL_KEY = re.compile(f"({KEYS})", re.IGNORECASE)
ADDRESS_KEY = re.compile(ADDRESSES, re.IGNORECASE)
PERSONAL_VALUE = re.compile(rf"(?<![0-9A-Za-z])(?<![0-9]\.)({MOBILE}|{CARD})(?![0-9A-Za-z])|{MAIL}")
WIDE = {0xFF10 + n: str(n) for n in range(10)} | {0xFF20: "@"}
WIDE_ONES = "".join(map(chr, WIDE))
# A superset of all of it, over JSON as DuckDB writes it (no escapes that could hide a letter).
SUSPECT = (
    rf'(?i)"({KEYS}|{PLACE})":|[^0-9]({MOBILE}|{CARD})[^0-9]|[0-9a-z_]@[0-9a-z-]|[{WIDE_ONES}]|'
    rf'"({ADDRESSES})":"([^"\\]|\\.)*[?#]'
)
KEPT_OF_A_PLACE = ("city", "region", "country")
LONGEST_PLACE = 50  # characters


def suspicious(column: str) -> str:
    """Return the DuckDB condition that a JSON text may hold something that `clean` takes out; no text has nothing."""
    return f"coalesce(regexp_matches({column}, '{SUSPECT}'), FALSE)"


def names_somebody(column: str) -> str:
    """Return the DuckDB condition that an id or a name holds a mobile or identity number, or an e-mail address."""
    return f"coalesce(regexp_matches({column}, '{ALONE.format(f'{MOBILE}|{PERSON}')}|{MAIL}'), FALSE)"


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
        told = _told(key, item)
        if PERSONAL_KEY.fullmatch(key) or _personal(key) or _personal(told):
            note(DROPPED, 1)
        else:
            fields[key] = _city(told) if key.lower() == PLACE else clean(told, note)
    return fields


def _told(key: str, item: Any) -> Any:
    """A value; of an address, what stands before the question mark."""
    return re.split("[?#]", item, maxsplit=1)[0] if isinstance(item, str) and ADDRESS_KEY.fullmatch(key) else item


def _personal(item: Any) -> bool:
    if isinstance(item, float) and item.is_integer():
        item = int(item)
    return isinstance(item, str | int) and PERSONAL_VALUE.search(str(item).translate(WIDE)) is not None


def _city(place: Any) -> Any:
    """A place is known to its city; whatever is finer is not kept."""
    if not isinstance(place, dict):
        return {}
    kept = {key: item for key, item in place.items() if key in KEPT_OF_A_PLACE and isinstance(item, str)}
    return {key: item[:LONGEST_PLACE] for key, item in kept.items() if not _personal(item)}
