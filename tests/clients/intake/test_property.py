"""Whatever happens to a good file: every line is accepted, unchanged or rejected, and the record holds the accepted."""

import csv

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.ledger.models import Trade
from tests.clients.intake.lines import SALE, TRADE
from tests.clients.intake.taking import Take, text

Known = tuple[Take, list[Trade]]
GOOD = [(TRADE if i % 2 else SALE) | {"trade_no": f"{i:010d}", "quantity": "100"} for i in range(12)]
LINES = text(GOOD).splitlines()
CELLS = st.sampled_from(
    [
        "",
        "-1",
        "0",
        "x",
        "贵",
        "1e3",
        "2099-01-05",
        "600519",
        "699999",
        "SH",
        "sell",
        "100000001",
        "0000000003",
        '"',
        "a,b",
    ]
)
MUTATION = st.one_of(
    st.tuples(st.just("cell"), st.integers(1, 12), st.integers(0, 16), CELLS),
    st.tuples(st.just("cut"), st.integers(1, 12), st.integers(0, 80), st.just("")),
    st.tuples(st.just("copy"), st.integers(1, 12), st.integers(1, 12), st.just("")),
    st.tuples(st.just("bytes"), st.integers(1, 12), st.integers(0, 80), st.just("")),
)


def _mutated(mutations: list[tuple[str, int, int, str]]) -> bytes:
    lines = [line.encode() for line in LINES]
    for what, number, at, value in mutations:
        if what == "cell":
            cells = lines[number].split(b",")
            cells[at % len(cells)] = value.encode()
            lines[number] = b",".join(cells)
        elif what == "cut":
            lines[number] = lines[number][:at]
        elif what == "copy":
            lines.append(lines[at])
        else:
            lines[number] = lines[number][:at] + b"\xb9" + lines[number][at:]
    return b"\n".join(lines) + b"\n"


@pytest.fixture
def known(world: Take) -> Known:
    """A record that holds the first two trades of the file already."""
    assert world("trades", GOOD[:2]).counts == (2, 0, 0)
    return world, list(Trade.objects.all())


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mutations=st.lists(MUTATION, max_size=6))
def test_the_counts_add_up_and_the_record_holds_what_was_accepted(
    known: Known, mutations: list[tuple[str, int, int, str]]
) -> None:
    take, trades = known
    Trade.objects.all().delete()
    Trade.objects.bulk_create(trades)
    content = _mutated(mutations)

    taken = take("trades", content)

    outcome = taken.outcome
    rejected = {line for line, _code, _column in taken.codes}
    lines = {number: line for number, line in enumerate(content.split(b"\n")[1:], 2) if line.strip()}
    kept = {_key(line) for number, line in lines.items() if number not in rejected}
    assert outcome.accepted + outcome.unchanged + outcome.rejected == outcome.lines == len(lines)
    assert len(rejected) == outcome.rejected
    assert set(Trade.objects.values_list("trade_no", "side")) == kept | {(t.trade_no, t.side) for t in trades}
    assert Trade.objects.count() == len(trades) + outcome.accepted


def _key(line: bytes) -> tuple[str, str]:
    row = dict(zip(LINES[0].split(","), next(csv.reader([line.decode()])), strict=True))
    return row["trade_no"], row["side"]
