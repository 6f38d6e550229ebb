"""Makes lines plain for DuckDB: `number US field US field …`, one record a line, nothing quoted, only UTF-8.

A line that cannot be read is noted with its number and left out, so it stops no other. US is the unit separator; a
line end inside a quoted field becomes RS in long texts and a blank elsewhere.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from clients.intake.checks import Problem

US, RS = "\x1f", "\x1e"
SEPARATOR = US.encode()
ODD = (b"\0", b"\r", SEPARATOR)  # bytes that need a closer look
ESCAPED_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # in JSON; after another backslash it is plain text
MOST_LINES = 50  # of one record: an opening quote that nobody closes must not swallow the file
LONGEST = 1_000_000  # bytes of one record
CONTROLS = "the line holds control characters that no text has"
csv.field_size_limit(LONGEST)


@dataclass
class Cleaned:
    """One block made plain: `data` for DuckDB, how many records it came from, those that cannot be read, and notes."""

    data: bytes
    records: int
    faults: list[Problem] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)


class Cleaner:
    """Cleans block after block; keeps the beginning of a record that goes on in the next block."""

    def __init__(self, *, width: int, delimiter: str, encoding: str, long: frozenset[int] = frozenset()) -> None:
        """`width` columns; 0 means one JSON object a line. `long` columns keep their line ends."""
        self.width, self.delimiter, self.encoding, self.long = width, delimiter, encoding, long
        self._open: list[tuple[int, bytes]] = []

    def clean(self, number: int, lines: list[bytes], *, last: bool = False) -> Cleaned:
        """Clean the lines of one block, the first of which has this number."""
        if lines and not self._open and not last:
            quick = self._quick(number, lines)
            if quick is not None:
                return Cleaned(quick, len(lines))
        return self._slow([*self._open, *enumerate(lines, number)], last)

    def _quick(self, number: int, lines: list[bytes]) -> bytes | None:
        """The usual block, where nothing is quoted or wrong: a few passes in C instead of a parse."""
        mark = self.delimiter.encode()
        whole = b"\n".join(lines)
        if self.encoding != "utf-8" or any(odd in whole for odd in ODD) or max(map(len, lines)) > LONGEST:
            return None
        if self.width and (b'"' in whole or any(line.count(mark) != self.width - 1 for line in lines)):
            return None
        if not self.width and b"\\u0000" in whole:
            return None
        if not all(lines) or not _is_utf8(whole):
            return None
        numbered = b"\n".join([b"%d\x1f%s" % pair for pair in enumerate(lines, number)])
        return (numbered.replace(mark, SEPARATOR) if self.width else numbered) + b"\n"

    def _slow(self, numbered: list[tuple[int, bytes]], last: bool) -> Cleaned:
        self._open = []
        cleaned, plain, at = Cleaned(b"", 0), [], 0
        while at < len(numbered):
            number, used, fields = self._record(numbered, at, cleaned.faults)
            if not used:
                if not last:
                    self._open = numbered[at:]
                    break
                cleaned.faults.append(Problem(number, "E_COLUMN", "", "a quote is opened and never closed"))
            if fields:
                plain.append(US.join([str(number), *fields]))
            cleaned.records += fields != []
            at += used or 1
        cleaned.data = "".join(f"{line}\n" for line in plain).encode()
        return cleaned

    def _record(
        self, numbered: list[tuple[int, bytes]], at: int, faults: list[Problem]
    ) -> tuple[int, int, list[str] | None]:
        """Return (number, lines used, fields); 0 used: it goes on; None: a fault; []: a blank line."""
        number, line = numbered[at]
        if not line.strip():
            return number, 1, []
        try:
            used, fields = self._parsed(numbered, at)
            return number, used, self._fitting(fields)
        except Unreadable as why:
            faults.append(Problem(number, why.code, "", str(why)))
            return number, 1, None

    def _parsed(self, numbered: list[tuple[int, bytes]], at: int) -> tuple[int, list[str] | None]:
        text = self._decoded(numbered[at][1])
        if not self.width:
            return 1, [text]
        for used in range(1, MOST_LINES + 1):
            if (fields := self._split(text)) is not None:
                return used, fields
            if at + used == len(numbered):
                return 0, None
            text += "\n" + self._decoded(numbered[at + used][1])
        raise Unreadable("E_COLUMN", f"a quote is opened and not closed within {MOST_LINES} lines")

    def _split(self, text: str) -> list[str] | None:
        """The fields of one record; None while a quoted field is still open."""
        try:
            return next(csv.reader([text], delimiter=self.delimiter, strict=True))
        except csv.Error as error:
            if "unexpected end" in str(error):
                return None
            raise Unreadable("E_COLUMN", f"the quotes cannot be read ({error}): double quotes inside a text") from error

    def _fitting(self, fields: list[str] | None) -> list[str] | None:
        if not self.width or fields is None:
            return fields
        if len(fields) != self.width:
            raise Unreadable("E_COLUMN", f"the line has {len(fields)} columns, the header has {self.width}")
        if any("\n" in text for text in fields):
            return [text.replace("\n", RS if i in self.long else " ") for i, text in enumerate(fields)]
        return fields

    def _decoded(self, line: bytes) -> str:
        text = decoded(line, self.encoding)
        if not self.width and ESCAPED_NUL.search(text):
            raise Unreadable("E_ENCODING", CONTROLS)
        return text


class Unreadable(Exception):
    """This line cannot be read; `code` says in which way."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def decoded(line: bytes, encoding: str) -> str:
    """Return the text of a line; raises Unreadable when it is too long or no text in this encoding."""
    if len(line) > LONGEST:
        raise Unreadable("E_RANGE", f"the line is longer than {LONGEST:,} bytes")
    try:
        text = line.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(
            "E_ENCODING", f"byte {error.start + 1} is not {encoding.upper()}: save as UTF-8 or give --encoding"
        ) from error
    if "\0" in text or US in text:
        raise Unreadable("E_ENCODING", CONTROLS)
    return text.replace("\r", " ")  # alone it ends no line


def marked_cut(faults: Iterable[Problem], number: int) -> list[Problem]:
    """Say of the last line, where it is faulty and has no line end, that the file may be cut off there."""
    note = "; it is the last line and has no line end: the file may be cut off here"
    return [
        Problem(fault.line, fault.code, fault.column, fault.message + note) if fault.line == number else fault
        for fault in faults
    ]


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
