"""Actions on tasks. Every change of state goes through `transitions.move`."""

from advisory.taskqueue.services.answers import AnswersMissing
from advisory.taskqueue.services.create import Draft, create_tasks
from advisory.taskqueue.services.expiring import expire
from advisory.taskqueue.services.finishing import finish
from advisory.taskqueue.services.frompractice import draft_of_practice
from advisory.taskqueue.services.playbooks import (
    CannotPublish,
    draft_playbook,
    edit_draft,
    load_playbook,
    publish_draft,
)
from advisory.taskqueue.services.transitions import Conflict
from advisory.taskqueue.services.working import CannotClaim, claim, mark_seen, release, sweep_lapsed

__all__ = [
    "AnswersMissing",
    "CannotClaim",
    "CannotPublish",
    "Conflict",
    "Draft",
    "claim",
    "create_tasks",
    "draft_of_practice",
    "draft_playbook",
    "edit_draft",
    "expire",
    "finish",
    "load_playbook",
    "mark_seen",
    "publish_draft",
    "release",
    "sweep_lapsed",
]
