"""How people write a security, and how the house does: `600519.SH`."""

import re

MICS = {"XSHG": "SH", "SS": "SH", "XSHE": "SZ", "BJSE": "BJ", "XBSE": "BJ", "XHKG": "HK"}
EXCHANGES = ("SH", "SZ", "BJ", "HK", "OTC")
BEHIND = re.compile(r"(?P<code>[0-9A-Z]{4,8})\.(?P<exchange>[A-Z]{2,4})")
BEFORE = re.compile(r"(?P<exchange>SH|SZ|BJ|HK)\.?(?P<code>[0-9]{5,6})")


def read_symbol(text: str) -> tuple[str, str] | None:
    """Return (exchange, code) of `600519.SH`, `sh600519` or `600519.XSHG`; None when it is none of these."""
    plain = text.strip().upper()
    found = BEHIND.fullmatch(plain) or BEFORE.fullmatch(plain)
    if not found:
        return None
    exchange = MICS.get(found["exchange"], found["exchange"])
    return (exchange, found["code"]) if exchange in EXCHANGES else None
