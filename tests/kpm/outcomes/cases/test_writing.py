"""Writing a case: kept whole with its clients, or refused with the lines that are wrong."""

import re
from datetime import date

import pytest
from django.utils import translation

from clients.org.models import Role
from kpm.outcomes.cases.selectors.pages import good_results, lines
from kpm.outcomes.cases.services.writing import BadCase, write_case
from kpm.outcomes.models import CaseClient, Outcome, SuccessCase
from tests import factories as make
from tests.kpm.outcomes.cases import world
from tests.kpm.outcomes.world import CLOSED, SERVED, hit, now, version

pytestmark = pytest.mark.django_db


def test_a_case_is_kept_with_its_steps_and_each_client_once_by_his_first_day() -> None:
    alice = world.manager()
    bob, charlie = world.clients(alice, 2)
    said = f"{bob.client_no} 2026-11-20\n\n{charlie.client_no}   2026-11-19\n{bob.client_no} 2026-11-18"

    case = write_case(story=world.story([], clients=said), origin=None, by=alice.user, now=make.NOW)

    assert case.steps == ["Call him", "Ask what for"]
    assert (case.branch, case.author) == (alice.branch, alice.user)
    assert list(case.clients.order_by("client_id").values_list("client", "served_on")) == [
        (bob.pk, date(2026, 11, 18)), (charlie.pk, date(2026, 11, 19)),
    ]  # fmt: skip


def test_lines_that_are_wrong_are_named_and_nothing_is_kept() -> None:
    alice, bob = world.manager(), make.client("Bob of another branch")
    mine = world.clients(alice, 1)[0]
    days = (f"{mine.client_no} {day}" for day in ("2026-11-20", "yesterday", "2027-01-01", "0001-01-01"))
    said = "\n".join([*days, "x", f"{bob.client_no} 2026-11-20"])

    with translation.override("en"), pytest.raises(BadCase) as refused:
        write_case(story=world.story([], clients=said), origin=None, by=alice.user, now=make.NOW)

    assert refused.value.field == "clients"
    assert re.findall(r"line (\d):", str(refused.value)) == ["2", "3", "4", "5", "6"]
    assert bob.client_no in str(refused.value)
    assert SuccessCase.objects.count() == CaseClient.objects.count() == 0


def test_without_a_client_there_is_no_case() -> None:
    with pytest.raises(BadCase):
        write_case(story=world.story([]), origin=None, by=world.manager().user, now=make.NOW)

    assert SuccessCase.objects.count() == 0


def test_who_serves_nobody_writes_no_case() -> None:
    analyst = make.staff("Dora", roles=(Role.ANALYST,))

    with pytest.raises(BadCase):
        write_case(story=world.story([]), origin=None, by=analyst.user, now=make.NOW)

    assert SuccessCase.objects.count() == 0


def test_a_form_begins_with_ones_own_clients_who_reached_the_goal() -> None:
    alice = world.manager()
    bob, charlie = world.clients(alice, 2)
    foreign = make.client("Frank")
    of = version("A", goal="since_hit_login_cnt >= 1", goal_window=3)
    for client, value in ((bob, True), (charlie, False), (foreign, True)):
        Outcome.objects.create(hit=hit(of, client), window_end=CLOSED, value=value, observed_at=now())

    found = good_results(of.strategy, alice.user, make.NOW)

    assert lines(found) == f"{bob.client_no} {SERVED}"
