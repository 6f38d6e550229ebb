"""How personal fields look when they may not be seen in full (DOMAIN 8). Pure functions; empty stays empty.

Which level a person has for a field is decided in `clients/org/access.py`, never here.
"""

import re
from collections.abc import Callable
from enum import StrEnum

STAR = "*"
# Not the 区 of 自治区 or 小区, and nothing behind a street or a number; else the city.
DISTRICT = re.compile(r"^(?:[^路街巷弄号镇乡村]*?(?:(?<!自治)(?<!小)区|[县旗])|[^路街巷弄号]*?市)(?=.)")


class Level(StrEnum):
    """What a role sees of a field; REVEAL is masked until asked for with a reason."""

    FULL = "F"
    MASKED = "M"
    REVEAL = "R"
    BAND = "B"
    ABSENT = "-"


def mask_name(name: str) -> str:
    """Keep the first character: 张三丰 → 张**; a name of one character gets a star too."""
    return name[:1] + STAR * max(len(name) - 1, 1) if name else ""


def mask_mobile(mobile: str) -> str:
    """Keep the first three and the last four: 138****1234; a number too short for that is starred whole."""
    return _ends(mobile, 3, 4)


def mask_id_no(id_no: str) -> str:
    """Keep the first three and the last four: 340***********1234."""
    return _ends(id_no, 3, 4)


def mask_account(number: str) -> str:
    """Keep the last four of a card or account number."""
    return _ends(number, 0, 4)


def mask_address(address: str) -> str:
    """Keep the address down to the district (区, 县, 旗; else the city); without one the first two characters."""
    found = DISTRICT.match(address)
    kept = found.group() if found else address[:2]
    return kept + STAR * 4 if len(address) > len(kept) else STAR * len(address)


def mask_email(email: str) -> str:
    """Keep the first character and the domain: z***@x.com."""
    name, at, domain = email.partition("@")
    return f"{name[:1]}***@{domain}" if at else STAR * len(email)


def apply(level: Level, value: str, mask: Callable[[str], str]) -> str | None:
    """Return `value` as a person with `level` may see it; None means the field is not in the answer at all."""
    if level in (Level.ABSENT, Level.BAND):
        return None
    return value if level is Level.FULL else mask(value)


def _ends(text: str, first: int, last: int) -> str:
    hidden = len(text) - first - last
    return text[:first] + STAR * hidden + text[-last:] if hidden > 0 else STAR * len(text)
