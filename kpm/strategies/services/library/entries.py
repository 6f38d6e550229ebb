"""An entry of a strategy file, and what can be wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class Entry(dict[str, Any]):
    """One strategy in the library's field names, knowing its file and the line of each of its keys."""

    def __init__(self, values: Mapping[str, Any], *, file: str = "", lines: Mapping[str, int] | None = None) -> None:
        super().__init__(values)
        self.file = file
        self.lines = dict(lines or {})

    @property
    def code(self) -> str:
        """The code of the strategy; "?" when it has none."""
        return str(self.get("code") or "?")

    def fault(self, key: str, text: str) -> "Fault":
        """Say that something is wrong at a key."""
        return Fault(self.code, text, self.file, self.lines.get(key) or self.lines.get("code"))


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: with which strategy, in which file and line (None when it came from no file)."""

    code: str
    text: str
    file: str = ""
    line: int | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line} " if self.file else ""
        return f"{place}{self.code}: {self.text}"


class LibraryFault(Exception):
    """Strategies of a file cannot be loaded; `faults` says what is wrong with which, and where."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))
