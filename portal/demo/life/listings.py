"""About sixty securities: those of the sample and as many invented companies again, with a few funds.

A client may prefer an industry, so each of them has several companies: what the rows name is gathered into ten.
"""

from dataclasses import replace
from datetime import date

from portal.demo.sample.dice import dice
from portal.demo.sample.listing import LISTINGS as SAMPLE
from portal.demo.sample.listing import Listing

# Prefix of the name, exchange, first code, board; then one industry and short name for each company.
ROWS: tuple[tuple[str, str, int, str, tuple[str, ...]], ...] = (
    ("示例", "SH", 605901, "main", (
        "煤炭/能源", "钢铁/钢铁", "证券/证券", "建筑/建工", "水泥/建材", "航空/航空", "高速/公路", "乳业/乳品",
        "零售/商贸", "环保/环保", "燃气/燃气", "重工/机械", "造船/船舶", "信托/多元金融",
    )),
    ("样例", "SZ", 3901, "main", (
        "农牧/养殖", "化肥/化工", "玻璃/建材", "纸业/造纸", "汽车/汽车", "旅游/旅游", "电缆/电气", "水务/水务",
        "服饰/纺织", "粮油/食品", "塑胶/化工", "港务/港口",
    )),
    ("演示", "SZ", 302901, "gem", (
        "数据/软件", "激光/光电", "检测/服务", "基因/生物医药", "传感/电子", "云算/软件", "储能/电池", "游艺/传媒",
    )),
)  # fmt: skip
FUNDS = (
    ("SH", "511006", "示例信用债ETF", "SLXYZETF", "100.500", 6),
    ("SH", "511007", "示例短债ETF", "SLDZETF", "101.200", 4),
)
# An industry, and what the rows above and the sample name that belongs to it.
GATHERED = {
    "金融": ("银行", "保险", "证券", "多元金融"),
    "食品饮料": ("白酒", "食品", "乳品", "养殖"),
    "消费": ("家居", "家电", "纺织", "商贸", "旅游"),
    "医药": ("医药", "生物医药", "医疗器械"),
    "电子": ("半导体", "光电", "电子", "新材料"),
    "软件传媒": ("软件", "传媒", "服务"),
    "能源": ("电力", "燃气", "能源", "电池", "电气"),
    "材料": ("化工", "建材", "钢铁", "造纸"),
    "制造": ("机械", "自动化", "船舶", "汽车", "环保"),
    "交通基建": ("港口", "物流", "航空", "公路", "房地产", "建工", "水务"),
}
INDUSTRIES = tuple(GATHERED)
PAYING = ("金融", "能源", "交通基建")  # their companies of the main boards pay dividends
DIVIDEND = "0.004"  # CNY a share: less than half a tick, so that no previous close is changed by it
INDUSTRY_OF = {named: industry for industry, every in GATHERED.items() for named in every}


def listings() -> tuple[Listing, ...]:
    """Return all securities of the branch that lives; the same ones with every seed."""
    made = [
        _company(prefix, exchange, first + k, board, *row.split("/"))
        for prefix, exchange, first, board, rows in ROWS
        for k, row in enumerate(rows)
    ]
    return (*(_gathered(one) for one in (*SAMPLE, *made)), *(_fund(*row) for row in FUNDS))


def _gathered(listing: Listing) -> Listing:
    """The listing under its industry."""
    industry = INDUSTRY_OF.get(listing.industry, listing.industry)
    pays = listing.board == "main" and industry in PAYING and listing.dividend == "0"
    return replace(listing, industry=industry, dividend=DIVIDEND if pays else listing.dividend)


def _company(prefix: str, exchange: str, code: int, board: str, name: str, industry: str) -> Listing:
    rng = dice(0, "listing", exchange, code)
    swing = rng.randint(60, 130) if board == "main" else rng.randint(130, 190)
    return Listing(
        exchange, f"{code:06d}", f"{prefix}{name}", "", board, industry, f"{rng.randint(400, 6000) / 100:.2f}",
        date(rng.randint(2010, 2021), rng.randint(1, 12), rng.randint(1, 28)), swing,
        margin=board == "main" and rng.randrange(3) == 0,
    )  # fmt: skip


def _fund(exchange: str, code: str, name: str, pinyin: str, start: str, swing: int) -> Listing:
    return Listing(exchange, code, name, pinyin, "", "债券基金", start, date(2014, 6, 3), swing, tick="0.001")
