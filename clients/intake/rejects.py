"""The reject file: every problem of every rejected line, with the line as it came. Personal fields are masked."""

import csv
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import IO, Any

from django.db import connection

from clients.intake.checks import SHOWN
from clients.intake.cleaning import Unreadable
from clients.intake.fitting import Fit
from clients.intake.masking import RUN, masked, masked_words
from clients.intake.opening import Opened
from clients.intake.options import BadUsage
from clients.intake.translating import LeftOut

HEADER = ["line", "code", "column", "message", "original"]
UNSHOWN = "(not shown:"
HIDDEN = f"{UNSHOWN} it holds personal data and cannot be taken apart)"
BROKEN = f"{UNSHOWN} it cannot be taken apart, so nobody knows what it holds)"
UNTOLD = "the value does not fit (not shown: the line cannot be read as one of this kind)"
NAMED = 20  # columns of a foreign object that are named
UNREAD = f"{UNSHOWN} without a header that fits, nobody knows what the file holds)"
SHARE = 20_000  # problems that are fetched at once
Found = tuple[int, str, str, str]


def check_target(target: Path, source: Path) -> None:
    """Make the folder of a reject file and try to write there; raises BadUsage when `target` cannot be one."""
    try:
        if target.exists() and target.samefile(source):
            raise BadUsage(f"--reject-file {target}: this is the file to import; give another name.")
        if target.exists() and not target.is_file():
            raise BadUsage(f"--reject-file {target}: this is no file; give the name of a file.")
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(_private(str(_draft(target)), os.O_CREAT | os.O_WRONLY))
        _draft(target).unlink()
    except OSError as error:
        raise BadUsage(f"--reject-file {target}: nothing can be written there ({error.strerror}).") from error


def write(target: Path, *, fit: Fit, source: Path) -> None:
    """Write the file whole or not at all, readable by its owner alone; `source` is read again for the lines."""
    with _whole(target) as out:
        rows = csv.writer(out)
        rows.writerow(HEADER)
        wanted = groupby(_found(), key=lambda row: row[0])
        lines = _originals(source)
        for number, problems in wanted:
            original = shown(fit, next((text for n, text in lines if n == number), b""))
            rows.writerows([*_told(fit, problem, original), original] for problem in problems)


def write_header(target: Path, faults: list[tuple[str, str, str]]) -> None:
    """Write what is wrong with the header, (code, column, message) each, and no line of the file."""
    with _whole(target) as out:
        rows = csv.writer(out)
        rows.writerow(HEADER)
        rows.writerows([1, *fault, UNREAD] for fault in faults)


def _told(fit: Fit, problem: Found, original: str) -> Found:
    """A message may quote a value that stands in the wrong column; of a line of something else it quotes none."""
    line, code, column, message = problem
    if not original.startswith(UNSHOWN):
        return line, code, column, masked_words(message) if fit.kind.personal else message
    if code in ("E_COLUMN", "E_ENCODING"):
        return line, code, column, masked(message, RUN)
    missing = code == "E_REQUIRED" and column
    return line, code, column, f"{column} must not be empty" if missing else UNTOLD


def shown(fit: Fit, line: bytes) -> str:
    """Return an original line as a person may see it: nothing of a line that is not one of this kind."""
    text = line.decode(fit.options.encoding, errors="replace")
    if fit.translate:
        return _shown_row(fit, fit.translate, line)
    if fit.objects:
        return _shown_object(fit, text)
    return _masked_line(fit, text) if fit.kind.personal else _plain_line(fit, text)


def _plain_line(fit: Fit, text: str) -> str:
    """A line of a kind without personal fields; with fields too many or too few it may be of another file."""
    width = text.count(fit.options.delimiter) + 1
    return text if width == len(fit.theirs) or '"' in text else masked_words(text)


def _masked_line(fit: Fit, text: str) -> str:
    try:
        fields = next(csv.reader([text], delimiter=fit.options.delimiter), [])
    except csv.Error:
        return HIDDEN
    if len(fields) != len(fit.theirs):
        return HIDDEN
    masks = {fit.theirs.index(fit.ours[name]): mask for name, mask in fit.kind.personal.items() if name in fit.ours}
    return fit.options.delimiter.join(masks.get(i, masked_words)(field) for i, field in enumerate(fields))


def _shown_row(fit: Fit, translate: Callable[[bytes], str], line: bytes) -> str:
    """Of a line of another form, the row that was made of it: the line itself may say more than is kept."""
    try:
        return _shown_object(fit, translate(line))
    except (Unreadable, LeftOut):
        return BROKEN


def _shown_object(fit: Fit, text: str) -> str:
    try:
        row = json.loads(text)
    except ValueError:
        return BROKEN
    if not isinstance(row, dict):
        return BROKEN
    if not _belongs(fit, row):
        return _foreign(fit, row)
    return _masked_object(fit, row) if fit.kind.personal else text


def _belongs(fit: Fit, row: dict[str, Any]) -> bool:
    """Whether an object has columns of the kind only, and all that it must have."""
    needed = {fit.ours[column.name] for column in fit.kind.columns if column.required and column.name in fit.ours}
    return needed <= row.keys() <= {*fit.theirs, *fit.options.skipped}


def _foreign(fit: Fit, row: dict[str, Any]) -> str:
    """What is said of an object of something else: the names of its columns, never a value."""
    names = [masked(name[:SHOWN], RUN) for name in row]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{UNSHOWN} this is no line of {fit.kind.name}; it has the columns {', '.join(names[:NAMED])}{more})"


def _masked_object(fit: Fit, row: dict[str, Any]) -> str:
    masks = {fit.ours[name]: mask for name, mask in fit.kind.personal.items() if name in fit.ours}
    safe = {name: masks[name](str(value)) if name in masks else _masked_value(value) for name, value in row.items()}
    return json.dumps(safe, ensure_ascii=False)


def _masked_value(value: Any) -> Any:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    safe = masked_words(text)
    return value if safe == text else safe


def _found() -> Iterator[Found]:
    """All problems by line, fetched in shares: a wholly bad file needs no memory."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX ON intake_bad (line, nr)")
    last = (-1, -1)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT line, code, coalesce(col, ''), message, nr FROM intake_bad WHERE (line, nr) > (%s, %s) "
                f"ORDER BY line, nr LIMIT {SHARE}",
                last,
            )
            rows = cursor.fetchall()
        if not rows:
            return
        yield from (row[:4] for row in rows)
        last = (rows[-1][0], rows[-1][4])


def _originals(source: Path) -> Iterator[tuple[int, bytes]]:
    with Opened(source) as opened:
        for number, lines in opened.blocks():
            yield from enumerate(lines, number)


@contextmanager
def _whole(target: Path) -> Iterator[IO[str]]:
    """A draft beside the target that takes its place when all is written, and is gone when something fails."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = _draft(target)
    draft.unlink(missing_ok=True)
    try:
        with open(draft, "x", encoding="utf-8", newline="", opener=_private) as out:
            yield out
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)


def _draft(target: Path) -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
