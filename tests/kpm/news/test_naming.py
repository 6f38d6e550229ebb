"""Securities in a text: by code, by the longest name, on the days on which it was theirs."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kpm.news.naming import Dictionary, Listing, Naming, Story, links
from kpm.news.rules import rules

DAY = date(2026, 11, 20)
DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
MOUTAI, PINGAN_BANK, INDEX, ROBOT, WANKE, NEW, OLD_OWNER, NEW_OWNER, SMIC, TENCENT = range(1, 11)
LISTINGS = [
    Listing(MOUTAI, "SH", "600519", stock=True),
    Listing(PINGAN_BANK, "SZ", "000001", stock=True),
    Listing(INDEX, "SH", "000001", stock=False),
    Listing(ROBOT, "SZ", "300024", stock=True),
    Listing(WANKE, "SZ", "000002", stock=True),
    Listing(NEW, "SZ", "002024", stock=True),
    Listing(OLD_OWNER, "BJ", "830001", stock=True, until=date(2025, 6, 30)),
    Listing(NEW_OWNER, "BJ", "920001", stock=True),
    Listing(SMIC, "SH", "688981", stock=True),
    Listing(TENCENT, "HK", "00700", stock=True),
]
NAMINGS = [
    Naming(MOUTAI, "贵州茅台"),
    Naming(PINGAN_BANK, "平安银行"),
    Naming(PINGAN_BANK, "深发展A"),
    Naming(INDEX, "上证指数"),
    Naming(ROBOT, "机器人"),
    Naming(WANKE, "万科A"),
    Naming(WANKE, "万科"),
    Naming(NEW, "苏宁电器", date(2004, 7, 21), date(2013, 2, 20)),
    Naming(NEW, "苏宁云商", date(2013, 2, 21), date(2018, 2, 6)),
    Naming(NEW, "苏宁易购", date(2018, 2, 7)),
    Naming(OLD_OWNER, "三元基因"),
    Naming(NEW_OWNER, "三元基因"),
    Naming(SMIC, "中芯国际-U"),
    Naming(TENCENT, "腾讯控股"),
]
BOOK = Dictionary(LISTINGS, NAMINGS, rules())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("贵州茅台今日上涨", [MOUTAI]),
        ("600519 今日上涨", [MOUTAI]),
        ("600519.SH、sz000001 与 00700.HK", [MOUTAI, PINGAN_BANK, TENCENT]),
        ("公司（600519）公告", [MOUTAI]),
        ("ＳＨ６００５１９", [MOUTAI]),
        ("000001今日收涨", [PINGAN_BANK]),
        ("000001.SH收涨", [INDEX]),
        ("万 科Ａ公告", [WANKE]),
        ("中芯国际公告", [SMIC]),
        ("平安银行：贵州茅台；平安银行", [PINGAN_BANK, MOUTAI]),
    ],
)
def test_a_security_is_found_by_code_and_by_name(text: str, found: list[int]) -> None:
    assert BOOK.find(text, DAY) == found


@pytest.mark.parametrize(
    "text",
    [
        "成交600519元", "成交600519 万元", "电话1600519", "6005191", "0.600519", "600519.5", "邮编：600519", "A600519",
        "601398", "600519.SZ", "万科公告", "机器人产业大会", "茅台镇", "",
    ],
)  # fmt: skip
def test_other_numbers_and_words_are_none(text: str) -> None:
    assert BOOK.find(text, DAY) == []


def test_a_short_or_common_name_needs_the_code_beside_it() -> None:
    assert BOOK.find("机器人（300024）公告", DAY) == [ROBOT]
    assert BOOK.find("万科（000002.SZ）公告", DAY) == [WANKE]


@pytest.mark.parametrize(
    ("name", "day", "found"),
    [
        ("苏宁电器", date(2012, 1, 4), [NEW]), ("苏宁电器", date(2013, 2, 20), [NEW]),
        ("苏宁电器", date(2013, 2, 21), []),
        ("苏宁易购", date(2018, 2, 6), []), ("苏宁易购", date(2018, 2, 7), [NEW]), ("深发展A", DAY, [PINGAN_BANK]),
    ],
)  # fmt: skip
def test_a_former_name_counts_on_its_days_and_without_days_always(name: str, day: date, found: list[int]) -> None:
    assert BOOK.find(f"{name}公告", day) == found


def test_a_name_of_two_securities_is_that_of_the_one_still_listed() -> None:
    assert BOOK.find("三元基因公告", DAY) == [NEW_OWNER]
    assert BOOK.find("三元基因公告", date(2025, 6, 30)) == []


def story(title: str = "", body: str = "", **fields: Any) -> Story:
    """An announcement of the day."""
    return Story(**{"title": title, "body": body, "kind": "announcement", "symbols": (), "day": DAY, **fields})


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (story("贵州茅台：复牌公告", "与平安银行签约"), {MOUTAI: (True, ["resume"]), PINGAN_BANK: (False, [])}),
        (story("复牌公告", "贵州茅台与平安银行"), {MOUTAI: (True, ["resume"]), PINGAN_BANK: (False, [])}),
        (story("", "贵州茅台收到立案告知书"), {MOUTAI: (True, ["probe"])}),
        (story("行业快讯", "", symbols=["600519.SH"]), {MOUTAI: (True, [])}),
        (story("平安银行快讯", "", symbols=["600519.SH"]), {PINGAN_BANK: (True, []), MOUTAI: (False, [])}),
        (story("贵州茅台停牌", "", kind="research"), {MOUTAI: (True, [])}),
        (story("行业快讯", "", symbols=["699999.SH"]), {}),
    ],
)  # fmt: skip
def test_the_subject_stands_in_the_title_and_the_event_is_his(
    told: Story, expected: dict[int, tuple[bool, list[str]]]
) -> None:
    assert links(told, BOOK) == expected


def test_an_article_that_names_very_many_is_a_list_and_tells_only_of_its_title() -> None:
    many = [Listing(n, "SH", f"60{n:04}", stock=True) for n in range(1, 40)]
    book = Dictionary(many, [], rules())
    body = "、".join(f"{one.code}.SH" for one in many)

    assert list(links(story("600001 领涨", body), book)) == [1]


@pytest.mark.parametrize(
    ("title", "kinds"),
    [
        ("关于收到中国证监会立案告知书的公告", ["probe"]),
        ("关于股东减持计划的预披露公告", ["reduction"]),
        ("关于控股股东承诺不减持公司股份的公告", []),
        ("2026年度业绩预亏公告", ["earnings_warning"]),
        ("业绩预告：预计扭亏为盈", []),
        ("关于公司股票被实施退市风险警示暨停牌的公告", ["st_on", "suspend"]),
        ("关于公司股票可能被实施退市风险警示的提示性公告", []),
        ("关于撤销其他风险警示的公告", ["st_off"]),
        ("关于申请撤销退市风险警示的公告", []),
        ("关于重大资产重组停牌进展的公告", []),
        ("关于“恒逸转债”赎回结果的公告", ["cb_redeem"]),
        ("关于不提前赎回“恒逸转债”的公告", []),
        ("首次公开发行限售股上市流通公告", ["unlock"]),
        ("澄清公告：公司未被立案调查", []),
        ("撤回：公司被立案调查", []),
        ("关于召开业绩说明会的公告", []),
    ],
)
def test_the_words_of_a_title_tell_the_event(title: str, kinds: list[str]) -> None:
    assert rules().events_of(title) == kinds


def test_no_entry_of_the_rules_is_empty_or_stands_twice() -> None:
    told = [(kind, " ".join(entry)) for kind, words in rules().events.items() for entry in words.any]

    assert all(words.any and all(words.any) for words in rules().events.values())
    assert len(told) == len(set(told))


@pytest.mark.skipif(not (DATA / "news" / "dev.jsonl").exists(), reason="the real news are not here")
def test_real_news_name_the_company_they_are_about() -> None:
    book = _real_book()
    lines = (DATA / "news" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    stories = [row for row in map(json.loads, lines) if row["source"] == "astock"]
    right = found = gold = 0

    for row in stories:
        day = date.fromisoformat(row["date"][:10])
        named = {book.listings[one].code for one in book.find(f"{row['title']}\n{row['text']}", day)}
        right += len(named & set(row["gold_codes"]))
        found, gold = found + len(named), gold + len(row["gold_codes"])

    assert (len(stories), gold) == (800, 800)
    assert right / gold >= 0.95
    assert right / found >= 0.93


def _real_book() -> Dictionary:
    with (DATA / "securities" / "stocks.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    listings = [Listing(n, row["exchange"], row["code"], stock=True) for n, row in enumerate(rows)]
    former = [Naming(n, name) for n, row in enumerate(rows) for name in row["former_names"].split("|") if name]
    return Dictionary(listings, [*(Naming(n, row["name"]) for n, row in enumerate(rows)), *former], rules())
