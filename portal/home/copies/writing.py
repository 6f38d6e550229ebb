"""The file of a copy: a ZIP with data.json, a CSV file of each kind, and a page of words about them.

write(target, client, now) -> rows in it
"""

import csv
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.portrait.traits.trait import Text
from clients.register.models import Client
from portal.home.copies import reading
from portal.home.copies.kinds import KINDS, Kind
from portal.home.copies.reading import Row

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes a text that begins so for a formula
PRIVATE = 0o600


@dataclass(frozen=True)
class Part:
    """One kind of rows of the file."""

    name: str
    title: Text
    columns: Sequence[str]
    rows: Callable[[], Iterable[Row]]


def write(target: Path, client: Client, now: datetime) -> int:
    """Write a client's copy whole or not at all, readable by the house alone; the number of rows in it."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, PRIVATE), "wb") as out:
            total = _fill(out, parts(client, now), now)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return total


def parts(client: Client, now: datetime) -> list[Part]:
    """Return everything that the copy holds."""
    concluded = [
        Part("traits", gettext_lazy("Conclusions"), reading.TRAIT_COLUMNS, lambda: reading.traits(client, now)),
        Part("signs", gettext_lazy("What they rest on"), reading.SIGN_COLUMNS, lambda: reading.signs(client, now)),
        Part("who_looked", gettext_lazy("Who looked"), reading.OPENING_COLUMNS, lambda: reading.openings(client, now)),
    ]
    return [_part(kind, client, now) for kind in KINDS] + concluded


def _part(kind: Kind, client: Client, now: datetime) -> Part:
    return Part(kind.name, kind.title, kind.fields, lambda: reading.rows(kind, client, now))


def _fill(out: IO[bytes], kinds: list[Part], now: datetime) -> int:
    counted: dict[str, int] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, TemporaryFile() as whole:
        for part in kinds:
            counted[part.name] = _both(archive, whole, part, first=not counted)
        whole.write(b"\n}\n")
        whole.seek(0)
        with archive.open("data.json", "w", force_zip64=True) as file:
            for piece in iter(lambda: whole.read(1 << 16), b""):
                file.write(piece)
        archive.writestr("README.txt", _about(kinds, counted, now))
    return sum(counted.values())


def _both(archive: zipfile.ZipFile, whole: IO[bytes], part: Part, *, first: bool) -> int:
    """Write a kind as CSV into the archive and as JSON beside it; the number of its rows."""
    whole.write(f"{'{' if first else ','}\n{json.dumps(part.name)}: [".encode())
    n = 0
    with archive.open(f"{part.name}.csv", "w", force_zip64=True) as raw:
        with TextIOWrapper(raw, "utf-8-sig", newline="") as text:
            table = csv.writer(text)
            table.writerow(part.columns)
            for n, row in enumerate(part.rows(), start=1):
                table.writerow([_cell(value) for value in row])
                whole.write((",\n" if n > 1 else "\n").encode() + _json(part.columns, row))
    whole.write(b"]")
    return n


def _json(columns: Sequence[str], row: Row) -> bytes:
    told = {name: _plain(value) for name, value in zip(columns, row, strict=True)}
    return json.dumps(told, ensure_ascii=False, default=str).encode()


def _plain(value: Any) -> Any:
    """Moments in our time zone; numbers with decimals as text, so that no digit is lost."""
    return timezone.localtime(value).isoformat() if isinstance(value, datetime) else value


def _cell(value: Any) -> Any:
    plain = _plain(value)
    if isinstance(plain, dict | list):
        return json.dumps(plain, ensure_ascii=False, default=str)
    return f"'{plain}" if isinstance(plain, str) and plain.startswith(FORMULA) else plain


def _about(kinds: list[Part], counted: dict[str, int], now: datetime) -> str:
    return "\n".join([*_words(now), *(f"{part.name}.csv  {part.title}: {counted[part.name]:,}" for part in kinds), ""])


def _words(now: datetime) -> Iterator[str]:
    moment = timezone.localtime(now)
    yield _("A copy of what we hold about you, made at %(at)s (Shanghai time).") % {"at": f"{moment:%Y-%m-%d %H:%M}"}
    yield _("data.json holds everything; each CSV file holds one kind of it. Amounts are in the currency beside them.")
    yield _("Numbers of mobiles, documents and accounts are masked, as on your pages; your branch shows them in full.")
    yield ""
