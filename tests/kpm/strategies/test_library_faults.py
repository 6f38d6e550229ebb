"""What is wrong with an entry is said with its place; the other strategies load."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpm.strategies import services
from kpm.strategies.models import Strategy, StrategyVersion
from kpm.strategies.services import library
from kpm.strategies.services.library.checking import OPTIONAL, REQUIRED
from tests.factories import NOW
from tests.kpm.strategies.test_library import MESSAGE, REMINDER, TASK, entry

pytestmark = pytest.mark.django_db
STAYS = "since_hit_net_inflow >= 0"
SUCCESS = "since_hit_login_cnt >= 1"


def outcome(**changes: Any) -> dict[str, Any]:
    return {"success": SUCCESS, "within_days": 30, "judged": "at_end"} | changes


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"trigger": None}, "trigger is missing."),
        ({"name_en": None, "schedule": None}, "name_en is missing."),
        ({"active_by_default": None}, "active_by_default is missing."),
        ({"cooldwn_days": 3}, "cooldwn_days is no key of an entry (near: cooldown_days, cooldown_unit)."),
        ({"trigger": 7}, "trigger is 7; it must be a text."),
        ({"priority": "2"}, "priority is '2'; it must be a whole number."),
        ({"priority": True}, "priority is True; it must be a whole number."),
        ({"suitability_gate": 0}, "suitability_gate is 0; it must be true or false."),
        ({"steps": "erst, dann"}, "steps is 'erst, dann'; it must be a list."),
        ({"steps": [1]}, "steps is a list of texts."),
        ({"message": {"title": 5}}, "a message has a title and a body, both texts."),
        ({"outcome": {"success": SUCCESS}}, "outcome has success (a condition), within_days (a number) and judged"),
        ({"outcome": outcome(judged="soon")}, "judged is 'soon'; it must be any_time or at_end."),
        ({"outcome": outcome(within_days=0)}, "within_days is 0; it must be from 1 to 3650."),
        ({"outcome": outcome(success="since_hit_login >= 1")}, "since_hit_login_cnt"),
        ({"trigger": "top1_position_ratoi >= 0.7"}, "top1_position_ratio"),
        ({"trigger": "position_market_value >= 1 AND top1_position_ratoi >= 0.7"}, "trigger at character 32: "),
        ({"trigger": "top1_position_ratio >= "}, "trigger"),
        ({"steps": None}, "a task needs steps."),
        ({"action": "task_then_push"}, "a message needs a title and a text."),
        ({"action": "push", "message": {"title": "无正文"}}, "a message needs a title and a text."),
        ({"action": "push_then_task", "message": {"title": "好", "body": ""}}, "a message needs a title and a text."),
        ({"action": "call"}, "action is 'call'; it must be one of push, reminder, task, push_then_task"),
        ({"purpose": "sales"}, "purpose is 'sales'"),
        ({"handler": "robot"}, "handler is 'robot'"),
        ({"channel": ["fax"]}, "channel 'fax' is none of app, inbox, phone, sms."),
        ({"schedule": "at_night"}, "schedule is 'at_night'; it must be one of after_settlement"),
        ({"occurrence": "security_evnt"}, "(near: security_event)."),
        ({"family": "集中"}, "(near: 集中度)."),
        ({"cooldown_unit": "week"}, "cooldown_unit is 'week'; it must be one of td, day."),
        ({"cooldown_days": -1}, "cooldown_days is -1; it must be from 0 to 3650."),
        ({"priority": 6}, "priority is 6; it must be from 1 to 5."),
        ({"name": "名" * 61}, "name has 61 characters; at most 60 are possible."),
        ({"holdout_pct": 10}, "nobody is held out of risk strategies; holdout_pct must be 0."),
        (
            {"purpose": "service", "goal": STAYS},
            "nobody is held out; holdout_reason must say why (own_request, ",
        ),
        ({"purpose": "service", "holdout_reason": "whim"}, "holdout_reason is 'whim'; it must be one of own_request, "),
        ({"purpose": "service", "holdout_pct": 10, "holdout_reason": "own_request"}, "but holdout_pct is 10."),
        ({"goal": "since_hit_contact_ok = true"}, "Only a client who was served can have since_hit_contact_ok;"),
        ({"goal": "since_hit_logn_cnt >= 1"}, "since_hit_login_cnt"),
        ({"occurrence": "complaint"}, "no feature of its condition speaks of its object (complaint); occurrence_from"),
        ({"occurrence": "complaint", "occurrence_from": "complaint_closed"}, "occurrence_from names complaint_closed,"),
        ({"steps": ["占比{top1_position_rate}"]}, "its texts name top1_position_rate, which the catalogue does not"),
        ({"steps": ["占比{ top1_position_ratio }"]}, "its texts name  top1_position_ratio "),
        ({"steps": ["这只产品稳赚"]}, "its texts say 稳赚, which promises too much."),
        (
            {"suitability_gate": True},
            "needs exactly one of product_level_from, product_level, permission_code; there is",
        ),
        (
            {"suitability_gate": True, "product_level": 3, "permission_code": "GEM"},
            "there is product_level and permission_code.",
        ),
        ({"product_level": 3}, "product_level stands without suitability_gate: true."),
        ({"suitability_gate": True, "product_level": 6}, "product_level is 6; it must be from 1 to 5."),
        (
            {"suitability_gate": True, "product_level_from": "position_market_value"},
            "product_level_from is position_market_value; it must be a feature of the unit level.",
        ),
        (
            {"suitability_gate": True, "permission_code": "MOON"},
            "there is no permission rule MOON; there are BSE, CB, DELISTING, GEM, HK, MARGIN, OPTION, ST, STAR.",
        ),
    ],
)
def test_a_fault_is_named_and_stops_only_its_strategy(changes: dict[str, Any], said: str) -> None:
    loaded = services.load_library(entries=[entry(MESSAGE), entry(**changes), entry(REMINDER)], now=NOW)

    assert loaded.new == [MESSAGE, REMINDER]
    assert {fault.code for fault in loaded.faults} == {TASK}
    assert [fault for fault in loaded.faults if said in fault.text], loaded.faults
    assert set(StrategyVersion.objects.values_list("strategy__code", flat=True)) == {MESSAGE, REMINDER}


def test_every_fault_of_every_entry_is_said_at_once() -> None:
    loaded = services.load_library(entries=[entry(steps=None, holdout_pct=10), entry(REMINDER, purpose="x")], now=NOW)

    assert [fault.code for fault in loaded.faults] == [TASK, TASK, REMINDER]
    assert not Strategy.objects.exists()


def test_a_code_that_stands_twice_is_loaded_once() -> None:
    loaded = services.load_library(entries=[entry(), entry(priority=1)], now=NOW)

    assert loaded.new == [TASK]
    assert [fault.text for fault in loaded.faults] == ["another entry has this code already."]
    assert StrategyVersion.objects.get().priority == 2


def test_a_faulty_entry_leaves_the_version_before_live() -> None:
    services.load_library(entries=[entry()], now=NOW)
    before = StrategyVersion.objects.values().get()

    loaded = services.load_library(entries=[entry(trigger="nothing >= 1")], now=NOW)

    assert [fault.code for fault in loaded.faults] == [TASK]
    assert StrategyVersion.objects.values().get() == before
    assert Strategy.objects.get().live_version_id == before["id"]


@pytest.mark.parametrize("not_banned", ["本产品不保本", "不承诺收益", "无承诺收益"])
def test_a_word_may_be_denied(not_banned: str) -> None:
    loaded = services.load_library(entries=[entry(steps=[not_banned])], now=NOW)

    assert loaded.faults == []


SHIPPED = library.read_library()
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)


@given(
    one=st.sampled_from(SHIPPED),
    key=st.sampled_from(sorted({*REQUIRED, *OPTIONAL, "nonsense"})),
    value=ANYTHING,
)
def test_no_entry_is_so_wrong_that_it_raises(one: library.Entry, key: str, value: object) -> None:
    changed = library.Entry({**one, key: value}, file=one.file, lines=one.lines)

    faults = library.faults_of(changed)

    assert all(fault.file == one.file and fault.line for fault in faults)
    assert faults or key not in REQUIRED or isinstance(value, REQUIRED[key])


HEAD = """# A file of our own.
version: 1
strategies:
"""
GOOD = """- code: OWN-TRD-{n}
  name: "自己的{n}"
  name_en: "Our own {n}"
  lifecycle: maturity
  business: trading
  purpose: risk
  family: "集中度"
  trigger: "top1_position_ratio >= 0.{n}"
  action: push
  handler: system
  channel: [inbox]
  schedule: after_settlement
  cooldown_days: 5
  priority: 2
  message: {{title: "提示", body: "请留意。"}}
  outcome: {{success: "since_hit_login_cnt >= 1", within_days: 3, judged: any_time}}
  suitability_gate: false
  occurrence: client
  holdout_pct: 0
  active_by_default: true
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "own.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def good(number: int) -> str:
    return GOOD.format(n=number)


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        (('name: "自己的8"', 'name: "自己的8'), 25, "This is no valid YAML: "),
        (("  cooldown_days: 5\n", "  cooldown_days: 5\n cooldown_days: 6\n"), 37, "This is no valid YAML: "),
        (("  priority: 2\n", "  priority: 2\n  priority: 3\n"), 38, "the key priority is written twice."),
        (("  priority: 2\n", "  priority: 7\n"), 37, "priority is 7; it must be from 1 to 5."),
        (("top1_position_ratio", "top1_ratio"), 31, "trigger at character 1: "),
        (("请留意。", "{nobody}"), 38, "its texts name nobody, which the catalogue does not have."),
    ],
)
def test_a_fault_of_a_file_names_file_line_and_strategy_and_the_others_load(
    tmp_path: Path, change: tuple[str, str], line: int, said: str
) -> None:
    file = written(tmp_path, HEAD + good(7) + good(8).replace(*change) + good(9))

    reading = library.read_files(file)
    loaded = services.load_library(entries=reading.entries, now=NOW)

    [fault] = [*reading.faults, *loaded.faults]
    assert (fault.code, fault.file) == ("OWN-TRD-8", "own.yaml")
    assert said in fault.text
    assert abs((fault.line or 0) - line) <= (1 if "no valid" in said else 0), fault
    assert str(fault).startswith(f"own.yaml:{fault.line} OWN-TRD-8: ")
    assert loaded.new == ["OWN-TRD-7", "OWN-TRD-9"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "A strategy file needs a list under the key strategies."),
        ("strategies: 5\n", "A strategy file needs a list under the key strategies."),
        ("- 1\n- 2\n", "A strategy file needs a list under the key strategies."),
        ("version: 1\nstrategies: [4]\n", "An entry is a mapping that begins with its code."),
        ("version: [1\nstrategies:\n" + GOOD.format(n=7), "The file is no valid YAML: "),
    ],
)
def test_a_file_that_is_none_is_said_so(tmp_path: Path, text: str, said: str) -> None:
    reading = library.read_files(written(tmp_path, text))

    [fault] = reading.faults
    assert said in fault.text
    assert fault.file == "own.yaml"
    assert fault.line is not None


def test_a_file_in_another_coding_is_said_so(tmp_path: Path) -> None:
    file = tmp_path / "gbk.yaml"
    file.write_bytes("strategies: 策略".encode("gb18030"))

    reading = library.read_files(file)

    assert [fault.text[:25] for fault in reading.faults] == ["The file is not UTF-8: in"]


def test_who_wants_all_or_nothing_gets_the_faults_as_an_exception(tmp_path: Path) -> None:
    file = written(tmp_path, HEAD + good(7) + "- 5\n")

    with pytest.raises(services.LibraryFault) as refused:
        library.read_library(file)

    assert str(refused.value) == "own.yaml:24 ?: An entry is a mapping that begins with its code."
