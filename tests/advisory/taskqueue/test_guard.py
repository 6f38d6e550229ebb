"""The database keeps the rules whatever writes to it: bulk updates, the admin, raw SQL."""

from collections.abc import Callable
from itertools import product

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from advisory.taskqueue import services as taskqueue
from advisory.taskqueue.edges import EDGES
from advisory.taskqueue.models import PlaybookVersion, Task, TaskEvent, TaskResult
from advisory.taskqueue.services import transitions
from clients.org.models import Staff
from tests import factories
from tests.advisory.taskqueue.people import desk, fresh
from tests.factories import NOW

pytestmark = pytest.mark.django_db
CLOSED = {"done", "skipped", "expired", "cancelled"}


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def held_by(alice: Staff, state: str) -> dict[str, object]:
    """What the constraints ask of a row in this state."""
    if state == "working":
        return {"worker": alice, "slot": 1, "lease_until": NOW}
    return {"close_code": "x"} if state in CLOSED else {}


@pytest.mark.parametrize("how", ["update", "save", "sql"])
def test_a_state_changes_by_its_transitions_only(how: str) -> None:
    task = desk().task
    cancelled = fresh(task)
    cancelled.state, cancelled.close_code = "cancelled", "x"
    ways: dict[str, Callable[[], object]] = {
        "update": lambda: Task.objects.filter(pk=task.pk).update(state="cancelled", close_code="x"),
        "save": cancelled.save,
        "sql": lambda: execute("UPDATE taskqueue_task SET state = 'cancelled', close_code = 'x'"),
    }

    with pytest.raises(DatabaseError, match="changed by its transitions only"), transaction.atomic():
        ways[how]()

    assert fresh(task).state == "open"


def test_everything_else_of_a_task_may_be_written() -> None:
    task = desk().task

    Task.objects.filter(pk=task.pk).update(rank=7, why="new evidence")

    assert (fresh(task).rank, fresh(task).why) == (7, "new evidence")


def test_even_with_the_mark_only_the_edges_of_the_state_machine_pass() -> None:
    alice = factories.staff("Alice")
    bob = factories.client("Bob", manager=alice)
    passed = set()

    for start, end in product(Task.State.values, repeat=2):
        try:
            with transaction.atomic():
                task = factories.task(bob, state=start, **held_by(alice, start))
                transitions._permit()
                Task.objects.filter(pk=task.pk).update(state=end, **held_by(alice, end))
                passed.add((start, end))
                transaction.set_rollback(True)
        except DatabaseError as refused:
            assert f"a task does not go from {start} to {end}" in str(refused)  # noqa: PT017

    assert passed == EDGES | {(state, state) for state in Task.State.values}


def test_the_service_knows_the_same_edges() -> None:
    here = desk()
    refused = set()

    for start, end in product(Task.State.values, repeat=2):
        task = Task(pk=here.task.pk, state=start)
        try:
            with transaction.atomic():
                transitions.move(task=task, to=end, by="test", now=NOW, expect={"version": 99})
        except taskqueue.Conflict as conflict:
            if conflict.task is task:  # before any query: no such edge
                refused.add((start, end))

    assert refused == set(product(Task.State.values, repeat=2)) - EDGES
    assert not TaskEvent.objects.exists()


@pytest.mark.parametrize("how", ["update", "delete", "sql"])
@pytest.mark.parametrize("model", [TaskResult, TaskEvent])
def test_results_and_events_are_never_changed(model: type[TaskResult] | type[TaskEvent], how: str) -> None:
    here = desk()
    taskqueue.claim(task=here.task, by=here.alice, now=NOW)
    taskqueue.finish(task=here.task, by=here.alice, fence=1, contact="busy", idem_key="k", now=NOW)
    before = list(model.objects.values())  # type: ignore[attr-defined]

    ways: dict[str, Callable[[], object]] = {
        "update": lambda: model.objects.update(at=NOW.replace(year=2020)),  # type: ignore[attr-defined]
        "delete": lambda: model.objects.all().delete(),  # type: ignore[attr-defined]
        "sql": lambda: execute(f"DELETE FROM {model._meta.db_table}"),
    }

    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        ways[how]()

    assert list(model.objects.values()) == before  # type: ignore[attr-defined]


def test_one_client_has_one_worker_and_one_seat_one_task() -> None:
    here = desk()
    working = {"state": "working", "slot": 1, "lease_until": NOW}
    factories.task(here.bob, worker=here.alice, **working)

    with pytest.raises(IntegrityError, match="one_worker_per_client"), transaction.atomic():
        factories.task(here.bob, worker=here.dave, **working)
    with pytest.raises(IntegrityError, match="one_load_per_slot"), transaction.atomic():
        factories.task(factories.client("Carl", manager=here.alice), worker=here.alice, **working)


@pytest.mark.parametrize(
    ("fields", "name"),
    [({"state": "working"}, "working_has_a_worker"), ({"state": "done"}, "closed_has_a_code")],
)
def test_a_state_has_what_belongs_to_it(fields: dict[str, str], name: str) -> None:
    here = desk()

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        factories.task(here.bob, **fields)


def test_a_published_text_stays_and_an_obsolete_one_is_final() -> None:
    version = factories.playbook()

    for change in ({"body_hash": "another"}, {"state": "draft"}):
        with pytest.raises(DatabaseError, match="published_text_stays"), transaction.atomic():
            PlaybookVersion.objects.filter(pk=version.pk).update(**change)
    PlaybookVersion.objects.filter(pk=version.pk).update(state="obsolete")
    with pytest.raises(DatabaseError, match="obsolete_is_final"), transaction.atomic():
        PlaybookVersion.objects.filter(pk=version.pk).update(state="published")

    version.refresh_from_db()
    assert (version.state, version.body_hash) == ("obsolete", "")


@pytest.mark.parametrize("how", ["change", "add", "delete"])
def test_the_steps_of_a_published_playbook_stay(how: str) -> None:
    version = factories.playbook()
    before = list(version.steps.values_list("order", "text"))

    ways: dict[str, Callable[[], object]] = {
        "change": lambda: version.steps.filter(order=1).update(text="say something else"),
        "add": lambda: version.steps.create(order=9, kind="script", text="one more"),
        "delete": lambda: version.steps.filter(order=1).delete(),
    }

    with pytest.raises(DatabaseError, match="steps of a playbook"), transaction.atomic():
        ways[how]()

    assert list(version.steps.values_list("order", "text")) == before
