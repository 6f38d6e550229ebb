"""Which strategies of the library live in a new house, and of whom somebody is held out."""

from collections import Counter

import pytest

from clients.portrait import selectors as portrait
from kpm.engine.check import compile_condition
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.services import library
from kpm.strategies.services.library.anchors import anchor_of
from kpm.strategies.services.library.goals import goal_of, held_out

LIFECYCLES = ("acquisition", "growth", "maturity", "retention")
LINES = ("trading", "news", "product", "margin")
ASKED_FOR = {  # what the branch wants to hear of early
    "RET-TRD-004": "frequency drop", "RET-TRD-009": "custody transfer out", "RET-TRD-003": "soft churn",
    "RET-PRD-001": "all products redeemed", "RET-MRG-001": "margin balance to zero",
    "ACQ-NWS-003": "the same security again and again",
}  # fmt: skip
# Nobody is held out of them although the client asked for nothing: no goal that both arms can have, or harm
# (docs/adr/0009).
SPARED = {"MAT-ACC-005", "RET-ACC-002", "RET-MRG-001", "RET-PRD-001", "RET-TRD-007"}


def ready(one: library.Entry) -> bool:
    """Whether everything that it reads has a source and its object has a key."""
    read = compile_condition(one["trigger"], catalogue()).features
    return not portrait.waiting_features().keys() & set(read) and not anchor_of(one).waits


@pytest.fixture(scope="module")
def live() -> dict[str, library.Entry]:
    return {one.code: one for one in library.read_library() if one["active_by_default"] and ready(one)}


def test_97_live_and_the_others_that_are_on_wait_for_a_source(live: dict[str, library.Entry]) -> None:
    on = {one.code for one in library.read_library() if one["active_by_default"]}

    assert (len(on), len(live)) == (127, 97)


@pytest.mark.parametrize("lifecycle", LIFECYCLES)
def test_each_lifecycle_lives_in_each_line_of_business(live: dict[str, library.Entry], lifecycle: str) -> None:
    lines = Counter(one["business"] for one in live.values() if one["lifecycle"] == lifecycle)

    assert [line for line in LINES if not lines[line]] == []


def test_what_the_branch_wants_to_hear_of_early_is_among_them(live: dict[str, library.Entry]) -> None:
    assert ASKED_FOR.keys() - live.keys() == set()


def test_somebody_is_held_out_of_at_least_45(live: dict[str, library.Entry]) -> None:
    held = [one.code for one in live.values() if held_out(one, goal_of(one))[0]]

    assert len(held) >= 45


def test_hold_out_follows_the_purpose(live: dict[str, library.Entry]) -> None:
    asked = {code: held_out(one, goal_of(one))[0] for code, one in live.items()}
    may = {code for code, one in live.items() if one["purpose"] in ("service", "marketing")}
    own = {code for code in may if live[code].get("holdout_reason") == "own_request"}

    assert {asked[code] for code in live.keys() - may | own} == {0}
    assert {asked[code] for code in may - own - SPARED} == {10}
    assert {asked[code] for code in SPARED} == {0}
