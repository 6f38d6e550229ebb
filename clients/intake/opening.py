"""Opens a file of any of the three forms, plain or gzip, and gives its lines in blocks with their true numbers."""

import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path

BLOCK, STEP = 8 << 20, 1 << 20
GZIP_ONLY = 31  # of zlib: the largest window, a gzip header expected
LONGEST = 64 << 20  # bytes without a line end: then it is no text file
GZIP, PARQUET, BOM = b"\x1f\x8b", b"PAR1", b"\xef\xbb\xbf"


class BadFile(Exception):
    """The file as a whole cannot be taken in; the message says why and what would be right."""


class Opened:
    """One file being read. `done` counts its bytes as they lie on disk, `digest` is known when all are read."""

    def __init__(self, path: Path) -> None:
        """Open `path`; raises BadFile when it cannot be read."""
        try:
            self._disk = path.open("rb")
        except OSError as error:
            raise BadFile(f"{path} cannot be read: {error.strerror}.") from error
        self.size = path.stat().st_size
        self.done = 0
        self.cut = False  # a gzip stream that ends too early
        self.ended = True  # whether the last line had a line end
        self._hash = hashlib.sha256()
        start = self._disk.read(4)
        self._disk.seek(0)
        self._unzip = zlib.decompressobj(GZIP_ONLY) if start[:2] == GZIP else None
        self._first = self._some()
        self.form = _form(self._first)  # parquet, jsonl or csv

    def __enter__(self) -> "Opened":
        return self

    def __exit__(self, *_: object) -> None:
        self._disk.close()

    @property
    def digest(self) -> str:
        """SHA-256 of the file as it lies on disk; whatever was not read yet is read now."""
        while self.read(BLOCK):
            pass
        return self._hash.hexdigest()

    def read(self, count: int) -> bytes:
        """Read bytes of the file as it lies on disk."""
        data = self._disk.read(count)
        self._hash.update(data)
        self.done += len(data)
        return data

    def copy_to(self, target: Path) -> None:
        """Write the unpacked content to `target`."""
        with target.open("wb") as out:
            for data in self._data():
                out.write(data)
        if self.cut:
            raise BadFile("The compressed file is cut off: fetch it again. A Parquet file cannot be read in part.")

    def blocks(self) -> Iterator[tuple[int, list[bytes]]]:
        """Yield (number of the first line, lines without their ends); the first line of the file is 1."""
        number, rest = 1, b""
        for data in self._data():
            data = rest + data
            end = data.rfind(b"\n") + 1
            rest = data[end:]
            if len(rest) > LONGEST:
                raise BadFile("No line end within 64 MB: this is no text file with one record a line.")
            if end:
                lines = _split(data[: end - 1])
                yield number, lines
                number += len(lines)
        if rest:
            self.ended = False
            yield number, _split(rest)

    def _data(self) -> Iterator[bytes]:
        data, self._first = self._first.removeprefix(BOM), b""
        while data:
            yield data
            data = self._some()

    def _some(self) -> bytes:
        """The next bytes of content, empty at the end; a gzip stream gives what it holds up to where it is cut."""
        if self._unzip is None:
            return self.read(BLOCK)
        content = b""
        while not content and (packed := self._unzip.unconsumed_tail or self._unzip.unused_data or self.read(STEP)):
            content = self._unpacked(packed)
        if not content:
            self.cut = not self._unzip.eof
        return content

    def _unpacked(self, packed: bytes) -> bytes:
        """Unpack at most one block, however much the packed bytes hold; a file may be several gzip files in a row."""
        assert self._unzip is not None
        if self._unzip.eof:
            self._unzip = zlib.decompressobj(GZIP_ONLY)
        try:
            return self._unzip.decompress(packed, BLOCK)
        except zlib.error as error:
            raise BadFile(f"The compressed file is damaged ({error}): fetch it again. Nothing was taken in.") from error


def _form(content: bytes) -> str:
    """What a file is, by how its content begins."""
    if content[:4] == PARQUET:
        return "parquet"
    return "jsonl" if content.removeprefix(BOM).lstrip()[:1] == b"{" else "csv"


def _split(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    return [line.removesuffix(b"\r") for line in lines] if b"\r" in data else lines
