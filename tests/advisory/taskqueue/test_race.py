"""Eight people race for sixty tasks of twenty clients through the services: no two ever work one client."""

import random
import threading
from collections import Counter

import pytest

from advisory.taskqueue import services as taskqueue
from advisory.taskqueue.models import Task, TaskEvent, TaskResult
from clients.org.models import Staff
from clients.register.models import Touch
from tests import factories
from tests.factories import NOW
from tests.together import at_once

PEOPLE, TASKS, CLIENTS, ROUNDS = 8, 60, 20, 400


class Watch:
    """Sees who works which client at any moment; every breach is kept."""

    def __init__(self) -> None:
        self._lock, self._at_work = threading.Lock(), {}
        self.breaches: list[str] = []
        self.claims = 0

    def begins(self, task: Task, who: Staff) -> None:
        with self._lock:
            self.claims += 1
            if task.client_id in self._at_work:
                self.breaches.append(f"{who} took client {task.client_id} from {self._at_work[task.client_id]}")
            self._at_work[task.client_id] = who

    def ends(self, task: Task) -> None:
        """Said before the task is given up: from the next statement on, anybody may have it."""
        with self._lock:
            del self._at_work[task.client_id]


def work(seed: int, who: Staff, watch: Watch) -> int:
    """Take whatever comes, give a fifth of it back, click twice now and then; until nothing is open."""
    dice, finished = random.Random(seed), 0
    for _round in range(ROUNDS):
        numbers = list(Task.objects.filter(state=Task.State.OPEN).values_list("pk", flat=True))
        if not numbers:
            return finished
        try:
            task = taskqueue.claim(task=Task(pk=dice.choice(numbers)), by=who, now=NOW)
        except taskqueue.CannotClaim:
            continue
        watch.begins(task, who)
        if dice.random() < 0.2:
            watch.ends(task)
            taskqueue.release(task=task, by=who, now=NOW)
            continue
        watch.ends(task)
        for _click in range(dice.choice([1, 1, 2])):
            taskqueue.finish(
                task=task, by=who, fence=task.fence, contact="busy", idem_key=f"{task.pk}-{task.fence}", now=NOW
            )
        finished += 1
    return finished


@pytest.mark.django_db(transaction=True)
def test_nobody_works_a_client_whom_a_colleague_works() -> None:
    place = factories.branch("A")
    people = [factories.staff(f"P{n}", at=place, seat_cap=1 + n % 2) for n in range(PEOPLE)]
    clients = [factories.client(f"C{n}", at=place, login=False) for n in range(CLIENTS)]
    for n in range(TASKS):
        factories.task(clients[n % CLIENTS])
    watch = Watch()

    finished = at_once(*(lambda n=n, who=who: work(n, who, watch) for n, who in enumerate(people)))

    assert watch.breaches == []
    assert sum(finished) == TASKS
    assert set(Task.objects.values_list("state", flat=True)) == {"done"}
    assert (TaskResult.objects.count(), Touch.objects.count()) == (TASKS, TASKS)
    assert set(Counter(TaskResult.objects.values_list("task_id", flat=True)).values()) == {1}
    moves = Counter(TaskEvent.objects.values_list("from_state", "to_state"))
    assert moves[("open", "working")] == watch.claims == sum(Task.objects.values_list("fence", flat=True))
    assert moves[("working", "done")] == TASKS
    assert moves[("working", "open")] == watch.claims - TASKS


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_finish_is_one_result_and_both_get_it() -> None:
    alice = factories.staff("Alice")
    task = taskqueue.claim(task=factories.task(factories.client(manager=alice)), by=alice, now=NOW)

    results = at_once(
        *(
            lambda: taskqueue.finish(task=task, by=alice, fence=1, contact="busy", idem_key="one form", now=NOW).pk
            for _ in range(4)
        )
    )

    assert len(set(results)) == 1
    assert TaskResult.objects.count() == 1
