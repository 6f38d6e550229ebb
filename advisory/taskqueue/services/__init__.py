"""Actions on tasks. Every change of state goes through `transitions.move`."""

from advisory.taskqueue.services.answers import AnswersMissing
from advisory.taskqueue.services.create import create_task
from advisory.taskqueue.services.finishing import finish
from advisory.taskqueue.services.playbooks import NotADraft, draft_playbook, publish_draft, publish_playbook
from advisory.taskqueue.services.transitions import Conflict
from advisory.taskqueue.services.working import CannotClaim, claim, mark_seen, release, sweep_lapsed

__all__ = [
    "AnswersMissing",
    "CannotClaim",
    "Conflict",
    "NotADraft",
    "claim",
    "create_task",
    "draft_playbook",
    "finish",
    "mark_seen",
    "publish_draft",
    "publish_playbook",
    "release",
    "sweep_lapsed",
]
