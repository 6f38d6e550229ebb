"""A strategy of a case: half held out, by the steps of the case, submitted only when a colleague published them."""

from typing import Any

import pytest

from advisory.taskqueue import services as taskqueue
from advisory.taskqueue.models import Playbook, PlaybookVersion
from clients.org.models import Role
from clients.shared.models import Job
from kpm.outcomes.cases.services import drafting
from kpm.outcomes.models import SuccessCase
from kpm.strategies.models import Strategy, StrategyVersion
from kpm.strategies.services.editing import faults_of_version
from tests import factories as make
from tests.kpm.outcomes.cases import world
from tests.kpm.strategies.rounds import version

pytestmark = pytest.mark.django_db
CONDITION = "cash_ratio >= 0.7"


@pytest.fixture
def case() -> SuccessCase:
    alice = world.manager()
    return world.written(alice, world.clients(alice, 1))


def like(**fields: Any) -> Strategy:
    said = {"goal": "since_hit_login_cnt >= 1", "goal_window": 10, "holdout_pct": 10, **fields}
    return version("LIKE-1", **said).strategy


def author() -> Any:
    return make.staff("Ann", roles=(Role.STRATEGY_AUTHOR,)).user


def drafted(case: SuccessCase, **fields: Any) -> StrategyVersion:
    return drafting.draft_of_case(
        case=case, **{"like": fields.pop("like", None) or like(), "condition": CONDITION, "by": author(), **fields},
        now=make.NOW,
    )  # fmt: skip


def test_the_draft_says_what_the_case_says_and_else_what_the_other_says(case: SuccessCase) -> None:
    draft = drafted(case)

    strategy = draft.strategy
    assert (strategy.code, strategy.name_zh, strategy.origin, strategy.status) == (
        f"CASE-{case.pk:04d}", "Idle cash", "case", "draft",
    )  # fmt: skip
    assert (draft.condition, draft.action, draft.handler, draft.holdout_pct) == (
        CONDITION,
        "task",
        "client_manager",
        50,
    )
    assert (draft.goal, draft.goal_window, draft.playbook_code) == ("since_hit_login_cnt >= 1", 10, strategy.code)
    case.refresh_from_db()
    assert (case.made, case.made_at) == (strategy, make.NOW)
    assert Job.objects.filter(name="taskqueue.draft_playbook_of_case", argument=str(case.pk)).count() == 1


def test_its_steps_wait_for_a_second_person(case: SuccessCase) -> None:
    draft = drafted(case)
    case.refresh_from_db()

    text = taskqueue.draft_of_practice(case=case, now=make.NOW)
    again = taskqueue.draft_of_practice(case=case, now=make.NOW)

    assert (again, text.state) == (text, PlaybookVersion.State.DRAFT)
    assert [step.text for step in text.steps.all()] == ["Call him", "Ask what for"]
    assert len(faults_of_version(draft)) == 1
    for by in (case.made_by, case.author):
        with pytest.raises(taskqueue.CannotPublish):
            taskqueue.publish_draft(version=text, by=by, now=make.NOW)
    taskqueue.publish_draft(version=text, by=author(), now=make.NOW)
    assert faults_of_version(draft) == []


def test_a_case_begins_with_half_held_out_until_a_version_is_live(case: SuccessCase) -> None:
    draft = drafted(case)
    Playbook.objects.all().delete()
    before = faults_of_version(draft)

    draft.holdout_pct = 10
    fewer = faults_of_version(draft)
    draft.strategy.live_version = draft
    live = faults_of_version(draft)

    assert (len(before), len(fewer), len(live)) == (1, 2, 1)


def test_one_strategy_is_made_of_a_case(case: SuccessCase) -> None:
    first = drafted(case)

    with pytest.raises(drafting.CannotDraft):
        drafting.draft_of_case(case=case, like=first.strategy, condition=CONDITION, by=author(), now=make.NOW)

    assert Strategy.objects.filter(origin="case").count() == 1


def test_who_writes_no_strategies_of_the_company_drafts_none(case: SuccessCase) -> None:
    with pytest.raises(drafting.CannotDraft):
        drafted(case, by=case.author)

    assert Strategy.objects.filter(origin="case").count() == 0
    case.refresh_from_db()
    assert case.made is None


@pytest.mark.parametrize(
    ("fields", "copied"),
    [
        ({}, True),
        ({"purpose": "risk", "holdout_pct": 0}, False),
        ({"goal": ""}, False),
        ({"submitted_at": None}, False),
        ({"suitability_gate": True, "product_level": 2}, False),
    ],
)
def test_only_what_has_a_goal_and_may_be_left_out_can_be_followed(fields: dict[str, Any], copied: bool) -> None:
    assert drafting.may_be_copied(like(**fields)) is copied
