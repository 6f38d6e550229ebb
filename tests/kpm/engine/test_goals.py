"""Goals over outcomes: what only a treated client can have is never one."""

import pytest

from kpm.engine.catalogue import Catalogue
from kpm.engine.catalogue_file import load_features, load_outcomes
from kpm.engine.check import compile_condition
from kpm.engine.goals import check_goal, process_outcomes

FEATURES = """
units: {CNY: 元}
tables: {behaviour_event: 行为, service_record: 服务}
features: []
"""
OUTCOMES = """
outcomes:
- {name: logins, title: 登录, title_en: Logins, dtype: int, source: [behaviour_event], definition: 登录次数。}
- {name: contact_ok, title: 联系, title_en: Contact, dtype: bool, source: [service_record], definition: 接通。, process: true}
- {name: opened, title: 打开, title_en: Opened, dtype: bool, source: [behaviour_event], definition: 打开。, process: true}
"""  # noqa: E501


@pytest.fixture(scope="module")
def outcomes() -> Catalogue:
    return load_outcomes(OUTCOMES, features=load_features(FEATURES))


def test_a_goal_that_both_arms_can_reach_passes(outcomes: Catalogue) -> None:
    checked = check_goal("logins >= 2", outcomes)

    assert checked.problems == ()
    assert checked.condition is not None
    assert checked.condition.normalised == "logins >= 2"


def test_an_outcome_of_the_treated_is_refused_by_name(outcomes: Catalogue) -> None:
    checked = check_goal("logins >= 2 AND (contact_ok = true OR opened = true)", outcomes)

    [problem] = checked.problems
    assert checked.condition is None
    assert (problem.code, problem.leaf) == ("process", "contact_ok")
    assert problem.message == (
        "Only a client who was served can have contact_ok, opened; a goal is something that both arms can reach."
    )


def test_a_broken_goal_keeps_its_own_fault(outcomes: Catalogue) -> None:
    [problem] = check_goal("login >= 2", outcomes).problems

    assert problem.code != "process"
    assert "logins" in problem.message


def test_the_process_outcomes_of_a_condition_are_listed(outcomes: Catalogue) -> None:
    condition = compile_condition("contact_ok = true AND logins >= 1", outcomes)

    assert process_outcomes(condition) == ["contact_ok"]
