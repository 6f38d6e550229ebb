"""What could not be taken in, with the reason: a file for each day of receipt, one object a line, for the operator.

    mark = sizes()        # before a portion is begun
    cut_back(mark)        # it is begun again: what the first attempt wrote goes
    write(con, files)     # what `lines` says of them

A letter holds what came and no more, cut to 2 KB; the files are the owner's alone.
"""

import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings

from clients.behaviour.lines import EPOCH, TALLY, UNREADABLE
from clients.lake import manifest as manifests
from clients.shared import clock

HEAD = re.compile(rb'\{"r":(\d+),')
CUT = 2048  # bytes of a letter's text
AT_ONCE = 10_000  # lines that DuckDB is asked about together
READABLE = """SELECT n FROM (SELECT unnest(?::VARCHAR[]) AS line, generate_subscripts(?::VARCHAR[], 1) AS n)
    WHERE NOT json_valid(line) OR TRY_CAST(TRY(json_extract_string(line, '$.r')) AS BIGINT) IS NULL"""
Letter = tuple[int | None, Mapping[str, Any]]


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


def _wanted(con: duckdb.DuckDBPyConnection) -> dict[tuple[int | None, str | None], str]:
    """The reason by moment of receipt and message id; those of lines that cannot be read have neither."""
    rows = con.execute(
        f"SELECT received, message_id, problem FROM lines WHERE problem IS NOT NULL AND problem <> '{TALLY}'"
    )
    return {(received, number): problem for received, number, problem in rows.fetchall()}


def _letters(
    con: duckdb.DuckDBPyConnection, files: Sequence[Path], wanted: Mapping[tuple[int | None, str | None], str]
) -> Iterator[Letter]:
    moments = {received for received, _number in wanted}
    for lines in _in_portions(files):
        bad = _unreadable(con, lines) if None in moments else set()
        for n, line in enumerate(lines, 1):
            if n in bad:
                yield None, {"reason": UNREADABLE, "event": _cut(line.decode("utf-8", "replace"))}
            elif _received(line) in moments:
                yield from _letter(json.loads(line), wanted)


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


def _received(line: bytes) -> int:
    """The moment of a line, without reading all of it where it stands at the beginning, as the collector writes it."""
    found = HEAD.match(line)
    return int(found[1] if found else json.loads(line)["r"])


def _unreadable(con: duckdb.DuckDBPyConnection, lines: list[bytes]) -> set[int]:
    """The numbers of the lines that are no JSON with a moment of receipt, as DuckDB sees it."""
    texts = [_text(line) for line in lines]
    return {n for (n,) in con.execute(READABLE, [texts, texts]).fetchall()}


def _text(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return ""  # no JSON


def _letter(line: dict[str, Any], wanted: Mapping[tuple[int | None, str | None], str]) -> Iterator[Letter]:
    event = line.get("e")
    number = event.get("messageId") if isinstance(event, dict) else None
    reason = wanted.get((line["r"], None if number is None else _as_text(number)))
    if reason is not None and line.get("x") != TALLY:
        text = event if isinstance(event, str) else json.dumps(event, ensure_ascii=False)
        at = (EPOCH + timedelta(microseconds=line["r"])).isoformat()
        head = {"received": at, "key": line.get("k"), "platform": line.get("p"), "reason": line.get("x") or reason}
        yield line["r"], {**head, "event": _cut(text)}


def _as_text(number: Any) -> str:
    """A message id as DuckDB gives it, which reads numbers and objects as text."""
    return number if isinstance(number, str) else json.dumps(number, ensure_ascii=False, separators=(",", ":"))


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
