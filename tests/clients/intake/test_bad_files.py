"""Each bad input gives a clear line in the reject file; the rest is accepted."""

import gzip
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.db import Error, transaction

from clients.intake.checks import Problem
from clients.intake.opening import BadFile
from clients.intake.options import BadUsage
from clients.intake.registry import find
from clients.intake.staging import Staging
from clients.ledger.models import Trade
from portal.demo.sample import bad
from portal.demo.sample.bad import Expected
from tests.clients.intake.lines import FLOW, TRADE
from tests.clients.intake.taking import NOW, Take, text

COUNT = 9
Break = Callable[[Path, Path], list[Expected]]


def _trades(folder: Path) -> Path:
    file = folder / "trades.csv"
    file.write_text(text([TRADE | {"trade_no": f"{i:010d}"} for i in range(COUNT)]), encoding="utf-8")
    return file


BROKEN: dict[str, Break] = {
    "truncated": bad.truncated,
    "negative_quantity": bad.negative_quantity,
    "unknown_security": bad.unknown_security,
    "duplicate_key": bad.duplicate_key,
    "future_date": lambda source, target: bad.future_date(source, target, day=date(2027, 1, 5)),
}
WORDS = {
    "truncated": "it is the last line and has no line end: the file may be cut off here",
    "negative_quantity": "'-100' is outside its range: it must be above 0",
    "unknown_security": "no security 699999.SH is known: import the securities master first",
    "duplicate_key": "the same key as in line 6: the first line stands, this one is left out",
    "future_date": "2027-01-05 lies in the future: files hold what has happened",
}


@pytest.mark.parametrize("name", BROKEN)
def test_one_bad_line_is_rejected_with_its_number_and_the_rest_taken(world: Take, tmp_path: Path, name: str) -> None:
    target = tmp_path / "broken.csv"
    expected = BROKEN[name](_trades(tmp_path), target)

    taken = world("trades", target)

    total = COUNT + (name == "duplicate_key")
    assert taken.counts == (total - 1, 0, 1)
    assert {(line, code) for line, code, _column in taken.codes} == set(expected)
    assert WORDS[name] in taken.rejects[0]["message"]
    assert taken.rejects[0]["original"] == target.read_text().splitlines()[expected[0].line - 1]
    assert Trade.objects.count() == total - 1


def test_lines_in_another_encoding_are_rejected_one_by_one(world: Take, tmp_path: Path) -> None:
    flows = tmp_path / "flows.csv"
    flows.write_text(text([FLOW | {"flow_no": f"F{i}", "memo": "银证转入" if i % 2 else ""} for i in range(6)]))
    expected = bad.gbk_file(flows, tmp_path / "gbk.csv")

    taken = world("cashflows", tmp_path / "gbk.csv")

    assert taken.counts == (3, 0, 3), taken.rejects
    assert [(line, code) for line, code, _column in taken.codes] == [(e.line, e.code) for e in expected]
    assert "is not UTF-8: save as UTF-8 or give --encoding" in taken.rejects[0]["message"]


def test_the_same_file_goes_through_when_its_encoding_is_named(world: Take, tmp_path: Path) -> None:
    flows = tmp_path / "flows.csv"
    flows.write_text(text([FLOW | {"flow_no": f"F{i}"} for i in range(3)]))
    bad.gbk_file(flows, tmp_path / "gbk.csv")

    taken = world("cashflows", tmp_path / "gbk.csv", encoding="gb18030")

    assert taken.counts == (3, 0, 0)


def test_a_wrong_header_refuses_the_file_and_says_what_was_meant(world: Take, tmp_path: Path) -> None:
    target = tmp_path / "head.csv"
    bad.wrong_header(_trades(tmp_path), target, column="price", wrong="prize")

    taken = world("trades", target)

    assert (taken.counts, taken.outcome.lines) == ((0, 0, 0), 0)
    assert taken.codes == [(1, "E_COLUMN", "prize"), (1, "E_COLUMN", "price")]
    assert "did you mean price?" in taken.rejects[0]["message"]
    assert "'price' is missing" in taken.rejects[1]["message"]
    assert not Trade.objects.exists()


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("day;fund_account;exchange", "give --delimiter ';'"),
        ("day,day,fund_account", "the column 'day' stands twice"),
        ("贵,州", "trades has no column '贵'"),
    ],
)
def test_other_wrong_headers(world: Take, header: str, words: str) -> None:
    taken = world("trades", f"{header}\n1\n")

    assert any(words in row["message"] for row in taken.rejects)
    assert taken.outcome.refused


@pytest.mark.parametrize("content", [text([TRADE]).replace("\n", "\r"), "x" * 2_000_000 + "\n1\n"], ids=["cr", "long"])
def test_a_first_line_that_is_no_header_is_said(world: Take, content: str) -> None:
    taken = world("trades", content)

    assert taken.codes == [(1, "E_COLUMN", "")]
    assert "the first line cannot be read as a header: end each line with LF or CRLF" in taken.outcome.refused
    assert not Trade.objects.exists()


