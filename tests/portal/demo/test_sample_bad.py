"""The broken copies: each differs from the good file in the one place it says."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from portal.demo.sample import bad, write_sample
from portal.demo.sample.bad import Expected
from tests.portal.demo.reading import trading_days


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return dict(write_sample(tmp_path_factory.mktemp("good"), trading_days=trading_days(60)))


def _lines(file: Path) -> list[bytes]:
    return file.read_bytes().splitlines()


def _differing(one: Path, other: Path) -> list[int]:
    pairs = zip(_lines(one), _lines(other), strict=True)
    return [number for number, (a, b) in enumerate(pairs, 1) if a != b]


def test_truncated_ends_inside_the_last_line(good: dict[str, Path], tmp_path: Path) -> None:
    expected = bad.truncated(good["trades"], tmp_path / "cut.csv")

    lines = _lines(good["trades"])
    assert expected == [Expected(len(lines), "E_COLUMN")]
    assert _differing(good["trades"], tmp_path / "cut.csv") == [len(lines)]
    assert (tmp_path / "cut.csv").read_bytes()[-1:] != b"\n"
    assert 0 < _lines(tmp_path / "cut.csv")[-1].count(b",") < lines[-1].count(b",")


def test_one_line_in_gbk_is_the_only_one_that_is_not_utf8(good: dict[str, Path], tmp_path: Path) -> None:
    expected = bad.gbk_line(good["clients"], tmp_path / "gbk.csv", line=5)

    assert expected == [Expected(5, "E_ENCODING")]
    assert _differing(good["clients"], tmp_path / "gbk.csv") == [5]
    with pytest.raises(UnicodeDecodeError):
        _lines(tmp_path / "gbk.csv")[4].decode("utf-8")


def test_one_line_in_gbk_is_by_default_the_first_with_chinese_text(good: dict[str, Path], tmp_path: Path) -> None:
    assert bad.gbk_line(good["securities"], tmp_path / "gbk.csv") == [Expected(2, "E_ENCODING")]


def test_a_whole_file_in_gbk_breaks_every_line_with_chinese_text(good: dict[str, Path], tmp_path: Path) -> None:
    expected = bad.gbk_file(good["clients"], tmp_path / "gbk.csv")

    assert expected == [Expected(number, "E_ENCODING") for number in range(2, 32)]
    assert (tmp_path / "gbk.csv").read_text(encoding="gbk") == good["clients"].read_text(encoding="utf-8")


def test_a_wrong_header_renames_one_column(good: dict[str, Path], tmp_path: Path) -> None:
    expected = bad.wrong_header(good["trades"], tmp_path / "head.csv", column="price", wrong="prise")

    assert expected == [Expected(1, "E_COLUMN")]
    assert _differing(good["trades"], tmp_path / "head.csv") == [1]
    assert b",prise," in _lines(tmp_path / "head.csv")[0]


def test_a_duplicate_repeats_a_line_at_the_end(good: dict[str, Path], tmp_path: Path) -> None:
    expected = bad.duplicate_key(good["trades"], tmp_path / "twice.csv", line=3)

    lines = _lines(good["trades"])
    assert expected == [Expected(len(lines) + 1, "E_DUP_IN_FILE")]
    assert _lines(tmp_path / "twice.csv") == [*lines, lines[2]]


@pytest.mark.parametrize(
    ("fault", "code", "part"),
    [
        (bad.negative_quantity, "E_RANGE", ",-"),
        (bad.unknown_security, "E_NO_SECURITY", ",699999,"),
        (lambda source, target, line: bad.future_date(source, target, day=date(2099, 1, 5), line=line),
         "E_FUTURE", "2099-01-05T"),
    ],
)  # fmt: skip
def test_a_fault_changes_the_one_line_it_names(
    good: dict[str, Path], tmp_path: Path, fault: Callable[..., list[Expected]], code: str, part: str
) -> None:
    expected = fault(good["trades"], tmp_path / "bad.csv", line=4)

    assert expected == [Expected(4, code)]
    assert _differing(good["trades"], tmp_path / "bad.csv") == [4]
    assert part in _lines(tmp_path / "bad.csv")[3].decode()


def test_without_a_line_the_middle_of_the_file_is_broken(good: dict[str, Path], tmp_path: Path) -> None:
    middle = len(_lines(good["trades"])) // 2 + 1

    assert bad.negative_quantity(good["trades"], tmp_path / "bad.csv") == [Expected(middle, "E_RANGE")]
    assert _differing(good["trades"], tmp_path / "bad.csv") == [middle]
