"""Machine work as rows: in line once, done once, and never lost with a broker or a worker."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis
import time_machine
from django.conf import settings as house
from django.db import connections, transaction

from clients.shared import clock, jobs, queue
from clients.shared.models import Channel, Job
from portal.celery import app
from tests.together import at_once, process

NOW = datetime(2026, 11, 20, 11, 30, tzinfo=UTC)
NAME = "tests.nothing"
WORKER = """
import sys, time
from clients.shared import queue
def work(argument):
    print("at work", flush=True)
    time.sleep(120)
queue.perform(int(sys.argv[1]), work)
"""


@pytest.fixture
def broker() -> Iterator[Any]:
    """The broker's line, empty."""
    line = redis.Redis.from_url(house.REDIS_URL)
    line.delete("celery")
    yield line
    line.delete("celery")
    line.close()


def sent(line: Any) -> list[tuple[str, list[int]]]:
    """What lies in the broker, oldest first: task name and job number."""
    messages = [json.loads(message)["headers"] for message in reversed(line.lrange("celery", 0, -1))]
    return [(headers["task"], json.loads(headers["argsrepr"])) for headers in messages]


def waiting(**fields: Any) -> Job:
    return Job.objects.create(**{"name": NAME, "created_at": NOW, **fields})


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("broker")
def test_a_job_is_sent_by_name_and_number_when_its_cause_is_committed(broker: Any) -> None:
    with transaction.atomic():
        row = queue.enqueue(NAME, 7, now=NOW)
        before = sent(broker)

    assert before == []
    assert sent(broker) == [(NAME, [row.pk])]
    row.refresh_from_db()
    assert (row.name, row.argument, row.state, row.attempts, row.created_at) == (NAME, "7", "waiting", 0, NOW)
    assert row.sent_at is not None


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("broker")
def test_a_cause_that_is_rolled_back_leaves_no_job(broker: Any) -> None:
    with transaction.atomic():
        queue.enqueue(NAME, 7, now=NOW)
        transaction.set_rollback(True)

    assert (Job.objects.count(), sent(broker)) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_the_row_waits_for_the_sweeper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "send_task", lambda *_args, **_options: 1 / 0)

    row = queue.enqueue(NAME, now=NOW)

    row.refresh_from_db()
    assert (row.state, row.sent_at) == ("waiting", None)


@pytest.mark.django_db(transaction=True)
def test_a_twin_waits_once_also_when_both_come_at_the_same_moment() -> None:
    rows = at_once(*(lambda: queue.enqueue(NAME, 7, now=NOW).pk for _ in range(6)))
    other = queue.enqueue(NAME, 8, now=NOW)

    assert len(set(rows)) == 1
    assert sorted(Job.objects.values_list("pk", flat=True)) == sorted([rows[0], other.pk])


@pytest.mark.django_db(transaction=True)
def test_while_one_is_at_work_the_next_one_waits() -> None:
    first = queue.enqueue(NAME, 7, now=NOW)

    queue.perform(first.pk, lambda argument: queue.enqueue(NAME, argument, now=NOW))

    assert list(Job.objects.order_by("pk").values_list("argument", "state")) == [("7", "done"), ("7", "waiting")]


@pytest.mark.django_db(transaction=True)
def test_a_worker_sees_the_rows_of_everybody_whose_job_it_takes() -> None:
    """The second cause found a twin waiting; the worker may not take it before that cause is committed."""
    first = queue.enqueue(NAME, 7, now=NOW)
    queued, seen = threading.Event(), []

    def cause() -> None:
        with transaction.atomic():
            Channel.objects.create(name="row of the second cause")
            queue.enqueue(NAME, 7, now=NOW)
            queued.set()
            _let_the_worker_wait()

    def worker() -> None:
        queued.wait(30)
        queue.perform(first.pk, lambda _argument: seen.append(Channel.objects.count()))

    at_once(cause, worker)

    assert seen == [1]
    assert list(Job.objects.values_list("state", flat=True)) == ["done"]


def _let_the_worker_wait() -> None:
    """Until the worker's connection waits for the lock that this one holds (or has run past it)."""
    for _turn in range(200):
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.01)")


@pytest.mark.django_db
def test_a_job_is_done_once_with_its_argument() -> None:
    row, seen = waiting(argument="7"), []

    answers = [queue.perform(row.pk, seen.append), queue.perform(row.pk, seen.append)]

    row.refresh_from_db()
    assert (answers, seen) == ([True, False], ["7"])
    assert (row.state, row.attempts, row.error) == ("done", 1, "")
    assert row.started_at is not None
    assert row.finished_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_message_delivered_twice_is_worked_on_once() -> None:
    row, seen = waiting(), []

    answers = at_once(*(lambda: queue.perform(row.pk, seen.append) for _ in range(4)))

    assert sorted(answers) == [False, False, False, True]
    assert seen == [""]


