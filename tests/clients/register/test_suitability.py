"""May this client take this product: the whole matrix from the seeded rows, every reason, and what always holds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.register.models import PermissionRule, SuitabilityRule
from clients.register.suitability import By, ClientFacts, Outcome, Rules, Subject, assess, client_class

NOW = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)  # half past midnight of 11-21 in Shanghai
TODAY = date(2026, 11, 21)
# DOMAIN 3.3: m match, w mismatch (only at the client's own request), b blocked; columns R1 to R5.
MATRIX = {
    "lowest": "m b b b b",
    "C1": "m w w w w",
    "C2": "m m w w w",
    "C3": "m m m w w",
    "C4": "m m m m w",
    "C5": "m m m m m",
    "professional": "m m m m m",
    "unknown": "b b b b b",
}
MARKS = {"m": Outcome.MATCH, "w": Outcome.WARN, "b": Outcome.BLOCK}
RULES = Rules({(row, n): MARKS[mark] for row, marks in MATRIX.items() for n, mark in enumerate(marks.split(), 1)})
BOB = ClientFacts(level=3, valid_to=TODAY, max_horizon_days=365, intended_kinds=frozenset({"equity", "bond"}))
FUND = Subject(level=3, term_days=90, kind="equity")


def facts_of(row: str) -> ClientFacts:
    """A client who stands in this row of the matrix."""
    if row == "lowest":
        return ClientFacts(level=1, lowest=True, valid_to=TODAY)
    if row == "professional":
        return ClientFacts(level=None, professional=True)
    return ClientFacts(level=None) if row == "unknown" else ClientFacts(level=int(row[1]), valid_to=TODAY)


@pytest.mark.django_db
def test_the_seeded_rows_are_the_matrix_of_the_domain() -> None:
    rows = SuitabilityRule.objects.filter(effective_from__lte=TODAY, effective_to__isnull=True)

    seeded = {(row.client_class, row.product_level): Outcome[row.outcome.upper()] for row in rows}

    assert seeded == RULES.matrix
    assert len(seeded) == 40


@pytest.mark.parametrize("by", list(By))
@pytest.mark.parametrize("row", MATRIX)
def test_every_cell_is_answered_as_it_says(row: str, by: By) -> None:
    expected = [MARKS[mark] for mark in MATRIX[row].split()]
    if by is By.BROKER:
        expected = [Outcome.BLOCK if outcome is Outcome.WARN else outcome for outcome in expected]

    verdicts = [assess(facts_of(row), Subject(level=n), by, RULES, NOW) for n in range(1, 6)]

    assert [verdict.outcome for verdict in verdicts] == expected
    assert client_class(facts_of(row), TODAY) == row


@pytest.mark.parametrize(
    ("client", "subject", "outcome", "reasons"),
    [
        ({}, {}, "MATCH", ("OK",)),
        ({"professional": True}, {}, "MATCH", ("PROFESSIONAL_EXEMPT",)),
        ({}, {"level": 4}, "WARN", ("LEVEL_ABOVE",)),
        ({"level": 1, "lowest": True}, {"level": 2}, "BLOCK", ("LOWEST_CLASS",)),
        ({}, {"term_days": 366}, "WARN", ("HORIZON_LONGER",)),
        ({}, {"term_days": 365}, "MATCH", ("OK",)),
        ({"max_horizon_days": None}, {"term_days": 9999}, "MATCH", ("OK",)),
        ({}, {"kind": "option"}, "WARN", ("KIND_NOT_INTENDED",)),
        ({"intended_kinds": frozenset()}, {"kind": "option"}, "MATCH", ("OK",)),
        ({"level": None, "valid_to": None}, {}, "BLOCK", ("NO_ASSESSMENT",)),
        ({"valid_to": TODAY - timedelta(days=1)}, {}, "BLOCK", ("ASSESSMENT_EXPIRED",)),
        ({"valid_to": None}, {}, "BLOCK", ("ASSESSMENT_EXPIRED",)),
        ({"effective_from": TODAY + timedelta(days=1)}, {}, "BLOCK", ("ASSESSMENT_COOLING",)),
        ({"effective_from": TODAY}, {}, "MATCH", ("OK",)),
        ({}, {"level": None}, "BLOCK", ("PRODUCT_UNRATED",)),
        ({}, {"regraded_up": True}, "WARN", ("PRODUCT_REGRADED",)),
        ({}, {"investor": "qualified"}, "BLOCK", ("NOT_QUALIFIED",)),
        ({"qualified": True}, {"investor": "qualified"}, "MATCH", ("OK",)),
        ({}, {"investor": "professional"}, "BLOCK", ("NOT_PROFESSIONAL",)),
        ({}, {"permission": "STAR"}, "BLOCK", ("PERMISSION_MISSING",)),
        ({"permissions": frozenset({"STAR"})}, {"permission": "STAR"}, "MATCH", ("OK",)),
        ({"age": 71}, {}, "WARN", ("AGE_CARE",)),
        ({"age": 70}, {}, "MATCH", ("OK",)),
        ({"refused_data": True}, {}, "BLOCK", ("CLIENT_REFUSED_DATA",)),
        ({"restricted": True}, {}, "BLOCK", ("CLIENT_RESTRICTED",)),
        ({"full_capacity": False}, {}, "BLOCK", ("NOT_FULL_CAPACITY",)),
        # Every reason that is known is named, worst or not.
        ({"age": 80}, {"level": 5, "term_days": 400, "kind": "option"}, "WARN",
         ("LEVEL_ABOVE", "HORIZON_LONGER", "KIND_NOT_INTENDED", "AGE_CARE")),
        ({"restricted": True, "refused_data": True}, {"level": None, "permission": "HK"}, "BLOCK",
         ("CLIENT_REFUSED_DATA", "CLIENT_RESTRICTED", "PRODUCT_UNRATED", "PERMISSION_MISSING")),
        # Somebody marked professional and lowest at once is lowest.
        ({"professional": True, "level": 1, "lowest": True}, {"level": 2}, "BLOCK", ("LOWEST_CLASS",)),
        ({"professional": True, "lowest": True, "valid_to": None}, {"level": 1}, "BLOCK", ("ASSESSMENT_EXPIRED",)),
    ],
)  # fmt: skip
def test_every_reason(client: dict[str, Any], subject: dict[str, Any], outcome: str, reasons: tuple[str, ...]) -> None:
    rules = replace(RULES, care_age=71)

    verdict = assess(replace(BOB, **client), replace(FUND, **subject), By.CLIENT, rules, NOW)

    assert (verdict.outcome.name, verdict.reasons) == (outcome, reasons)


@pytest.mark.parametrize(("gap_max", "reason"), [(4, "LEVEL_ABOVE"), (2, "LEVEL_ABOVE"), (1, "GAP_TOO_LARGE")])
def test_a_far_mismatch_may_be_closed_by_a_rule(gap_max: int, reason: str) -> None:
    verdict = assess(BOB, Subject(level=5), By.CLIENT, replace(RULES, gap_max=gap_max), NOW)

    assert verdict.reasons == (reason,)
    assert verdict.outcome is (Outcome.BLOCK if reason == "GAP_TOO_LARGE" else Outcome.WARN)


def test_a_recommendation_above_is_blocked_and_says_both_reasons() -> None:
    verdict = assess(BOB, Subject(level=4), By.BROKER, RULES, NOW)

    assert verdict.outcome is Outcome.BLOCK
    assert verdict.level is Outcome.WARN
    assert verdict.reasons == ("LEVEL_ABOVE", "RECOMMENDED_ABOVE")


def test_the_verdict_keeps_what_it_was_concluded_from() -> None:
    verdict = assess(BOB, FUND, By.CLIENT, RULES, NOW)

    assert verdict.evidence == {
        "day": "2026-11-21", "client_class": "C3", "client_level": 3, "valid_to": "2026-11-21", "product_level": 3,
        "term_days": 90, "max_horizon_days": 365, "kind": "equity",
    }  # fmt: skip


def test_the_day_is_that_of_shanghai() -> None:
    """NOW is 11-20 in UTC; an assessment valid to 11-20 has expired where the client lives."""
    verdict = assess(replace(BOB, valid_to=date(2026, 11, 20)), FUND, By.CLIENT, RULES, NOW)

    assert verdict.reasons == ("ASSESSMENT_EXPIRED",)


@pytest.mark.django_db
def test_the_permission_rules_are_those_of_the_domain() -> None:
    rows = PermissionRule.objects.filter(effective_to__isnull=True).order_by("code")

    assert [(row.code, row.min_assets, row.min_months, row.min_level, row.paper, row.exempt_if) for row in rows] == [
        ("BSE", 500_000, 24, 4, True, "STAR"),
        ("CB", 100_000, 24, 3, False, ""),
        ("DELISTING", 500_000, 24, 4, False, ""),
        ("GEM", 100_000, 24, 4, False, ""),
        ("HK", 500_000, None, 4, True, ""),
        ("MARGIN", 500_000, 6, 4, True, ""),
        ("OPTION", 500_000, 6, 4, True, ""),
        ("ST", None, None, 4, False, ""),
        ("STAR", 500_000, 24, 4, True, ""),
    ]
    assert {row.window_td for row in rows} == {20}


CLIENTS = st.builds(
    ClientFacts,
    level=st.none() | st.integers(1, 5),
    lowest=st.booleans(),
    valid_to=st.none() | st.dates(date(2026, 11, 1), date(2027, 1, 1)),
    effective_from=st.none() | st.dates(date(2026, 11, 1), date(2027, 1, 1)),
    max_horizon_days=st.none() | st.integers(0, 2000),
    intended_kinds=st.frozensets(st.sampled_from(["equity", "bond", "option"])),
    professional=st.booleans(),
    qualified=st.booleans(),
    age=st.none() | st.integers(18, 99),
    full_capacity=st.booleans(),
    refused_data=st.booleans(),
    restricted=st.booleans(),
    permissions=st.frozensets(st.sampled_from(["STAR", "HK"])),
)
SUBJECTS = st.builds(
    Subject,
    level=st.none() | st.integers(1, 5),
    term_days=st.none() | st.integers(0, 3000),
    kind=st.sampled_from(["", "equity", "bond", "option"]),
    investor=st.sampled_from(["any", "qualified", "professional"]),
    permission=st.sampled_from(["", "STAR", "HK"]),
    regraded_up=st.booleans(),
)
ANY_RULES = st.builds(Rules, st.just(RULES.matrix), gap_max=st.integers(0, 4), care_age=st.none() | st.just(71))
quickly = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quickly
@given(CLIENTS, SUBJECTS, ANY_RULES)
def test_what_the_broker_starts_is_never_a_warning(client: ClientFacts, subject: Subject, rules: Rules) -> None:
    own, broker = (assess(client, subject, by, rules, NOW) for by in (By.CLIENT, By.BROKER))

    assert broker.outcome is not Outcome.WARN
    assert broker.outcome >= own.outcome
    assert (broker.outcome is Outcome.MATCH) == (own.outcome is Outcome.MATCH)


@quickly
@given(CLIENTS, SUBJECTS, st.sampled_from(By), ANY_RULES)
def test_the_lowest_class_never_holds_more_than_r1(client: ClientFacts, subject: Subject, by: By, rules: Rules) -> None:
    verdict = assess(replace(client, lowest=True), subject, by, rules, NOW)

    assert subject.level == 1 or verdict.outcome is Outcome.BLOCK


@quickly
@given(CLIENTS, SUBJECTS, st.sampled_from(By), ANY_RULES)
def test_unknown_is_never_a_match(client: ClientFacts, subject: Subject, by: By, rules: Rules) -> None:
    verdict = assess(client, subject, by, rules, NOW)

    if client_class(client, TODAY) == "unknown" or subject.level is None:
        assert verdict.outcome is Outcome.BLOCK


@quickly
@given(CLIENTS, SUBJECTS, ANY_RULES)
def test_the_worst_answer_wins_and_horizon_and_kind_never_block(
    client: ClientFacts, subject: Subject, rules: Rules
) -> None:
    verdict = assess(client, subject, By.CLIENT, rules, NOW)

    assert verdict.outcome >= max(verdict.level, verdict.horizon, verdict.kind)
    assert Outcome.BLOCK not in (verdict.horizon, verdict.kind)
    assert (verdict.outcome is Outcome.BLOCK) == (verdict.level is Outcome.BLOCK)


@quickly
@given(CLIENTS, SUBJECTS, st.sampled_from(By), ANY_RULES)
def test_a_verdict_always_says_why(client: ClientFacts, subject: Subject, by: By, rules: Rules) -> None:
    verdict = assess(client, subject, by, rules, NOW)

    good = {"OK", "PROFESSIONAL_EXEMPT"}
    assert len(verdict.reasons) == len(set(verdict.reasons)) >= 1
    assert (set(verdict.reasons) <= good) == (verdict.outcome is Outcome.MATCH)
