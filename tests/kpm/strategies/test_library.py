"""The library as data: loaded once, changed by new versions only, and every fault named."""

import copy
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from kpm.strategies import services
from kpm.strategies.models import Strategy, StrategyVersion
from kpm.strategies.services import library
from tests.factories import NOW

pytestmark = pytest.mark.django_db
MESSAGE, TASK, REMINDER = "MAT-TRD-016", "MAT-TRD-019", "GRW-TRD-001"


def entry(code: str = TASK, **changes: Any) -> dict[str, Any]:
    """One entry of the shipped library, changed; a value of None takes the key out."""
    found = copy.deepcopy(next(one for one in library.read_library() if one["code"] == code))
    found.update(changes)
    return {key: value for key, value in found.items() if value is not None}


def load(*entries: dict[str, Any]) -> library.Loaded:
    return services.load_library(entries=list(entries), now=NOW)


def test_the_shipped_library_loads_and_a_second_time_changes_nothing() -> None:
    entries = library.read_library()

    first = load(*entries)
    rows = list(StrategyVersion.objects.order_by("pk").values())
    second = services.load_library(entries=entries, now=NOW + timedelta(days=1))

    codes = [one["code"] for one in entries]
    assert (first.new, first.changed, first.unchanged) == (codes, [], [])
    assert (second.new, second.changed, second.unchanged) == ([], [], codes)
    assert list(StrategyVersion.objects.order_by("pk").values()) == rows
    assert {MESSAGE, TASK, REMINDER} <= set(codes)


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
    assert (version.goal_window, version.goal_judged) == (30, "at_end")
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
        ({"outcome": {"success": "", "within_days": 60, "judged": "at_end"}}, "goal_window", 60),
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


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"trigger": None}, "trigger is missing."),
        ({"name_en": None, "schedule": None}, "name_en, schedule is missing."),
        ({"trigger": "top1_position_ratoi >= 0.7"}, "top1_position_ratoi"),
        ({"trigger": "top1_position_ratio >= "}, ""),
        ({"steps": None}, "a task needs steps."),
        ({"action": "task_then_push"}, "a message needs a title and a text."),
        ({"action": "push", "message": {"title": "无正文"}}, "a message needs a title and a text."),
        ({"action": "call"}, "action is 'call'; it must be one of push, reminder, task, push_then_task"),
        ({"purpose": "sales"}, "purpose is 'sales'"),
        ({"handler": "robot"}, "handler is 'robot'"),
        ({"cooldown_unit": "week"}, "cooldown_unit is 'week'; it must be one of td, day."),
        ({"holdout_pct": 10}, "nobody is held out of risk strategies; holdout_pct must be 0."),
        ({"steps": ["占比{top1_ratio}"]}, "its texts name top1_ratio, which the catalogue does not have."),
    ],
)
def test_a_fault_is_named_and_nothing_is_loaded(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(services.LibraryFault) as refused:
        load(entry(MESSAGE), entry(**changes))

    assert [fault for fault in refused.value.faults if fault.startswith(f"{TASK}: ") and said in fault]
    assert not Strategy.objects.exists()
    assert not StrategyVersion.objects.exists()


def test_every_fault_of_every_entry_is_said_at_once() -> None:
    with pytest.raises(services.LibraryFault) as refused:
        load(entry(steps=None, holdout_pct=10), entry(REMINDER, purpose="sales"))

    assert [fault.split(":")[0] for fault in refused.value.faults] == [TASK, TASK, REMINDER]
