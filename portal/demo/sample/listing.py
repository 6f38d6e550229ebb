"""The securities of the sample: invented companies under codes that no listed company bore at the time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

LIMIT_PCT = {"main": 10, "star": 20, "gem": 20, "bse": 30, "": 10}
ST_LIMIT_PCT = 5


@dataclass(frozen=True)
class Listing:
    """One security.

    It moves round the price `start`, usually by `swing` 1/10,000 a day; `former` is its earlier name with pinyin.
    """

    exchange: str
    code: str
    name: str
    pinyin: str
    board: str
    industry: str
    start: str
    list_date: date
    swing: int = 110
    lot: int = 100
    tick: str = "0.01"
    dividend: str = "0"
    margin: bool = False
    risk_flag: str = "none"
    former: tuple[str, str] | None = None
    renamed: date | None = None

    @property
    def key(self) -> tuple[str, str]:
        """(exchange, code)."""
        return self.exchange, self.code

    @property
    def symbol(self) -> str:
        """As shown: 603849.SH."""
        return f"{self.code}.{self.exchange}"

    @property
    def stock(self) -> bool:
        """True for a company's share; the other listings are exchange-traded funds."""
        return self.board != ""

    @property
    def limit_pct(self) -> int:
        """Daily limit in per cent of the previous close."""
        return ST_LIMIT_PCT if self.risk_flag == "st" and self.board == "main" else LIMIT_PCT[self.board]

    def price(self, ticks: int) -> Decimal:
        """Turn a number of ticks into a price in CNY."""
        return ticks * Decimal(self.tick)

    def ticks(self) -> int:
        """Return the starting price in ticks."""
        return int(Decimal(self.start) / Decimal(self.tick))


def _star(code: str, name: str, pinyin: str, industry: str, start: str, listed: date) -> Listing:
    return Listing("SH", code, name, pinyin, "star", industry, start, listed, swing=180, lot=200)


def _gem(code: str, name: str, pinyin: str, industry: str, start: str, listed: date) -> Listing:
    return Listing("SZ", code, name, pinyin, "gem", industry, start, listed, swing=170)


LISTINGS = (
    Listing("SH", "600950", "示例银行", "SLYH", "main", "银行", "6.80", date(2004, 5, 18), 70,
            dividend="0.004", margin=True),
    Listing("SH", "601911", "示例电力", "SLDL", "main", "电力", "9.35", date(2007, 9, 6), 80,
            dividend="0.003", margin=True),
    Listing("SH", "603849", "示例酒业", "SLJY", "main", "白酒", "42.60", date(2015, 3, 12), margin=True),
    Listing("SH", "603925", "示例港口", "SLGK", "main", "港口", "5.12", date(2012, 7, 25)),
    Listing("SH", "605940", "示例家居", "SLJJ", "main", "家居", "18.74", date(2019, 11, 14)),
    Listing("SH", "601983", "示例保险", "SLBX", "main", "保险", "31.20", date(2010, 12, 2), margin=True),
    Listing("SH", "603973", "示例食品", "SLSP", "main", "食品", "24.15", date(2017, 6, 8)),
    Listing("SH", "600494", "ST示纺", "STSF", "main", "纺织", "3.06", date(1999, 8, 20), 90, risk_flag="st",
            former=("示例纺织", "SLFZ"), renamed=date(2022, 4, 29)),
    Listing("SZ", "000770", "样例地产", "YLDC", "main", "房地产", "7.48", date(1997, 10, 16)),
    Listing("SZ", "000854", "样例家电", "YLJD", "main", "家电", "38.90", date(2000, 3, 30), margin=True),
    Listing("SZ", "001938", "样例物流", "YLWL", "main", "物流", "12.05", date(2021, 5, 27)),
    Listing("SZ", "003940", "样例医药", "YLYY", "main", "医药", "16.33", date(2020, 9, 10)),
    Listing("SZ", "002794", "样例新材", "YLXC", "main", "化工", "10.88", date(2016, 4, 21),
            former=("样例化纤", "YLHX"), renamed=date(2021, 1, 11)),
    _star("688939", "演示芯片", "YSXP", "半导体", "58.40", date(2020, 7, 22)),
    _star("688951", "演示生物", "YSSW", "生物医药", "27.66", date(2020, 10, 28)),
    _star("688963", "演示软件", "YSRJ", "软件", "35.10", date(2021, 3, 17)),
    _star("688988", "演示材料", "YSCL", "新材料", "19.52", date(2021, 8, 4)),
    _gem("301940", "演示电池", "YSDC", "电池", "46.25", date(2021, 9, 15)),
    _gem("300714", "演示光电", "YSGD", "光电", "22.18", date(2015, 11, 5)),
    _gem("301958", "演示传媒", "YSCM", "传媒", "13.47", date(2021, 12, 9)),
    _gem("300974", "演示医疗", "YSYL", "医疗器械", "29.80", date(2021, 4, 28)),
    _gem("302940", "演示智造", "YSZZ", "自动化", "17.92", date(2022, 6, 23)),
    Listing("BJ", "920951", "虚构机械", "XGJX", "bse", "机械", "11.26", date(2022, 3, 8), 220),
    Listing("SH", "511005", "示例国债ETF", "SLGZETF", "", "债券基金", "108.250", date(2013, 3, 25), 8,
            tick="0.001"),
)  # fmt: skip
BY_KEY = {listing.key: listing for listing in LISTINGS}


def rows(listings: Iterable[Listing] = LISTINGS) -> Iterator[dict[str, object]]:
    """Yield the lines of the securities file: one per security and name, the names by their first day."""
    for listing in listings:
        if listing.former:
            yield _row(listing, *listing.former, listing.list_date)
        yield _row(listing, listing.name, listing.pinyin, listing.renamed or listing.list_date)


def _row(listing: Listing, name: str, pinyin: str, since: date) -> dict[str, object]:
    # Every line of a security carries its facts of today; only name and pinyin belong to a period.
    return {
        "exchange": listing.exchange, "code": listing.code, "name_from": since, "name": name,
        "short_pinyin": pinyin, "type": "stock" if listing.stock else "etf", "board": listing.board,
        "status": "listed", "list_date": listing.list_date, "lot": listing.lot, "tick": listing.tick,
        "unit": 1, "t_plus": 1 if listing.stock else 0, "currency": "CNY", "risk_flag": listing.risk_flag,
        "margin_flag": listing.margin, "short_flag": False,
        "collateral_ratio": "0.70" if listing.margin else "0.00", "connect_flag": listing.margin,
        "industry": listing.industry,
        "fullname": f"{listing.name}股份有限公司" if listing.stock else f"{listing.name}（交易型开放式基金）",
    }  # fmt: skip
