"""Beat puts rows in line instead of sending messages."""

import pytest
from celery.schedules import schedule

from clients.shared.beat import RowScheduler
from clients.shared.models import Job
from portal import timetable
from portal.celery import app


@pytest.fixture
def beat() -> RowScheduler:
    """The scheduler as beat makes it, its entries taken from the timetable into the record."""
    return RowScheduler(app=app)


@pytest.mark.django_db(transaction=True)
def test_the_schedule_is_the_timetable_and_nothing_else(beat: RowScheduler) -> None:
    assert sorted(beat.schedule) == sorted(timetable.BEAT_SCHEDULE)


@pytest.mark.django_db(transaction=True)
def test_what_comes_due_becomes_a_row_with_its_argument(beat: RowScheduler) -> None:
    beat.apply_async(beat.schedule["strategies after settlement"])
    beat.apply_async(beat.schedule["sweep jobs"])

    assert list(Job.objects.order_by("pk").values_list("name", "argument", "state")) == [
        ("strategies.run_slot", "after_settlement", "waiting"),
        ("shared.sweep", "", "waiting"),
    ]


@pytest.mark.django_db(transaction=True)
def test_what_comes_due_often_while_no_worker_runs_waits_as_one_row(beat: RowScheduler) -> None:
    for _turn in range(3):
        beat.apply_async(beat.schedule["deliver hits"])

    assert Job.objects.filter(name="dispatch.deliver").count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_edited_in_the_admin_wins_over_the_timetable(beat: RowScheduler) -> None:
    task = beat.schedule["sweep jobs"].model
    every_five_minutes = schedule(300.0)
    task.interval = beat.Entry.to_model_schedule(every_five_minutes)[0]
    task.save()

    again = RowScheduler(app=app)

    assert again.schedule["sweep jobs"].schedule.run_every == every_five_minutes.run_every
