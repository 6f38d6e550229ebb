"""The board: what came of hits by strategy, how often they were right by distance, and the pages that show it."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from clients.org.models import Role, Staff
from kpm.outcomes.boards.selectors import counts, margins, pages
from kpm.outcomes.boards.selectors.counts import Response
from kpm.outcomes.models import EffectSnapshot, Outcome
from kpm.strategies.models import Hit, HitFeedback, Strategy, StrategyVersion
from tests import factories as make
from tests.kpm.outcomes.world import CLOSED, hit, now, version

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> StrategyVersion:
    made = version("A-1", condition="cash_ratio > 0.5", goal="since_hit_login_cnt >= 1", goal_window=3, contact_cost=10)
    Strategy.objects.filter(pk=made.strategy_id).update(status="live", live_version=made)
    made.strategy.refresh_from_db()
    return made


def answered(one: Hit, verdict: str, *, contact: str = "reached", response: str = "agreed") -> None:
    HitFeedback.objects.create(
        hit=one, contact=contact, response=response, verdict=verdict, at=now(), idem_key=str(uuid.uuid4())
    )


def browser(staff: Staff) -> Browser:
    found = Browser(headers={"Accept-Language": "en"})
    found.force_login(staff.user, backend="clients.org.backends.StaffBackend")
    return found


@pytest.fixture
def ann() -> Staff:
    return make.staff("Ann", roles=(Role.STRATEGY_AUTHOR,))


def lately() -> dict[int, Response]:
    return counts.responses(now() - timedelta(days=365), now() + timedelta(days=365))


def test_what_came_of_hits_is_counted_a_hit_once(of: StrategyVersion) -> None:
    hits = [hit(of, make.client(f"Bob {n}", login=False)) for n in range(5)]
    hit(of, make.client("Held", login=False), held=True)
    answered(hits[0], "right")
    answered(hits[0], "right", response="done_now")  # a correction of the same hit
    answered(hits[1], "right")
    answered(hits[1], "wrong_rule", response="not_interested")  # and another one
    answered(hits[2], "", contact="busy", response="")
    answered(hits[3], "wrong_data")
    Outcome.objects.create(hit=hits[0], window_end=CLOSED, value=True, observed_at=now())
    Outcome.objects.create(hit=hits[1], window_end=CLOSED, value=False, observed_at=now())

    found = lately()[of.strategy_id]

    assert found == Response(
        delivered=5, answered=4, reached=3, positive=2, right=1, wrong=1, stale=0, data=1, known=2, goal=1
    )
    assert (found.precision.x, found.precision.n) == (1, 2)
    assert pages.cost(of, found) == Decimal("20.00")


def test_hits_of_another_time_are_not_counted(of: StrategyVersion) -> None:
    hit(of, make.client("Bob", login=False))

    assert counts.responses(now() + timedelta(days=1), now() + timedelta(days=9)) == {}


def test_hits_near_the_threshold_that_are_wrong_show(of: StrategyVersion) -> None:
    for n in range(60):
        one = hit(
            of,
            make.client(f"Bob {n}", login=False),
            evidence={"cash_ratio": str(Decimal("0.51") + n * Decimal("0.005"))},
        )
        answered(one, "right" if n >= 20 else "wrong_rule")

    curve = margins.by_margin(of)[0]

    assert [(one.right.x, one.right.n) for one in curve.bins] == [(0, 20), (20, 20), (20, 20)]
    assert curve.bins[0].low == Decimal("0.01")


def test_a_comparison_that_did_not_make_the_hit_has_no_curve() -> None:
    made = version("B-1", condition="cash_ratio > 0.5 OR age >= 60")
    for n in range(60):
        evidence = {"cash_ratio": "0.1", "age": 60 + n // 2}
        answered(hit(made, make.client(f"Bob {n}", login=False), evidence=evidence), "right")

    assert [curve.text for curve in margins.by_margin(made)] == ["age >= 60"]


def test_few_verdicts_draw_no_curve(of: StrategyVersion) -> None:
    answered(hit(of, make.client("Bob", login=False), evidence={"cash_ratio": "0.9"}), "right")

    assert margins.by_margin(of) == []


def test_the_board_shows_state_difference_precision_and_load(of: StrategyVersion, ann: Staff) -> None:
    answered(hit(of, make.client("Bob", login=False)), "right")
    EffectSnapshot.objects.create(
        version=of, day=CLOSED, treated_n=900, treated_x=90, treated_missing=0, held_n=100, held_x=5, held_missing=0,
        difference=0.05, daily_lower=-0.02, daily_upper=0.12, state="collecting",
    )  # fmt: skip

    shown = browser(ann).get(reverse("board:overview")).content.decode()

    assert "A-1" in shown
    assert "+5.0 (−2.0 – +12.0)" in shown
    assert "1 of 1" in shown


def test_an_effect_that_may_not_be_read_shows_no_number(of: StrategyVersion) -> None:
    EffectSnapshot.objects.create(
        version=of, day=CLOSED, treated_n=9, treated_x=9, treated_missing=0, held_n=9, held_x=5, held_missing=0,
        difference=0.4, daily_lower=0.1, daily_upper=0.6, state="unhealthy",
    )  # fmt: skip

    line = pages.lines([of.strategy], now())[0]

    assert line.difference == ""


def test_a_strategy_that_never_ran_has_its_page_too(ann: Staff) -> None:
    draft = make.strategy()

    answer = browser(ann).get(reverse("board:strategy", args=[draft.code]))

    assert answer.status_code == 200
    assert "No verdict yet." in answer.content.decode()


def test_pages_ask_the_database_so_often(
    of: StrategyVersion, ann: Staff, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(3):
        answered(hit(of, make.client(f"Bob {n}", login=False)), "right")
    page = browser(ann)
    page.get(reverse("board:overview"))

    with django_assert_num_queries(13):
        page.get(reverse("board:overview"))
    with django_assert_num_queries(13):
        page.get(reverse("board:strategy", args=["A-1"]))