@pytest.mark.django_db
def test_a_number_that_no_row_has_is_nothing() -> None:
    seen: list[str] = []

    assert queue.perform(4711, seen.append) is False
    assert seen == []


@pytest.mark.django_db
def test_a_failure_is_kept_raised_on_and_tried_again_five_times_in_all() -> None:
    row = waiting()
    moment = clock.now()

    for attempt in range(1, 8):
        with time_machine.travel(moment, tick=False):
            if attempt <= queue.MAX_ATTEMPTS:
                with pytest.raises(ZeroDivisionError):
                    queue.perform(row.pk, lambda _argument: 1 / 0)
            else:
                assert queue.perform(row.pk, lambda _argument: 1 / 0) is False
        row.refresh_from_db()
        assert (row.state, row.attempts) == ("failed", min(attempt, queue.MAX_ATTEMPTS))
        assert row.error == "ZeroDivisionError('division by zero')"
        queue.sweep(now=moment + queue.RETRY_AFTER)
        assert Job.objects.get(pk=row.pk).state == "failed"
        moment += queue.RETRY_AFTER + timedelta(seconds=1)
        queue.sweep(now=moment)


@pytest.mark.django_db
def test_a_failed_job_whose_twin_waits_leaves_the_line_to_it() -> None:
    failed = waiting(state="failed", attempts=1, finished_at=NOW - timedelta(hours=1))
    twin = waiting(sent_at=NOW)

    queue.sweep(now=NOW)

    assert {row.pk: row.state for row in Job.objects.all()} == {failed.pk: "failed", twin.pk: "waiting"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("broker")
def test_the_sweeper_sends_again_what_was_never_sent_or_long_ago(broker: Any) -> None:
    never = waiting(argument="never")
    old = waiting(argument="old", sent_at=NOW - queue.RESEND_AFTER - timedelta(seconds=1))
    waiting(argument="fresh", sent_at=NOW - queue.RESEND_AFTER)
    waiting(argument="done", state="done", finished_at=NOW)

    number = queue.sweep(now=NOW)

    assert number == 2
    assert sorted(sent(broker)) == sorted([(NAME, [never.pk]), (NAME, [old.pk])])


@pytest.mark.django_db
def test_the_sweeper_forgets_what_was_done_two_weeks_ago() -> None:
    waiting(argument="old", state="done", finished_at=NOW - queue.KEEP_DONE - timedelta(seconds=1))
    kept = waiting(argument="new", state="done", finished_at=NOW - queue.KEEP_DONE)

    queue.sweep(now=NOW)

    assert list(Job.objects.all()) == [kept]


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_is_killed_goes_back_in_line_and_is_done() -> None:
    row, seen = waiting(argument="7"), []
    worker = process(WORKER, str(row.pk))
    assert worker.stdout is not None
    assert worker.stdout.readline() == "at work\n"

    queue.sweep(now=clock.now())
    with_a_living_worker = Job.objects.get(pk=row.pk).state
    worker.kill()
    worker.communicate()
    _sweep_until(row, "waiting")
    done = queue.perform(row.pk, seen.append)

    row.refresh_from_db()
    assert (with_a_living_worker, done, seen) == ("running", True, ["7"])
    assert (row.state, row.attempts) == ("done", 2)


def _sweep_until(row: Job, state: str) -> None:
    """The server notices a killed client's end within moments."""
    for _turn in range(300):
        queue.sweep(now=clock.now())
        if Job.objects.get(pk=row.pk).state == state:
            return
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.05)")
    raise AssertionError(f"{row} never became {state}")


@pytest.mark.django_db
def test_a_job_that_costs_every_worker_its_life_is_given_up() -> None:
    row = waiting(state="running", attempts=queue.MAX_ATTEMPTS, started_at=NOW)

    queue.sweep(now=NOW)

    row.refresh_from_db()
    assert (row.state, row.error) == ("failed", "its worker died 5 times")
    queue.sweep(now=NOW + timedelta(days=1))
    assert Job.objects.get(pk=row.pk).state == "failed"


@pytest.mark.django_db
def test_the_sweeper_as_a_job_closes_its_own_row() -> None:
    row = waiting(name="shared.sweep")

    jobs.sweep(row.pk)

    assert Job.objects.get(pk=row.pk).state == "done"


@pytest.mark.django_db
def test_of_two_failed_twins_one_waits_again_and_the_sweep_goes_on() -> None:
    long_ago = NOW - timedelta(hours=1)
    twins = [
        Job.objects.create(name="t.twin", state=Job.State.FAILED, attempts=1, created_at=long_ago, finished_at=long_ago)
        for _ in range(2)
    ]

    queue.sweep(now=NOW)

    states = [Job.objects.get(pk=twin.pk).state for twin in twins]
    assert states == [Job.State.FAILED, Job.State.WAITING]
