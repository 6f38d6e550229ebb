"""What people can take on a day, written before the strategies run."""

from datetime import date, time, timedelta

import pytest

from advisory.dispatch import services as dispatch
from clients.org.models import Cover, Role
from clients.shared import clock
from kpm.strategies.models import CapacityBudget
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
OLDER = date(2026, 11, 19)  # work that was there before the data of the 20th came
THEN = clock.at_shanghai(OLDER, time(20))


def budgets() -> dict[str, int]:
    return dict(CapacityBudget.objects.filter(day=DAY).values_list("pool", "capacity"))


def test_a_person_has_his_tasks_a_day_less_his_open_work_and_his_branch_what_its_people_have() -> None:
    place = make.branch("HF01")
    alice, bob = make.staff("Alice", at=place, tasks_a_day=5), make.staff("Bob", at=place, tasks_a_day=7)
    client = make.client("Carl", manager=alice)
    make.task(client, assignee=alice, evidence_asof=OLDER, created_at=THEN)
    make.task(client, pool="client_manager:HF01", evidence_asof=OLDER, created_at=THEN)
    make.task(client, assignee=alice)  # of last night's data: its hit counts, not its task

    dispatch.write_budgets(day=DAY)

    assert budgets() == {
        f"staff:{alice.pk}": 4, f"staff:{bob.pk}": 7, "client_manager:HF01": 10, "adviser:HF01": 0, "call_centre": 0,
    }  # fmt: skip


def test_what_nobody_can_begin_any_more_is_no_work() -> None:
    place = make.branch("HF01")
    alice = make.staff("Alice", at=place, tasks_a_day=5)
    client = make.client("Carl", manager=alice)
    noon = clock.at_shanghai(DAY, time(12))
    for moment in (noon - timedelta(seconds=1), noon):
        make.task(client, assignee=alice, evidence_asof=OLDER, created_at=THEN, valid_until=moment)
        make.task(client, pool="client_manager:HF01", evidence_asof=OLDER, created_at=THEN, valid_until=moment)

    dispatch.write_budgets(day=DAY)

    assert (budgets()[f"staff:{alice.pk}"], budgets()["client_manager:HF01"]) == (4, 3)


def test_a_call_that_came_after_the_day_of_work_before_is_counted_by_its_hit() -> None:
    place = make.branch("HF01")
    alice = make.staff("Alice", at=place, tasks_a_day=5)
    client = make.client("Carl", manager=alice)
    turn = clock.at_shanghai(DAY - timedelta(days=3), time(19))  # Friday's
    for moment in (turn - timedelta(minutes=1), turn):
        make.task(client, assignee=alice, evidence_asof=OLDER, created_at=moment)

    dispatch.write_budgets(day=DAY)

    assert budgets()[f"staff:{alice.pk}"] == 4


def test_advisers_count_with_a_licence_only_and_agents_for_the_whole_house() -> None:
    place, other = make.branch("HF01"), make.branch("HF02")
    make.staff("Alice", roles=(Role.ADVISER,), at=place, licence="S0001", tasks_a_day=5)
    make.staff("Bob", roles=(Role.ADVISER,), at=place, tasks_a_day=5)
    make.staff("Charlie", roles=(Role.CALL_CENTRE,), at=place, tasks_a_day=6)
    make.staff("Dora", roles=(Role.CALL_CENTRE,), at=other, tasks_a_day=6)

    dispatch.write_budgets(day=DAY)

    # A branch without an adviser is served by those of the house, as routing does.
    assert budgets() == {
        "adviser:HF01": 5, "adviser:HF02": 5, "call_centre": 12, "client_manager:HF01": 0, "client_manager:HF02": 0,
    }  # fmt: skip


def test_who_is_away_takes_nothing() -> None:
    place = make.branch("HF01")
    alice, bob = make.staff("Alice", at=place, tasks_a_day=5), make.staff("Bob", at=place, tasks_a_day=7)
    Cover.objects.create(absent=alice, cover=bob, starts_at=make.NOW, ends_at=make.NOW + timedelta(days=3))

    dispatch.write_budgets(day=DAY)

    assert budgets() == {
        f"staff:{alice.pk}": 0, f"staff:{bob.pk}": 7, "client_manager:HF01": 7, "adviser:HF01": 0, "call_centre": 0,
    }  # fmt: skip


def test_written_again_it_follows_the_facts_and_leaves_what_was_set_by_hand() -> None:
    place = make.branch("HF01")
    alice, bob = make.staff("Alice", at=place, tasks_a_day=5), make.staff("Bob", at=place, tasks_a_day=7)
    dispatch.write_budgets(day=DAY)
    CapacityBudget.objects.filter(pool="client_manager:HF01").update(capacity=1, fixed=True)
    bob.left_on = DAY
    bob.save()

    dispatch.write_budgets(day=DAY)

    assert budgets() == {
        f"staff:{alice.pk}": 5, "client_manager:HF01": 1, "adviser:HF01": 0, "call_centre": 0,
    }  # fmt: skip
