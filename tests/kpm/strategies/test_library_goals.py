"""Goals, hold-out, anchors, levels and deadlines as the shipped library gets them."""

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kpm.engine.check import compile_condition
from kpm.engine.goals import check_goal, process_outcomes
from kpm.strategies import services
from kpm.strategies.catalogue_of import catalogue, outcomes
from kpm.strategies.models import StrategyVersion
from kpm.strategies.services import library
from kpm.strategies.services.library.anchors import anchor_of, needs_anchor
from kpm.strategies.services.library.content import version_columns
from tests.factories import NOW
from tests.kpm.strategies.test_library import TASK, entry

ADR = Path(__file__).resolve().parents[3] / "docs/adr/0009-goals-both-arms-can-have.md"


@pytest.fixture(scope="module")
def shipped() -> dict[str, library.Entry]:
    return {one.code: one for one in library.read_library()}


@pytest.fixture(scope="module")
def versions(shipped: dict[str, library.Entry]) -> dict[str, dict[str, Any]]:
    return {code: version_columns(one) for code, one in shipped.items()}


def is_process(success: str) -> bool:
    return bool(process_outcomes(compile_condition(success, outcomes())))


def test_the_five_outcomes_of_the_treated_are_marked() -> None:
    marked = {name for name, feature in outcomes().features.items() if feature.process}

    assert len(outcomes()) == 36
    names = ("contact_ok", "push_opened", "reason_recorded", "csat", "complaint_cnt")
    assert marked == {f"since_hit_{name}" for name in names}


def test_no_goal_names_what_only_a_treated_client_can_have(versions: dict[str, dict[str, Any]]) -> None:
    refused = {
        code: check_goal(version["goal"], outcomes()).problems
        for code, version in versions.items()
        if version["goal"] and check_goal(version["goal"], outcomes()).problems
    }

    assert refused == {}


def test_of_94_strategies_with_a_hold_out_28_get_another_goal_and_19_none(
    shipped: dict[str, library.Entry], versions: dict[str, dict[str, Any]]
) -> None:
    held = {code for code, one in shipped.items() if one["holdout_pct"]}
    touched = {code for code in held if is_process(shipped[code]["outcome"]["success"])}
    without = {code for code in touched if not versions[code]["goal"]}

    assert (len(held), len(touched), len(without)) == (94, 47, 19)
    assert {versions[code]["holdout_pct"] for code in without} == {Decimal(0)}
    assert all(versions[code]["holdout_reason"] and versions[code]["goal_reason"] for code in without)
    assert all(versions[code]["holdout_pct"] == shipped[code]["holdout_pct"] for code in held - without)
    assert {versions[code]["process_outcome"] for code in held - touched} == {""}


def test_the_librarys_own_outcome_is_kept_as_reach(
    shipped: dict[str, library.Entry], versions: dict[str, dict[str, Any]]
) -> None:
    kept = {code: version["process_outcome"] for code, version in versions.items() if version["process_outcome"]}

    assert len(kept) == 104
    assert kept == {code: one["outcome"]["success"] for code, one in shipped.items() if code in kept}


def test_nobody_is_held_out_without_a_goal_and_nobody_is_spared_without_a_reason(
    versions: dict[str, dict[str, Any]],
) -> None:
    for code, version in versions.items():
        free = version["purpose"] in ("risk", "regulatory")
        assert version["goal"] or not version["holdout_pct"], code
        assert bool(version["holdout_reason"]) == (not free and not version["holdout_pct"]), code


def test_the_decision_record_names_every_changed_goal(
    shipped: dict[str, library.Entry], versions: dict[str, dict[str, Any]]
) -> None:
    rows = re.findall(
        r"(?m)^\| ([A-Z]{3}-[A-Z]{3}-\d{3}) \| `([^`]+)` \| (?:`([^`]+)`|none) \|", ADR.read_text("utf-8")
    )

    changed = {
        code
        for code, one in shipped.items()
        if is_process(one["outcome"]["success"]) and (one["holdout_pct"] or versions[code]["goal"])
    }
    assert Counter(code for code, _old, _new in rows) == Counter(changed)
    assert all(old == shipped[code]["outcome"]["success"] for code, old, _new in rows)
    assert all(new == versions[code]["goal"] for code, _old, new in rows)


def test_24_strategies_offer_something_and_say_its_level_in_one_way(versions: dict[str, dict[str, Any]]) -> None:
    offers = {code: version for code, version in versions.items() if version["suitability_gate"]}

    ways = Counter(
        "feature" if one["product_level_from"] else "permission" if one["permission_code"] else one["product_level"]
        for one in offers.values()
    )
    assert ways == {"feature": 2, "permission": 8, 1: 6, 2: 2, 3: 5, 5: 1}
    assert versions["GRW-TRD-003"]["permission_code"] == "STAR"
    assert versions["MAT-PRD-003"]["product_level"] == 2


def test_every_object_strategy_has_an_anchor(shipped: dict[str, library.Entry]) -> None:
    objects = {code: anchor_of(one) for code, one in shipped.items() if needs_anchor(one)}

    assert len(objects) == 110
    assert {code for code, anchor in objects.items() if not anchor.features} == set()
    assert {name for anchor in objects.values() for name in anchor.features} <= set(catalogue().features)


@pytest.mark.parametrize(
    ("code", "features"),
    [
        ("MAT-MRG-006", ("margin_contract_days_to_due",)),
        ("RET-NWS-003", ("held_major_announcement_cnt_7d",)),  # days_since_last_login stands first, of no announcement
        ("MAT-TRD-002", ("allot_pay_due_amt", "cb_allot_pay_due_amt")),  # the entry's own word
        ("GRW-TRD-002", ()),  # the permission that it names is its object
        ("MAT-TRD-016", ()),  # a trading day
    ],
)
def test_the_first_leaf_about_the_object_is_the_anchor(
    shipped: dict[str, library.Entry], code: str, features: tuple[str, ...]
) -> None:
    assert anchor_of(shipped[code]).features == features


def test_deadlines_of_three_families_run_on_the_clock(versions: dict[str, dict[str, Any]]) -> None:
    on_the_clock = {code for code, version in versions.items() if version["sla_clock"] == "clock"}

    assert {"MAT-MRG-003", "MAT-TRD-029", "MAT-TRD-027"} <= on_the_clock
    assert "MAT-TRD-019" not in on_the_clock


@pytest.mark.django_db
@pytest.mark.parametrize(
    "level", [{}, {"product_level": 3, "permission_code": "GEM"}, {"product_level": 3, "product_level_from": "x"}]
)
def test_the_database_refuses_an_offer_without_exactly_one_level(level: dict[str, Any]) -> None:
    services.load_library(entries=[entry()], now=NOW)
    version = StrategyVersion.objects.get()
    row = {field.name: getattr(version, field.name) for field in version._meta.concrete_fields if field.name != "id"}

    with pytest.raises(IntegrityError, match="offer_has_one_level"), transaction.atomic():
        StrategyVersion.objects.create(**row | {"number": 2, "suitability_gate": True} | level)

    assert StrategyVersion.objects.filter(strategy__code=TASK).count() == 1