def test_of_many_unknown_columns_three_are_named_and_the_others_counted(world: Take) -> None:
    header = text([TRADE]).splitlines()[0]

    taken = world("trades", f"{header},{','.join(f'column{i}' for i in range(100_000))}\n")

    assert taken.codes == [(1, "E_COLUMN", name) for name in ("column0", "column1", "column2", "")]
    assert taken.rejects[3]["message"] == "99,997 further columns are not columns of trades"


def test_a_header_in_another_encoding_is_said(world: Take) -> None:
    taken = world("trades", "日期,价格\n1,2\n".encode("gb18030"))

    assert taken.codes == [(1, "E_ENCODING", "")]


def test_a_cut_off_gzip_loses_its_last_line_only(world: Take, tmp_path: Path) -> None:
    packed = gzip.compress(_trades(tmp_path).read_bytes())
    (tmp_path / "cut.csv.gz").write_bytes(packed[:-12])

    taken = world("trades", tmp_path / "cut.csv.gz")

    assert taken.outcome.rejected == 1
    assert taken.codes[0][1] == "E_COLUMN"
    assert "cut off" in taken.rejects[0]["message"]
    assert Trade.objects.count() == taken.outcome.accepted == taken.outcome.lines - 1 > 0


def test_an_empty_file_is_refused(world: Take) -> None:
    with pytest.raises(BadFile, match=r"file is empty\."):
        world("trades", b"")


def test_a_file_with_a_header_alone_has_no_lines(world: Take) -> None:
    assert world("trades", text([TRADE]).splitlines()[0] + "\n").outcome.lines == 0


def test_every_problem_of_a_line_is_told(world: Take) -> None:
    taken = world("trades", [TRADE | {"quantity": "0", "side": "hold", "day": "20.11.2026", "net_amount": ""}])

    assert sorted(taken.codes) == [
        (2, "E_ENUM", "side"), (2, "E_RANGE", "quantity"), (2, "E_REQUIRED", "net_amount"), (2, "E_TYPE", "day"),
    ]  # fmt: skip
    assert taken.counts == (0, 0, 1)
    assert taken.outcome.codes == {"E_ENUM": 1, "E_RANGE": 1, "E_REQUIRED": 1, "E_TYPE": 1}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("amount", "145,000.00"), ("amount", "1.45e5"), ("amount", "145_000"), ("amount", "+145000"),
        ("amount", "145000.001"), ("amount", "nan"), ("amount", "9" * 19), ("day", "2026-1-20"), ("day", "2026/11/20"),
        ("day", "20261320"), ("time", "10:02:31"), ("time", "2026-11-20"),
    ],
)  # fmt: skip
def test_what_is_no_plain_value_is_rejected(world: Take, column: str, value: str) -> None:
    taken = world("trades", [TRADE | {column: value}])

    assert (2, "E_TYPE", column) in taken.codes
    assert taken.counts == (0, 0, 1)


def test_other_ways_to_write_the_same_are_read(world: Take) -> None:
    same = {"day": "20261120", "time": "2026-11-20T02:02:31Z", "amount": "145000.0000", "side": " buy "}

    taken = world("trades", [TRADE])
    again = world("trades", [TRADE | same])

    assert (taken.counts, again.counts) == ((1, 0, 0), (0, 1, 0))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"maps": ["x"]}, "write --map THEIRS=OURS"),
        ({"maps": ["x=prize"]}, r"no column 'prize' \(did you mean price\?\)"),
        ({"maps": ["x=price"]}, "--map x: the file has no such column"),
        ({"sets": ["prize=1"]}, "--set: trades has no column 'prize'"),
        ({"sets": ["price=1"]}, "--set price: the file has this column"),
        ({"skips": ["x"]}, "--skip x: the file has no such column"),
        ({"scales": ["code=100"]}, "only numbers can be scaled"),
        ({"scales": ["price=much"]}, "'much' is not a number"),
        ({"scales": ["price=0"]}, "a number above 0"),
        ({"delimiter": ",,"}, "give one character"),
        ({"encoding": "utf-16"}, "Save the file as UTF-8"),
        ({"encoding": "klingon"}, "there is no such encoding"),
    ],
)
def test_an_option_that_does_not_fit_is_said_and_nothing_taken(world: Take, options: dict, words: str) -> None:
    with pytest.raises(BadUsage, match=words):
        world("trades", [TRADE], **options)

    assert not Trade.objects.exists()


def test_an_escaped_nul_in_an_object_rejects_its_line_alone(world: Take) -> None:
    rows = [TRADE, TRADE | {"trade_no": "2", "code": "6005\x0019"}, TRADE | {"trade_no": r"\u0000"}]

    taken = world("trades", "\n".join(map(json.dumps, rows)) + "\n")

    assert taken.codes == [(2, "E_ENCODING", "")]
    assert taken.counts == (2, 0, 1)
    assert set(Trade.objects.values_list("trade_no", flat=True)) == {TRADE["trade_no"], r"\u0000"}


def test_what_postgresql_refuses_while_copying_is_an_error_of_django(db: None) -> None:
    with Staging(find("trades"), frozenset(), NOW) as staging, pytest.raises(Error, match="invalid byte sequence"):
        with transaction.atomic():
            staging.reject([Problem(1, "E_RANGE", "", "\0")])
