"""Lines made plain: what is quoted, broken over lines, foreign or wrong."""

import csv
import io

from hypothesis import example, given
from hypothesis import strategies as st

from clients.intake.cleaning import RS, US, Cleaned, Cleaner

TEXTS = st.text(st.characters(exclude_characters="\0\r\x1e\x1f", exclude_categories=["Cs"]), max_size=8)


def _clean(data: bytes, *, width: int = 2, encoding: str = "utf-8", long: frozenset[int] = frozenset()) -> Cleaned:
    cleaner = Cleaner(width=width, delimiter=",", encoding=encoding, long=long)
    return cleaner.clean(1, data.split(b"\n"), last=True)


def _rows(cleaned: Cleaned) -> list[list[str]]:
    return [line.split(US) for line in cleaned.data.decode().split("\n")[:-1]]


def _codes(cleaned: Cleaned) -> list[tuple[int, str]]:
    return [(fault.line, fault.code) for fault in cleaned.faults]


@given(rows=st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=30), pieces=st.integers(1, 5))
@example(rows=[("a\nb", "", '"'), ("x", "y", "z")], pieces=2)
def test_any_csv_comes_back_field_by_field_however_it_is_cut(rows: list[tuple[str, str, str]], pieces: int) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    lines = out.getvalue().encode().split(b"\n")[:-1]
    cleaner = Cleaner(width=3, delimiter=",", encoding="utf-8", long=frozenset({0, 1, 2}))

    size = len(lines) // pieces + 1
    parts = [cleaner.clean(at + 1, lines[at : at + size]) for at in range(0, len(lines), size)]
    parts.append(cleaner.clean(len(lines) + 1, [], last=True))

    found = [line.split(US)[1:] for part in parts for line in part.data.decode().split("\n") if line]
    assert [tuple(field.replace(RS, "\n") for field in row) for row in found] == rows
    assert sum(part.records for part in parts) == len(rows)
    assert not any(part.faults for part in parts)


def test_a_quoted_line_end_keeps_the_numbers_of_the_lines_after_it() -> None:
    cleaned = _clean(b'1,"a\nb"\n\n2,c', long=frozenset({1}))

    assert _rows(cleaned) == [["1", "1", f"a{RS}b"], ["4", "2", "c"]]
    assert cleaned.records == 2


def test_a_lone_carriage_return_ends_no_line() -> None:
    cleaned = _clean(b"1,a\rb\n2,c")

    assert _rows(cleaned) == [["1", "1", "a b"], ["2", "2", "c"]]


def test_a_wrong_number_of_columns_is_one_line_s_fault() -> None:
    cleaned = _clean(b"1,a\n2\n3,b,c\n4,d")

    assert _rows(cleaned) == [["1", "1", "a"], ["4", "4", "d"]]
    assert _codes(cleaned) == [(2, "E_COLUMN"), (3, "E_COLUMN")]
    assert cleaned.faults[0].message == "the line has 1 columns, the header has 2"
    assert cleaned.records == 4


def test_a_quote_that_nobody_closes_costs_its_own_line_only() -> None:
    lines = b"\n".join([b'1,"open', *(b"%d,x" % i for i in range(2, 200))])

    cleaned = _clean(lines)

    assert _codes(cleaned) == [(1, "E_COLUMN")]
    assert len(_rows(cleaned)) == 198


def test_at_the_end_of_the_file_an_open_quote_is_said() -> None:
    cleaned = _clean(b'1,a\n2,"b')

    assert _codes(cleaned) == [(2, "E_COLUMN")]
    assert cleaned.faults[0].message == "a quote is opened and never closed"


def test_foreign_bytes_and_control_characters_are_faults_of_their_line() -> None:
    cleaned = _clean(b"1,a\n2,\xb9\xf3\n3,\x00\n4,\x1f\n5,b")

    assert _codes(cleaned) == [(2, "E_ENCODING"), (3, "E_ENCODING"), (4, "E_ENCODING")]
    assert [row[0] for row in _rows(cleaned)] == ["1", "5"]


def test_another_encoding_is_read_when_it_is_named() -> None:
    cleaned = _clean("1,贵州茅台\n2,b".encode("gb18030"), encoding="gb18030")

    assert _rows(cleaned) == [["1", "1", "贵州茅台"], ["2", "2", "b"]]


def test_a_line_without_end_is_not_swallowed() -> None:
    cleaned = _clean(b"1,a\n2," + b"x" * 1_000_001)

    assert _codes(cleaned) == [(2, "E_RANGE")]
