"""Tasks for people, the playbooks they follow, and what came of them."""

from advisory.taskqueue.models.playbooks import Disposition, Playbook, PlaybookEvent, PlaybookStep, PlaybookVersion
from advisory.taskqueue.models.results import TaskEvent, TaskResult
from advisory.taskqueue.models.tasks import Task

__all__ = [
    "Disposition",
    "Playbook",
    "PlaybookEvent",
    "PlaybookStep",
    "PlaybookVersion",
    "Task",
    "TaskEvent",
    "TaskResult",
]
