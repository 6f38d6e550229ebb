"""A draft strategy of a case: its condition found or written, its steps those of the case, half held out at first."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clients.org.models import User
from clients.org.standing import holds
from clients.shared import queue
from kpm.outcomes.models import SuccessCase
from kpm.strategies import services as strategies
from kpm.strategies.figures import launch
from kpm.strategies.models import Strategy, StrategyVersion
from kpm.strategies.models.strategy import Purpose
from kpm.strategies.services.approvals import COMPANY_AUTHORS

Action, Handler = StrategyVersion.Action, StrategyVersion.Handler


class CannotDraft(Exception):
    """No strategy can be drafted of a case now; the text says why and what would be right."""


def may_draft(user: User, now: datetime) -> bool:
    """Whether a person writes strategies of the company."""
    return any(holds(user, role, now) for role in COMPANY_AUTHORS)


@transaction.atomic
def draft_of_case(*, case: SuccessCase, like: Strategy, condition: str, by: User, now: datetime) -> StrategyVersion:
    """This will draft a strategy of the company with a condition, and what the newest version of `like` says otherwise.

    Its steps are asked for as a playbook that a second person publishes. Raises CannotDraft.
    """
    row = SuccessCase.objects.select_for_update().get(pk=case.pk)
    if not may_draft(by, now):
        raise CannotDraft(_("Authors of the company draft strategies of cases."))
    if row.made_id is not None:
        raise CannotDraft(_("A strategy was drafted of this case already."))
    draft = _draft(row, like, condition, by, now)
    row.made, row.made_by, row.made_at = draft.strategy, by, now
    row.save(update_fields=["made", "made_by", "made_at"])
    queue.enqueue("taskqueue.draft_playbook_of_case", row.pk, now=now)
    return draft


def _draft(case: SuccessCase, like: Strategy, condition: str, by: User, now: datetime) -> StrategyVersion:
    said = _said(case, condition)
    try:
        return strategies.draft_like(
            strategy=like, code=code_of(case), names=(case.title, case.title), origin=Strategy.Origin.CASE,
            rationale=case.situation, said=said, by=by, now=now,
        )  # fmt: skip
    except strategies.CannotChange as refused:
        raise CannotDraft(str(refused)) from refused


def _said(case: SuccessCase, condition: str) -> dict[str, Any]:
    """What the draft says otherwise than the strategy that it is like: a task for the manager, by the case's steps."""
    return {
        "condition": condition.strip(), "schedule": "after_settlement", "occurrence": "client",
        "occurrence_from": "", "note": "", "breaker": {}, "action": Action.TASK, "handler": Handler.MANAGER,
        "playbook_code": code_of(case), "holdout_pct": launch().case_holdout, "holdout_reason": "",
        "change_note": _("From the success case \u201c%(title)s\u201d.") % {"title": case.title},
    }  # fmt: skip


def code_of(case: SuccessCase) -> str:
    """Return the code of the strategy of a case, which is that of its playbook too."""
    return f"CASE-{case.pk:04d}"


def may_be_copied(strategy: Strategy) -> bool:
    """Whether a case's strategy can be like this one: who is warned is not decided by a branch's practice.

    And what is offered needs a level of its own, which a practice does not bring.
    """
    newest = strategy.versions.filter(submitted_at__isnull=False).order_by("-number").first()
    if newest is None or newest.suitability_gate:
        return False
    return newest.purpose in (Purpose.SERVICE, Purpose.MARKETING) and bool(newest.goal)
