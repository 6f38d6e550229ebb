"""The library as data: loaded once, changed by new versions only, and every fault named."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpm.strategies import services
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.models import Strategy, StrategyVersion
from kpm.strategies.services import library
from kpm.strategies.services.library.anchors import anchor_of
from tests.factories import NOW

pytestmark = pytest.mark.django_db
MESSAGE, TASK, REMINDER, OBJECT = "MAT-TRD-016", "MAT-TRD-019", "GRW-TRD-001", "MAT-PRD-001"


def entry(code: str = TASK, **changes: Any) -> library.Entry:
    """One entry of the shipped library, switched on and changed; a value of None takes the key out."""
    [found] = library.read_library(codes=[code])
    found.update({"active_by_default": True, **changes})
    for key in [key for key, value in found.items() if value is None]:
        del found[key]
    return found


def load(*entries: library.Entry) -> library.Loaded:
    return services.load_library(entries=entries, now=NOW)


def test_the_shipped_library_loads_and_a_second_time_changes_nothing() -> None:
    entries = library.read_library()

    with CaptureQueriesContext(connection) as first_queries:
        first = load(*entries)
    rows = list(StrategyVersion.objects.order_by("pk").values())
    strategies = list(Strategy.objects.order_by("pk").values())
    second = services.load_library(entries=entries, now=NOW + timedelta(days=1))

    codes = [one["code"] for one in entries]
    assert len(codes) == 206
    assert (first.new, first.changed, first.unchanged, first.faults) == (codes, [], [], [])
    assert (second.new, second.changed, second.unchanged, second.faults) == ([], [], codes, [])
    assert list(StrategyVersion.objects.order_by("pk").values()) == rows
    assert list(Strategy.objects.order_by("pk").values()) == strategies
    assert len(first_queries) < 40  # set-based: the number does not grow with the strategies


def test_only_what_is_on_and_has_its_key_becomes_live() -> None:
    entries = library.read_library()

    load(*entries)

    ready = {one.code for one in entries if one["active_by_default"] and not anchor_of(one).waits}
    live = Strategy.objects.filter(status="live", live_version__isnull=False)
    assert set(live.values_list("code", flat=True)) == ready
    assert set(Strategy.objects.exclude(code__in=ready).values_list("status", "live_version")) == {("draft", None)}


def test_an_entry_becomes_a_strategy_and_its_submitted_version() -> None:
    load(entry())

    strategy = Strategy.objects.get()
    version = StrategyVersion.objects.get()
    assert (strategy.code, strategy.name_zh, strategy.name_en, strategy.family, strategy.status) == (
        TASK, "持仓过度集中", "Concentrated portfolio", "集中度", "live",
    )  # fmt: skip
    assert (strategy.live_version, version.number, version.submitted_at, version.parent) == (version, 1, NOW, None)
    assert (version.purpose, version.action, version.handler, version.priority) == ("risk", "task", "adviser", 2)
    assert (version.cooldown_n, version.cooldown_unit, version.sla_hours, version.holdout_pct) == (30, "day", 72, 0)
    assert (version.playbook_code, version.template_code, version.channels) == (TASK, "", ["phone"])
    assert (version.goal, version.goal_window, version.goal_judged) == ("", 30, "at_end")
    assert version.process_outcome == "since_hit_contact_ok = true AND since_hit_complaint_cnt = 0"
    assert version.features == ["position_market_value", "top1_position_ratio"]
    assert version.shown == ["top1_position_ratio"]
    assert [leaf["literal"] for leaf in version.leaves] == ["200000", "0.7"]
    assert len(version.condition_hash) == 16


@pytest.mark.parametrize(
    ("changes", "column", "value"),
    [
        ({"trigger": "top1_position_ratio >= 0.8 AND position_market_value >= 200000"}, "normalised", None),
        ({"priority": 1}, "priority", 1),
        ({"cooldown_days": 31}, "cooldown_n", 31),
        ({"sla_hours": None}, "sla_hours", None),
        ({"note": "neu"}, "note", "neu"),
        (
            {"outcome": {"success": "since_hit_login_cnt >= 1", "within_days": 60, "judged": "at_end"}},
            "goal_window",
            60,
        ),
        ({"goal": "since_hit_login_cnt >= 1"}, "goal", "since_hit_login_cnt >= 1"),
        ({"family": "期权风险"}, "sla_clock", "clock"),
        ({"occurrence": "year"}, "occurrence", "year"),
        ({"suitability_gate": True, "product_level": 3}, "product_level", 3),
        ({"suitability_gate": True, "permission_code": "GEM"}, "permission_code", "GEM"),
    ],
)
def test_a_changed_entry_is_the_next_version_and_the_old_one_stays(
    changes: dict[str, Any], column: str, value: Any
) -> None:
    load(entry())
    before = StrategyVersion.objects.values().get()

    loaded = load(entry(**changes))

    first, second = StrategyVersion.objects.order_by("number")
    assert loaded.changed == [TASK]
    assert (second.number, second.parent) == (2, first)
    assert getattr(second, column) == (value if column != "normalised" else second.normalised)
    assert getattr(second, column) != before[column]
    assert StrategyVersion.objects.filter(pk=first.pk).values().get() == before
    assert Strategy.objects.get().live_version == second


def test_a_condition_written_differently_is_another_text_with_the_same_meaning() -> None:
    load(entry())

    load(entry(trigger="position_market_value >= 200000 AND top1_position_ratio >= 0.70"))

    first, second = StrategyVersion.objects.order_by("number")
    assert first.condition != second.condition
    assert first.condition_hash == second.condition_hash


@pytest.mark.parametrize("how", ["paused", "another version is live"])
def test_loading_does_not_undo_what_an_administrator_decided(how: str) -> None:
    load(entry())
    load(entry(priority=1))
    strategy = Strategy.objects.get()
    if how == "paused":
        strategy.status = Strategy.Status.PAUSED
    else:
        strategy.live_version = StrategyVersion.objects.get(number=1)
    strategy.save()

    load(entry(priority=3))

    after = Strategy.objects.get()
    assert (after.live_version, after.status) == (strategy.live_version, strategy.status)
    assert StrategyVersion.objects.count() == 3


def test_an_entry_that_is_off_by_default_waits_for_its_launch() -> None:
    load(entry(active_by_default=False))

    strategy = Strategy.objects.get()
    assert (strategy.live_version, strategy.status) == (None, "draft")


def test_a_strategy_that_waited_for_its_key_goes_live_when_the_key_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = entry(OBJECT)
    keyless = replace(catalogue()["product_maturity_days"], key=False)
    with monkeypatch.context() as patched:
        patched.setitem(catalogue().features, "product_maturity_days", keyless)
        load(waiting)
    before = Strategy.objects.values("status", "live_version").get()
    monkeypatch.setitem(catalogue().features, "product_maturity_days", replace(keyless, key=True))

    loaded = load(waiting)

    version = StrategyVersion.objects.get()
    assert before == {"status": "draft", "live_version": None}
    assert loaded.unchanged == [OBJECT]
    assert version.occurrence_from == "product_maturity_days"
    assert Strategy.objects.values_list("status", "live_version").get() == ("live", version.pk)


def test_a_comment_in_the_catalogue_makes_no_new_versions() -> None:
    load(entry())
    version = StrategyVersion.objects.get()
    Strategy.objects.update(live_version=None)
    version.pk, version.number, version.catalogue_version = None, 2, "a catalogue of before"
    version.save()

    assert load(entry()).unchanged == [TASK]


def test_a_share_held_out_is_kept_exactly() -> None:
    load(entry(REMINDER, holdout_pct=7.5))

    assert StrategyVersion.objects.get().holdout_pct == Decimal("7.50")
    assert load(entry(REMINDER, holdout_pct=7.5)).unchanged == [REMINDER]
