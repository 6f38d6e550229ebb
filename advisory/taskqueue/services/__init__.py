"""Actions on tasks. Every change of state goes through `transitions.move`."""

from advisory.taskqueue.services.answers import AnswersMissing
from advisory.taskqueue.services.create import create_task, publish_playbook
from advisory.taskqueue.services.finishing import finish
from advisory.taskqueue.services.transitions import Conflict
from advisory.taskqueue.services.working import CannotClaim, claim, mark_seen, release, sweep_lapsed

__all__ = [
    "AnswersMissing",
    "CannotClaim",
    "Conflict",
    "claim",
    "create_task",
    "finish",
    "mark_seen",
    "publish_playbook",
    "release",
    "sweep_lapsed",
]
