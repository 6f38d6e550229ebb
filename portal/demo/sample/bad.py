"""Broken copies of good files, for tests of the importer: each says which line must be rejected, with what code.

Every function copies `source` (a CSV file of the sample) to `target` with one fault. A line number counts the
lines of the file from 1, the header being line 1. `line` chooses the line to break; the default is the middle of
the file. In cashflows a rejected line also breaks the chain of balances after it, so break the trades instead.
"""

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

Change = Callable[[dict[str, str]], dict[str, str]]


class Expected(NamedTuple):
    """One rejected line and the code of its reason."""

    line: int
    code: str


def truncated(source: Path, target: Path) -> list[Expected]:
    """Cut the file off in the middle of its last line."""
    *whole, last = source.read_text(encoding="utf-8").splitlines()
    target.write_text("\n".join([*whole, last[: len(last) // 3]]), encoding="utf-8", newline="")
    return [Expected(len(whole) + 1, "E_COLUMN")]


def gbk_line(source: Path, target: Path, *, line: int | None = None) -> list[Expected]:
    """Write one line in GBK instead of UTF-8; by default the first with Chinese text (trades have none)."""
    lines = source.read_bytes().splitlines(keepends=True)
    number = line or _foreign(lines)[0]
    lines[number - 1] = _gbk(lines[number - 1])
    target.write_bytes(b"".join(lines))
    return [Expected(number, "E_ENCODING")]


def gbk_file(source: Path, target: Path) -> list[Expected]:
    """Write the whole file in GBK: every line with Chinese text is unreadable, the others are not."""
    lines = source.read_bytes().splitlines(keepends=True)
    target.write_bytes(b"".join(_gbk(line) for line in lines))
    return [Expected(number, "E_ENCODING") for number in _foreign(lines)]


def wrong_header(source: Path, target: Path, *, column: str, wrong: str = "no_such_column") -> list[Expected]:
    """Rename one column of the header to a name that no kind knows; nothing may be taken in."""
    head, rest = source.read_text(encoding="utf-8").split("\n", 1)
    names = [wrong if name == column else name for name in head.split(",")]
    target.write_text(",".join(names) + "\n" + rest, encoding="utf-8", newline="")
    return [Expected(1, "E_COLUMN")]


def negative_quantity(source: Path, target: Path, *, line: int | None = None) -> list[Expected]:
    """Give one line of trades or positions a negative quantity: out of range before any sum is checked."""
    return _changed(source, target, line, "E_RANGE", lambda row: row | {"quantity": f"-{row['quantity']}"})


def unknown_security(source: Path, target: Path, *, line: int | None = None) -> list[Expected]:
    """Give one line a code that no security of its exchange has."""
    return _changed(source, target, line, "E_NO_SECURITY", lambda row: row | {"code": "699999"})


def duplicate_key(source: Path, target: Path, *, line: int | None = None) -> list[Expected]:
    """Repeat one line at the end of the file."""
    lines = source.read_text(encoding="utf-8").splitlines()
    number = line or _middle(lines)
    target.write_text("\n".join([*lines, lines[number - 1]]) + "\n", encoding="utf-8", newline="")
    return [Expected(len(lines) + 1, "E_DUP_IN_FILE")]


def future_date(source: Path, target: Path, *, day: date, line: int | None = None) -> list[Expected]:
    """Move one line, its day and its times of that day, to the future day `day`."""

    def moved(row: dict[str, str]) -> dict[str, str]:
        return {name: text.replace(row["day"], day.isoformat()) for name, text in row.items()}

    return _changed(source, target, line, "E_FUTURE", moved)


def _changed(source: Path, target: Path, line: int | None, code: str, change: Change) -> list[Expected]:
    lines = source.read_text(encoding="utf-8").splitlines()
    number = line or _middle(lines)
    names = lines[0].split(",")
    row = dict(zip(names, next(csv.reader([lines[number - 1]])), strict=True))
    lines[number - 1] = _line(list(change(row).values()))
    target.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    return [Expected(number, code)]


def _line(values: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(values)
    return text.getvalue()


def _middle(lines: list[str]) -> int:
    return len(lines) // 2 + 1


def _gbk(line: bytes) -> bytes:
    return line.decode("utf-8").encode("gbk")


def _foreign(lines: list[bytes]) -> list[int]:
    return [number for number, line in enumerate(lines, 1) if not _utf8(_gbk(line))]


def _utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
