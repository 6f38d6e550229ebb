"""The pages of success cases, from writing to drafting, with what each person may see."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from clients.org.models import Role, Staff
from kpm.outcomes.cases.selectors import pages
from kpm.outcomes.models import CaseSearch, SuccessCase
from kpm.strategies.models import Strategy
from kpm.strategies.models.events import VersionEvent
from tests import factories as make
from tests.kpm.outcomes.cases import world
from tests.kpm.outcomes.world import hit, version

pytestmark = pytest.mark.django_db
RULE = {
    "rule": [{"column": "cash_ratio", "op": ">=", "value": 0.7, "unknown": True}], "text": "cash_ratio >= 0.7",
    "served": 50, "covered": 45, "compared": 250, "others": 12, "stable": 0.94,
}  # fmt: skip


def browser(staff: Staff) -> Browser:
    found = Browser(headers={"Accept-Language": "en"})
    found.force_login(staff.user, backend="clients.org.backends.StaffBackend")
    return found


@pytest.fixture
def alice() -> Staff:
    return world.manager()


@pytest.fixture
def author() -> Staff:
    return make.staff("Ann", roles=(Role.STRATEGY_AUTHOR,))


@pytest.fixture
def case(alice: Staff) -> SuccessCase:
    return world.written(alice, world.clients(alice, 3))


def found(case: SuccessCase, **fields: Any) -> CaseSearch:
    known = {"asked_by": case.author, "asked_at": make.NOW, "state": "found", "served": 90, "compared": 450}
    return CaseSearch.objects.create(case=case, **{**known, "rules": [RULE], **fields})


def page(of: Staff, case: SuccessCase) -> str:
    return browser(of).get(reverse("cases:case", args=[case.pk])).content.decode()


def test_a_manager_writes_a_case_and_sees_it(alice: Staff) -> None:
    bob = world.clients(alice, 1)[0]
    said = vars(world.story([bob]))

    answer = browser(alice).post(reverse("cases:new"), said, follow=True)

    case = SuccessCase.objects.get()
    assert answer.redirect_chain == [(reverse("cases:case", args=[case.pk]), 302)]
    assert all(text in answer.content.decode() for text in ("Idle cash", "Call him", "Ask what for", "1 client"))


def test_a_form_with_a_fault_comes_back_with_everything_that_was_typed(alice: Staff) -> None:
    said = vars(world.story([], clients="x"))

    answer = browser(alice).post(reverse("cases:new"), said)

    assert answer.status_code == 422
    assert "line 1: a client number and a day" in answer.content.decode()
    assert "Much cash, no plan" in answer.content.decode()
    assert SuccessCase.objects.count() == 0


def test_others_read_the_case_and_none_of_its_clients(case: SuccessCase) -> None:
    stranger = world.manager("Sam")

    shown = page(stranger, case)

    assert "Much cash, no plan" in shown
    assert "Nobody whom you may see" in shown
    assert "S000000" not in shown


def test_the_rules_stand_in_words_with_their_counts_and_what_they_do_not_say(case: SuccessCase, author: Staff) -> None:
    found(case)

    shown = page(author, case)

    assert "at least 70%, or not known" in shown
    assert "45 of 50 of the case, 12 of 250 comparable ones. Found again in 94%" in shown
    assert "that does not say that it helps" in shown


def test_a_rule_says_that_something_is_known_and_outlives_its_feature(case: SuccessCase, author: Staff) -> None:
    known = {"column": "margin_debt", "op": "unknown", "value": "", "unknown": True}
    gone = {"column": "no_such_feature", "op": ">=", "value": 1.0, "unknown": False}
    found(case, rules=[{**RULE, "rule": [known], "text": "margin_debt IS NULL"}, {**RULE, "rule": [gone]}])

    shown = page(author, case)

    assert "is not known" in shown
    assert "margin_debt IS NULL" in shown


def test_a_rule_that_repeats_the_strategy_behind_the_case_says_so(case: SuccessCase, author: Staff) -> None:
    of = version("A-1", goal="since_hit_login_cnt >= 1", features=["cash_ratio", "age"])
    Strategy.objects.filter(pk=of.strategy_id).update(live_version=of)
    SuccessCase.objects.update(origin=of.strategy)
    found(case)

    assert "A-1 asks for the same features already" in page(author, case)


def test_what_head_office_wrote_has_spread_with_its_first_branch() -> None:
    root = make.branch()
    case = make.success_case(root)
    of = version("CASE-9")
    SuccessCase.objects.update(made=of.strategy)
    case.refresh_from_db()
    hit(of, make.client("Bob", at=make.branch(parent=root)))

    assert [one.own for one in pages.spread(case)] == [False]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("too_few", "80 are needed"), ("no_rule", "would be found again"), ("failed", "IO Error"),
        ("waiting", "stands here within a few minutes"),
    ],
)  # fmt: skip
def test_a_search_without_a_rule_says_why(case: SuccessCase, author: Staff, state: str, said: str) -> None:
    found(case, state=state, rules=[], error="IO Error" if state == "failed" else "")

    assert said in page(author, case)


def test_a_press_puts_a_search_in_line(case: SuccessCase, alice: Staff) -> None:
    answer = browser(alice).post(reverse("cases:search", args=[case.pk]), follow=True)

    assert case.searches.get().state == CaseSearch.State.WAITING
    assert "Asked for. The answer stands here within a few minutes." in answer.content.decode()


def test_an_author_drafts_and_lands_in_the_studio(case: SuccessCase, author: Staff) -> None:
    version("LIKE-1", goal="since_hit_login_cnt >= 1", goal_window=10, holdout_pct=10)
    said = {"condition": "cash_ratio >= 0.7", "like": "LIKE-1"}

    answer = browser(author).post(reverse("cases:draft", args=[case.pk]), said)

    made = Strategy.objects.get(origin="case")
    assert answer.headers["Location"] == reverse("studio:author", args=[made.code])
    assert made.code in page(author, case)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"condition": "cash_ration >= 0.7", "like": "LIKE-1"}, "cash_ratio"),
        ({"condition": "cash_ratio >= 0.7", "like": "NONE-1"}, "There is no strategy of this code."),
        (
            {"condition": "cash_ratio >= 0.7", "like": "RISK-1"},
            "Choose a service or marketing strategy that has a goal and offers nothing.",
        ),
    ],
)
def test_a_draft_with_a_fault_is_refused_in_its_place(
    case: SuccessCase, author: Staff, said: dict[str, str], why: str
) -> None:
    version("LIKE-1", goal="since_hit_login_cnt >= 1", goal_window=10, holdout_pct=10)
    version("RISK-1", purpose="risk")

    answer = browser(author).post(reverse("cases:draft", args=[case.pk]), said)

    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert Strategy.objects.filter(origin="case").count() == 0


def test_its_way_is_told_to_the_first_client_of_another_branch(case: SuccessCase, author: Staff) -> None:
    of = version("CASE-1", goal="since_hit_login_cnt >= 1", goal_window=10, holdout_pct=50)
    SuccessCase.objects.update(made=of.strategy, made_by=author.user, made_at=make.NOW)
    VersionEvent.objects.create(version=of, kind="launched", by=author.user, at=make.NOW)
    case.refresh_from_db()
    bob = make.client("Bob", manager=case.author.staff)
    hit(of, bob)
    before = (pages.days_to_another_branch(case), len(pages.way(case)))

    hit(of, make.client("Frank"), used_on=make.DAY)

    assert before == (None, 3)
    assert [one.own for one in pages.spread(case)] == [True, False]
    assert pages.days_to_another_branch(case) == 0
    shown = page(author, case)
    assert "It reached another branch after 0 trading days." in shown
    assert "first client served in another branch" in shown


def test_pages_ask_the_database_so_often(
    case: SuccessCase, author: Staff, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    found(case)
    of_author = browser(author)
    of_author.get(reverse("cases:overview"))

    with django_assert_num_queries(6):
        of_author.get(reverse("cases:overview"))
    with django_assert_num_queries(8):
        of_author.get(reverse("cases:case", args=[case.pk]))
