"""Files as they lie on disk: plain, gzip, cut off, damaged."""

import gzip
import hashlib
from pathlib import Path

import pytest

from clients.intake.opening import BadFile, Opened

TEXT = b"a,b\r\n1,2\n" + b"".join(b"%d,x\n" % i for i in range(3, 200_000))


def _lines(file: Path) -> list[tuple[int, bytes]]:
    with Opened(file) as opened:
        return [pair for number, lines in opened.blocks() for pair in enumerate(lines, number)]


@pytest.mark.parametrize(
    "packed", [TEXT, gzip.compress(TEXT), gzip.compress(TEXT[:9]) + gzip.compress(TEXT[9:])], ids=["plain", "gz", "two"]
)
def test_every_line_comes_with_its_number_and_the_digest_is_that_of_the_disk(tmp_path: Path, packed: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(packed)

    with Opened(file) as opened:
        lines = [pair for number, part in opened.blocks() for pair in enumerate(part, number)]
        digest = opened.digest

    assert lines[:3] == [(1, b"a,b"), (2, b"1,2"), (3, b"3,x")]
    assert lines[-1] == (199_999, b"199999,x")
    assert len(lines) == 199_999
    assert (digest, opened.done, opened.size) == (hashlib.sha256(packed).hexdigest(), len(packed), len(packed))
    assert (opened.ended, opened.cut) == (True, False)


def test_a_cut_off_gzip_gives_what_it_holds_and_says_so(tmp_path: Path) -> None:
    file = tmp_path / "file.gz"
    packed = gzip.compress(TEXT)
    file.write_bytes(packed[: len(packed) // 2])

    with Opened(file) as opened:
        lines = [line for _number, part in opened.blocks() for line in part]

    assert opened.cut
    assert len(lines) > 50_000
    assert lines[:-1] == TEXT.replace(b"\r", b"").split(b"\n")[: len(lines) - 1]


def test_a_damaged_gzip_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file.gz"
    packed = bytearray(gzip.compress(TEXT))
    packed[-6] ^= 255  # a byte of the checksum
    file.write_bytes(packed)

    with pytest.raises(BadFile, match="damaged"):
        _lines(file)


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"\xef\xbb\xbfday\n1")

    with Opened(file) as opened:
        assert (opened.form, list(opened.blocks()), opened.ended) == ("csv", [(1, [b"day"]), (2, [b"1"])], False)


@pytest.mark.parametrize(("content", "form"), [(b'{"a":1}', "jsonl"), (b"PAR1....", "parquet"), (b"", "csv")])
def test_the_form_is_told_by_the_content(tmp_path: Path, content: bytes, form: str) -> None:
    file = tmp_path / "file.dat"
    file.write_bytes(gzip.compress(content))

    with Opened(file) as opened:
        assert opened.form == form


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="cannot be read"):
        Opened(tmp_path)
