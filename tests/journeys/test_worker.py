"""Beat puts a row in line; without a worker it waits; a worker does it; a killed worker's work is done again."""

import json
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from clients.shared import clock, queue
from clients.shared.models import Job
from kpm.strategies.models import Run
from tests.journeys.processes import running, until
from tests.kpm.strategies import branch as story

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("worker")]
BEAT = ("celery", "-A", "portal.celery", "beat", "--pidfile", "", "--loglevel", "INFO", "--max-interval", "1")
WORKER = ("celery", "-A", "portal.celery", "worker", "--concurrency", "1", "--loglevel", "INFO", "--without-mingle")
SLOT = "strategies.run_slot"


@pytest.fixture(autouse=True)
def lake(settings: Any, tmp_path: Path) -> None:
    settings.LAKE_DIR = tmp_path / "lake"
    settings.LAKE_DIR.mkdir()


def every_second(task: str, argument: str) -> None:
    often, _ = IntervalSchedule.objects.get_or_create(every=1, period=IntervalSchedule.SECONDS)
    PeriodicTask.objects.create(name="now and again", task=task, interval=often, args=json.dumps([argument]))


def test_beat_writes_a_row_that_waits_for_a_worker(tmp_path: Path) -> None:
    story.build()
    every_second(SLOT, "after_settlement")
    log = tmp_path / "log"

    with running(log, *BEAT):
        waiting = until(lambda: Job.objects.filter(name=SLOT).first(), log)
        time.sleep(2)
        assert list(Job.objects.filter(name=SLOT).values_list("pk", "state")) == [(waiting.pk, Job.State.WAITING)]

    with running(log, *WORKER):
        until(lambda: done(waiting), log)

    assert Run.objects.get().state == Run.State.PUBLISHED


def done(job: Job) -> bool:
    return Job.objects.filter(pk=job.pk, state=Job.State.DONE).exists()


def test_what_a_killed_worker_left_is_done_by_the_next(tmp_path: Path) -> None:
    story.build()
    log = tmp_path / "log"
    job = queue.enqueue(SLOT, "after_settlement", now=clock.now())

    with running(log, *WORKER) as worker:
        until(lambda: Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).exists(), log)
        worker.send_signal(signal.SIGKILL)
        worker.wait()

    with running(log, *WORKER):
        until(lambda: queue.sweep(now=clock.now()) or done(job), log)
        until(lambda: done(job), log)

    assert Run.objects.get().state == Run.State.PUBLISHED
