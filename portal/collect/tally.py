"""How many requests were refused, by key and reason: counted in the process, written into the segments now and then.

A line is {"r", "k": number of the key or null, "p": its platform or "", "x": "tally", "e": '{"reason": count, …}'}.
What was taken, forged or dead is counted when segments are compacted.
"""

import threading
from collections import Counter, defaultdict
from collections.abc import Callable

import msgspec

from portal.collect.keys import Key


class Tally:
    """The refusals of one process since they were last written."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: defaultdict[Key | None, Counter[str]] = defaultdict(Counter)

    def note(self, key: Key | None, reason: str) -> None:
        """Count one refused request."""
        with self._lock:
            self._counts[key][reason] += 1

    def write(self, append: Callable[[bytes], None], *, received: int) -> None:
        """Append a line for each key (`received` in µs since 1970); on an error everything stays counted."""
        with self._lock:
            counts, self._counts = self._counts, defaultdict(Counter)
        if not counts:
            return
        try:
            append(b"".join(_line(key, reasons, received) for key, reasons in counts.items()))
        except Exception:
            self._put_back(counts)
            raise

    def _put_back(self, counts: dict[Key | None, Counter[str]]) -> None:
        with self._lock:
            for key, reasons in counts.items():
                self._counts[key].update(reasons)


def _line(key: Key | None, reasons: Counter[str], received: int) -> bytes:
    said = {
        "r": received,
        "k": key.pk if key else None,
        "p": key.platform if key else "",
        "x": "tally",
        "e": msgspec.json.encode(dict(reasons)).decode(),
    }
    return msgspec.json.encode(said) + b"\n"
