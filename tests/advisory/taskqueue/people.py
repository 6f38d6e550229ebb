"""Who works the tasks of these tests."""

from dataclasses import dataclass

from advisory.taskqueue.models import Task, TaskEvent, TaskResult
from clients.behaviour.models import BusinessFact
from clients.org.models import Staff
from clients.register.models import Client, ClientGrant, Touch
from kpm.strategies.models import HitFeedback
from tests import factories


@dataclass
class Desk:
    """Alice and Dave of one branch, Bob who is Alice's client, and an open task about him."""

    alice: Staff
    dave: Staff
    bob: Client
    task: Task


def desk(**fields: object) -> Desk:
    """A desk with its task; its playbook asks the first of three steps."""
    alice = factories.staff("Alice", seat_cap=2)
    dave = factories.staff("Dave", at=alice.branch)
    bob = factories.client("Bob", manager=alice)
    version = factories.playbook(steps=({"text": "核实身份", "required": True}, "说明数字", "记下答复"))
    return Desk(alice, dave, bob, factories.task(bob, assignee=alice, playbook_version=version, **fields))


def fresh(task: Task) -> Task:
    """The task as the database has it now."""
    return Task.objects.get(pk=task.pk)


def written() -> dict[str, int]:
    """How many rows of everything that work on a task writes."""
    models = (TaskResult, TaskEvent, Touch, BusinessFact, HitFeedback, ClientGrant)
    return {model.__name__: model.objects.count() for model in models}
