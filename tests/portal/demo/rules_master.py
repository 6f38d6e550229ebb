"""What the reference files of a sample must satisfy, worked out anew from the files (DOMAIN 5, 6); one rule each."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from tests.portal.demo.reading import Row, Sample, by, number

LIMIT = {"main": 10, "star": 20, "gem": 20, "bse": 30, "": 10}
PREFIXES = {
    ("SH", "main"): ("600", "601", "603", "605"), ("SH", "star"): ("688",), ("SH", ""): ("51",),
    ("SZ", "main"): ("000", "001", "002", "003"), ("SZ", "gem"): ("300", "301", "302"), ("BJ", "bse"): ("920",),
}  # fmt: skip
CREDIT_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def unique_keys(sample: Sample) -> None:
    keys = {
        "clients": ("client_no",),
        "accounts": ("kind", "market", "account_no"),
        "positions": ("day", "fund_account", "account_no", "exchange", "code"),
        "trades": ("day", "fund_account", "exchange", "trade_no", "side"),
        "cashflows": ("day", "fund_account", "flow_no"),
        "margin": ("row", "day", "credit_account", "contract_no"),
        "securities": ("exchange", "code", "name_from"),
        "bars": ("exchange", "code", "day"),
        "quotes": ("exchange", "code", "at"),
        "security_events": ("exchange", "code", "event_no"),
        "products": ("ta_code", "product_code", "as_of"),
        "news": ("source", "source_id"),
        "events": ("messageId",),
        "consents": ("client_no", "purpose", "version", "at"),
    }
    for kind, columns in keys.items():
        found = [tuple(row[column] for column in columns) for row in sample[kind]]
        assert len(set(found)) == len(found) > 0, kind


def bars_complete_and_chained(sample: Sample) -> None:
    bars = by(sample["bars"], "exchange", "code")
    assert len(bars) == len({(s["exchange"], s["code"]) for s in sample["securities"]}) == 24
    for rows in bars.values():
        assert [row["day"] for row in rows] == sample["days"]
        assert all(now["prev_close"] == before["close"] for before, now in pairwise(rows))


def bars_inside_limits(sample: Sample) -> None:
    facts = {(s["exchange"], s["code"]): s for s in sample["securities"]}
    for bar in sample["bars"]:
        security = facts[bar["exchange"], bar["code"]]
        up, down = _limits(bar, security)
        assert (number(bar["limit_up"]), number(bar["limit_down"])) == (up, down)
        assert down <= number(bar["close"]) <= up
        if bar["status"] == "trading":
            low, high = number(bar["low"]), number(bar["high"])
            assert down <= low <= min(number(bar["open"]), number(bar["close"]))
            assert max(number(bar["open"]), number(bar["close"])) <= high <= up
            assert low <= number(bar["amount"]) / number(bar["volume"]) <= high


def one_suspended_stretch(sample: Sample) -> None:
    still = [bar for bar in sample["bars"] if bar["status"] == "suspended"]
    assert {(bar["exchange"], bar["code"]) for bar in still} == {("SZ", "000770")}
    assert [bar["day"] for bar in still] == sample["days"][-30:-23]
    assert all(bar["volume"] == "0" and bar["close"] == bar["prev_close"] for bar in still)
    told = {event["kind"]: event for event in sample["security_events"] if event["code"] == "000770"}
    assert (told["suspend"]["ex_date"], told["suspend"]["last_day"]) == (still[0]["day"], still[-1]["day"])
    assert told["resume"]["ex_date"] == sample["days"][-23]


def dividends_are_announced_and_paid(sample: Sample) -> None:
    told = {(e["pay_date"], e["exchange"], e["code"]): number(e["value"]) for e in sample["security_events"]}
    for flow in (flow for flow in sample["cashflows"] if flow["kind"] == "dividend"):
        assert told[flow["day"], flow["exchange"], flow["code"]] > 0
    for event in (event for event in sample["security_events"] if event["kind"] == "dividend"):
        assert event["announced_on"] < event["record_date"] < event["ex_date"] == event["pay_date"]


def codes_fit_their_boards(sample: Sample) -> None:
    for security in sample["securities"]:
        assert security["code"].startswith(PREFIXES[security["exchange"], security["board"]])
        assert security["lot"] == ("200" if security["board"] == "star" else "100")


def quotes_are_the_close(sample: Sample) -> None:
    closes = {(b["exchange"], b["code"]): b["close"] for b in sample["bars"] if b["day"] == sample["days"][-1]}
    assert {(q["exchange"], q["code"]): q["last"] for q in sample["quotes"]} == closes
    assert {q["at"] for q in sample["quotes"]} == {f"{sample['days'][-1]}T15:00:00"}


def products_fit_their_investors(sample: Sample) -> None:
    assert [p["risk_level"] for p in sample["products"]] == ["1", "2", "3", "4", "5"]
    for product in sample["products"]:
        private = product["kind"] == "private"
        assert product["investor"] == ("qualified" if private else "any")
        assert (int(product["cooling_off_hours"]) >= 24) == private
        assert number(product["nav"]) > 0
        assert len(product["doc_sha256"]) == 64


def id_numbers_valid(sample: Sample) -> None:
    for client in sample["clients"]:
        if client["kind"] == "organisation":
            values = [CREDIT_CODE.index(char) * pow(3, i, 31) for i, char in enumerate(client["id_no"][:-1])]
            assert (sum(values) + CREDIT_CODE.index(client["id_no"][-1])) % 31 == 0
        else:
            digits = [10 if char == "X" else int(char) for char in client["id_no"]]
            assert sum(digit * 2 ** (17 - i) for i, digit in enumerate(digits)) % 11 == 1
            assert client["id_no"][6:14] == client["birth_date"].replace("-", "")
            assert (int(client["id_no"][16]) % 2 == 1) == (client["sex"] == "M")
        assert client["id_valid_to"] > sample["days"][-1] > client["id_valid_from"]
    assert len({client["id_no"] for client in sample["clients"]}) == len(sample["clients"])


def clients_consistent(sample: Sample) -> None:
    for client in sample["clients"]:
        risk = [client[name] for name in ("risk_level", "risk_lowest", "risk_assessed_on", "risk_valid_to")]
        assert all(risk) or not any(risk)
        assert client["opened_on"] <= sample["days"][-1]
        branch = {"E0101": "HF01", "E0102": "HF01", "E0201": "NJ01", "": "HF01"}[client["manager_no"]]
        assert client["branch"] == branch
        if client["birth_date"]:
            opened, born = date.fromisoformat(client["opened_on"]), date.fromisoformat(client["birth_date"])
            assert opened.year - born.year >= 18


def accounts_consistent(sample: Sample) -> None:
    clients = {client["client_no"]: client for client in sample["clients"]}
    main = [(a["client_no"], a["kind"]) for a in sample["accounts"] if a["main"] == "1"]
    assert len(set(main)) == len(main)
    assert {client_no for client_no, kind in main if kind == "fund"} == set(clients)
    for account in sample["accounts"]:
        client = clients[account["client_no"]]
        assert account["branch"] == client["branch"]
        assert bool(account["closed_on"]) == (account["status"] == "closed") == (client["status"] == "closed")
        assert client["opened_on"] <= account["opened_on"] <= sample["days"][-1]
    funds = {a["client_no"] for a in sample["accounts"] if a["kind"] == "fund"}
    assert {a["client_no"] for a in sample["accounts"] if a["kind"] == "credit_fund"} <= funds


def nothing_after_the_data_date(sample: Sample) -> None:
    last = f"{sample['days'][-1]}T15:00:00"
    assert max(t["time"] for t in sample["trades"]) <= last
    assert max(n["published_at"] for n in sample["news"]) <= last
    assert max(e["timestamp"] for e in sample["events"]) <= last
    assert max(c["at"] for c in sample["consents"]) <= last


def events_and_news_refer_to_what_exists(sample: Sample) -> None:
    active = {c["client_no"] for c in sample["clients"] if c["status"] == "active"}
    symbols = {f"{s['code']}.{s['exchange']}" for s in sample["securities"]}
    for event in sample["events"]:
        assert event.get("userId") in active or event["anonymousId"]
        assert event["properties"].get("symbol") in symbols | {None}
    assert len(sample["news"]) == 20
    assert {s for n in sample["news"] for s in n.get("symbols", "").split(";") if s} <= symbols


CHECKS = (
    unique_keys,
    bars_complete_and_chained,
    bars_inside_limits,
    one_suspended_stretch,
    dividends_are_announced_and_paid,
    codes_fit_their_boards,
    quotes_are_the_close,
    products_fit_their_investors,
    id_numbers_valid,
    clients_consistent,
    accounts_consistent,
    nothing_after_the_data_date,
    events_and_news_refer_to_what_exists,
)


def _limits(bar: Row, security: Row) -> tuple[Decimal, Decimal]:
    share = Decimal(5 if security["risk_flag"] == "st" else LIMIT[security["board"]]) / 100
    prev, tick = number(bar["prev_close"]), number(security["tick"])
    up, down = ((prev * (1 + move)).quantize(tick, ROUND_HALF_UP) for move in (share, -share))
    return up, down
