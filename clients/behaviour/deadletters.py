"""What could not be taken in, with the reason: a file for each day of receipt, one object a line, for the operator.

    mark = sizes()        # before a portion is begun
    cut_back(mark)        # it is begun again: what the first attempt wrote goes
    write(con, files)     # what `lines` says of them

A letter holds what came, cut to 2 KB; the files are the owner's alone. That of an event whose client nobody knows yet
says its type and when it happened too, so that it can be taken in again when he has come.
"""

import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings

from clients.behaviour.lines import EPOCH, NO_CLIENT, PERSONAL, TALLY, UNREADABLE
from clients.lake import manifest as manifests
from clients.shared import clock

HEAD = re.compile(rb'\{"r":(\d{1,18}),')
EVENT = b'"e":'
CUT = 2048  # bytes of a letter's text
AT_ONCE = 10_000  # lines that DuckDB is asked about together
# What DuckDB reads in a line, as `lines` did: it has its own view of names that stand twice and ids that are no text.
SEEN = """
    SELECT n, said.r, said.k, said.p, said.t, said.x, said.e."messageId" FROM (
        SELECT n, CASE WHEN json_valid(line) THEN json_transform(line,
            '{"r": "BIGINT", "k": "BIGINT", "p": "VARCHAR", "t": "VARCHAR", "x": "VARCHAR",
            "e": {"messageId": "VARCHAR"}}') END AS said
        FROM (SELECT unnest(?::VARCHAR[]) AS line, generate_subscripts(?::VARCHAR[], 1) - 1 AS n)
    ) ORDER BY n
"""
Letter = tuple[int | None, Mapping[str, Any]]
Wanted = Mapping[tuple[int | None, str | None], tuple[str, int | None]]


def folder() -> Path:
    """Return where the letters are kept."""
    return Path(settings.DEAD_LETTER_DIR)


def sizes() -> dict[str, int]:
    """Return how long each file is now."""
    return {file.name: file.stat().st_size for file in folder().glob("*.jsonl")}


def cut_back(mark: Mapping[str, int]) -> None:
    """Cut files back to the length they had, and remove those that were not there."""
    for file in folder().glob("*.jsonl"):
        if file.name not in mark:
            file.unlink()
        elif file.stat().st_size > mark[file.name]:
            os.truncate(file, mark[file.name])


def write(con: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> int:
    """Append what `lines` could not take, with the reason, to the files of their days; how many letters."""
    wanted = _wanted(con)
    letters: dict[str, list[str]] = defaultdict(list)
    if wanted:
        for received, said in _letters(con, files, wanted):
            letters[_name(received)].append(json.dumps(said, ensure_ascii=False) + "\n")
    for name, texts in letters.items():
        _append(folder() / name, "".join(texts))
    return sum(map(len, letters.values()))


def _wanted(con: duckdb.DuckDBPyConnection) -> Wanted:
    """Reason and moment (µs since 1970) by moment of receipt and message id; a line that cannot be read has none."""
    rows = con.execute(
        f"SELECT received, message_id, problem, happened FROM lines WHERE problem IS NOT NULL AND problem <> '{TALLY}'"
    )
    return {(received, number): (problem, happened) for received, number, problem, happened in rows.fetchall()}


def _letters(con: duckdb.DuckDBPyConnection, files: Sequence[Path], wanted: Wanted) -> Iterator[Letter]:
    moments = {received for received, _number in wanted}
    for portion in _in_portions(files):
        asked = [line for line in portion if None in moments or _may_be_of(line, moments)]
        texts = [_text(line) for line in asked]
        for n, received, key, platform, kind, refused, number in con.execute(SEEN, [texts, texts]).fetchall():
            reason, happened = wanted.get((received, None if received is None else number), (None, None))
            if received is None:
                yield None, {"reason": UNREADABLE, "event": _cut(asked[n].decode("utf-8", "replace"))}
            elif reason is not None and refused != TALLY:
                head = {"received": _said(received), "key": key, "platform": platform, "reason": refused or reason}
                if reason == NO_CLIENT:
                    head |= {"type": kind, "happened": _said(happened)}
                yield received, {**head, "event": "" if reason == PERSONAL else _cut(_event(asked[n]))}


def _said(us: int | None) -> str:
    return (EPOCH + timedelta(microseconds=us or 0)).isoformat()


def _in_portions(files: Sequence[Path]) -> Iterator[list[bytes]]:
    portion: list[bytes] = []
    for file in files:
        with file.open("rb") as lines:
            for line in lines:
                if line.endswith(b"\n") and line.strip():  # a torn last line was acknowledged to nobody
                    portion.append(line)
                if len(portion) == AT_ONCE:
                    yield portion
                    portion = []
    yield portion


def _may_be_of(line: bytes, moments: Set[int | None]) -> bool:
    """Whether a line may be of one of the moments; those that do not begin as the collector writes them all may."""
    found = HEAD.match(line)
    return found is None or int(found[1]) in moments


def _text(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return ""  # no JSON


def _event(line: bytes) -> str:
    """The text of a line's event: as it came, where it is nothing that can be read and written again."""
    try:
        event = json.loads(line).get("e")
        return event if isinstance(event, str) else json.dumps(event, ensure_ascii=False)
    except (RecursionError, ValueError):
        return line.partition(EVENT)[2].decode("utf-8", "replace").rstrip().removesuffix("}")


def _cut(text: str) -> str:
    return text.strip().encode("utf-8", "replace")[:CUT].decode("utf-8", "ignore")


def _name(received: int | None) -> str:
    moment: datetime = EPOCH + timedelta(microseconds=received or 0)
    return f"{clock.shanghai_day(moment)}.jsonl" if received is not None else "unreadable.jsonl"


def _append(file: Path, text: str) -> None:
    """Append and wait until it is on the disk."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    manifests.sync(file.parent)
