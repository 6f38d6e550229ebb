"""The sample branch: its files keep every rule of the import, and its story holds with every seed."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.demo.sample import story, write_sample
from tests.portal.demo import rules_ledger, rules_master
from tests.portal.demo.reading import DATA_DATE, Sample, number, read_sample, trading_days

CHECKS = (*rules_master.CHECKS, *rules_ledger.CHECKS)
ORDER = [
    "securities", "bars", "security_events", "products", "clients", "accounts", "consents", "cashflows", "trades",
    "positions", "margin", "news", "events", "quotes",
]  # fmt: skip


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return read_sample(tmp_path_factory.mktemp("sample"), count=250, clients=30, seed=1)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_branch_of_thirty_keeps_the_rule(sample: Sample, check: Callable[[Sample], None]) -> None:
    check(sample)


@settings(max_examples=6, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), count=st.integers(60, 100), clients=st.integers(13, 24))
def test_every_seed_keeps_the_rules_and_the_story(seed: int, count: int, clients: int) -> None:
    with TemporaryDirectory() as folder:
        sample = read_sample(Path(folder), count=count, clients=clients, seed=seed)

    for check in CHECKS:
        check(sample)
    assert len(sample["clients"]) == clients
    assert _matches(sample) == story.EXPECTED


def test_the_files_come_in_import_order_and_all_kinds_are_there(tmp_path: Path) -> None:
    files = write_sample(tmp_path, trading_days=trading_days(60))

    assert [kind for kind, _ in files] == ORDER
    assert sorted(file for _, file in files) == sorted(tmp_path.iterdir())


def test_the_same_seed_writes_the_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    first = write_sample(tmp_path / "a", trading_days=trading_days(60), seed=7)
    again = write_sample(tmp_path / "b", trading_days=trading_days(60), seed=7)
    other = write_sample(tmp_path / "c", trading_days=trading_days(60), seed=8)

    assert [file.read_bytes() for _, file in first] == [file.read_bytes() for _, file in again]
    changed = [kind for kind, a, c in _pairs(first, other) if a.read_bytes() != c.read_bytes()]
    assert set(ORDER) - set(changed) == {"securities", "security_events", "products"}


def test_exactly_the_people_of_the_story_meet_the_three_conditions(sample: Sample) -> None:
    assert _matches(sample) == story.EXPECTED


def test_the_concentrated_client_and_the_big_move_are_as_told(sample: Sample) -> None:
    heavy, gainer = (_portrait(sample, who.client_no) for who in (story.CONCENTRATED, story.BIG_MOVE))

    assert (heavy["top"], gainer["top"]) == (story.HEAVY, story.GAINER)
    assert heavy["top_ratio"] > Decimal("0.8")
    assert heavy["value"] >= 400_000
    assert Decimal("0.4") < gainer["top_ratio"] < Decimal("0.6")
    assert Decimal("7.9") < gainer["change"] < Decimal("8.1")
    assert [_client(sample, who)["branch"] for who in (story.CONCENTRATED, story.BIG_MOVE)] == ["HF01", "NJ01"]
    assert _client(sample, story.CONCENTRATED)["manager_no"] == "E0101"


def test_only_the_refuser_of_the_two_quiet_starters_withdrew_marketing(sample: Sample) -> None:
    assert [r["given"] for r in _marketing(sample, story.QUIET_STARTER)] == ["1"]
    assert [r["given"] for r in _marketing(sample, story.QUIET_REFUSER)] == ["1", "0"]


def test_the_special_clients_are_as_told(sample: Sample) -> None:
    clients = sample["clients"][:13]

    assert [c["name"] for c in clients] == [who.name for who in story.CAST]
    assert _client(sample, story.EXPIRED)["risk_valid_to"] < DATA_DATE.isoformat()
    assert [c["client_no"] for c in sample["clients"] if not c["risk_level"]] == [story.UNASSESSED.client_no]
    assert [c["client_no"] for c in sample["clients"] if c["risk_lowest"] == "1"] == [story.LOWEST.client_no]
    assert [c["client_no"] for c in sample["clients"] if c["kind"] == "organisation"] == [story.COMPANY.client_no]
    assert [c["client_no"] for c in sample["clients"] if c["status"] == "dormant"] == [story.DORMANT.client_no]
    assert [c["client_no"] for c in sample["clients"] if c["status"] == "closed"] == [story.CLOSED.client_no]


def test_the_lowest_class_holds_the_bond_fund_alone_and_margin_clients_have_their_contracts(sample: Sample) -> None:
    lowest = {(p["exchange"], p["code"]) for p in sample["positions"] if p["fund_account"] == "100000007"}
    today = [r for r in sample["margin"] if r["day"] == sample["days"][-1] and r["row"] == "contract"]

    assert lowest == {story.BOND_FUND}
    assert [r["credit_account"] for r in today] == ["E000000011", "E000000012", "E000000013", "E000000013"]


def test_a_renamed_security_has_one_line_per_name(sample: Sample) -> None:
    names = [(s["name"], s["name_from"]) for s in sample["securities"] if s["code"] in ("600494", "002794")]

    assert names == [
        ("示例纺织", "1999-08-20"), ("ST示纺", "2022-04-29"), ("样例化纤", "2016-04-21"), ("样例新材", "2021-01-11"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("days", "clients", "message"),
    [
        (trading_days(59), 30, "The sample needs at least 60 trading days, 59 were given."),
        (trading_days(60)[::-1], 30, "Trading days must ascend, each given once."),
        (trading_days(60), 12, "The cast of the sample has 13 clients, 12 were asked for."),
        (
            trading_days(60, date(2023, 2, 1)), 30,
            "The sample begins on 2023-01-01 at the earliest, not on 2022-11-10.",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_made_is_refused_and_nothing_is_written(
    tmp_path: Path, days: list[date], clients: int, message: str
) -> None:
    with pytest.raises(ValueError) as refusal:
        write_sample(tmp_path / "none", trading_days=days, clients=clients)

    assert str(refusal.value) == message
    assert not (tmp_path / "none").exists()


def _matches(sample: Sample) -> dict[str, tuple[str, ...]]:
    portraits = {c["client_no"]: _portrait(sample, c["client_no"]) for c in sample["clients"]}
    conditions: dict[str, Callable[[dict], bool]] = {
        "MAT-TRD-019": lambda p: p["top_ratio"] >= Decimal("0.7") and p["value"] >= 200_000,
        "MAT-TRD-016": lambda p: p["top_ratio"] >= Decimal("0.3") and abs(p["change"]) >= 7 and not p["at_limit"],
        "GRW-TRD-001": lambda p: (
            15 <= p["since_first"] <= 45 and p["trade_days"] <= 1 and p["cash_ratio"] >= Decimal("0.8")
        ),
    }
    return {code: tuple(no for no, p in portraits.items() if met(p)) for code, met in conditions.items()}


def _portrait(sample: Sample, client_no: str) -> dict:
    """The ten features the three conditions need, straight from the files."""
    accounts = {a["account_no"] for a in sample["accounts"] if a["client_no"] == client_no}
    trades = [t["day"] for t in sample["trades"] if t["fund_account"] in accounts]
    last = {f["fund_account"]: number(f["balance_after"]) for f in sample["cashflows"]}
    cash = sum((last.get(account, Decimal(0)) for account in accounts), Decimal(0))
    held = _held_at_t(sample, accounts)
    value = sum(held.values(), Decimal(0))
    top = max(held, key=lambda key: (held[key], key), default=None)
    total = cash + value or Decimal(1)
    facts = {"value": value, "top": top, "top_ratio": held.get(top, Decimal(0)) / total, "cash_ratio": cash / total}
    return facts | _moved(sample, top) | _traded(trades)


def _held_at_t(sample: Sample, accounts: set[str]) -> dict[tuple[str, str], Decimal]:
    held: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in sample["positions"]:
        if row["day"] == sample["days"][-1] and row["fund_account"] in accounts:
            held[row["exchange"], row["code"]] += number(row["market_value"])
    return held


def _moved(sample: Sample, key: tuple[str, str] | None) -> dict:
    for bar in sample["bars"][-24:]:
        if (bar["exchange"], bar["code"]) == key:
            change = (number(bar["close"]) / number(bar["prev_close"]) - 1) * 100
            return {"change": change, "at_limit": bar["close"] in (bar["limit_up"], bar["limit_down"])}
    return {"change": Decimal(0), "at_limit": False}


def _traded(days: list[str]) -> dict:
    month = (DATA_DATE - timedelta(days=29)).isoformat()
    first = (DATA_DATE - date.fromisoformat(min(days))).days if days else -1
    return {"since_first": first, "trade_days": len({day for day in days if day >= month})}


def _client(sample: Sample, who: story.Character) -> dict[str, str]:
    return next(c for c in sample["clients"] if c["client_no"] == who.client_no)


def _marketing(sample: Sample, who: story.Character) -> list[dict[str, str]]:
    own = [r for r in sample["consents"] if r["client_no"] == who.client_no]
    return sorted((r for r in own if r["purpose"] == "marketing"), key=lambda r: r["at"])


def _pairs(one: list[tuple[str, Path]], other: list[tuple[str, Path]]) -> list[tuple[str, Path, Path]]:
    return [(kind, a, b) for (kind, a), (_, b) in zip(one, other, strict=True)]
