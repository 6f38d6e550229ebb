"""When the exchanges trade, from the seed file: the slot within the session rests at other hours."""

from datetime import datetime, time
from functools import lru_cache
from pathlib import Path

import yaml

from clients.market.calendar import calendar
from clients.shared import clock

FILE = Path(__file__).resolve().parent / "seeds" / "slots.yaml"


@lru_cache(maxsize=1)
def _hours() -> tuple[tuple[time, time], ...]:
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple((time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in found["session"])


def in_session(now: datetime) -> bool:
    """Return whether the exchanges of the mainland trade at this moment; both ends belong to the session."""
    day = clock.shanghai_day(now)
    if not calendar().is_open(day):
        return False
    return any(clock.at_shanghai(day, begin) <= now <= clock.at_shanghai(day, end) for begin, end in _hours())
