"""How far a version has come, in words: what it still needs, where it runs, how it ended."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kpm.strategies.models import Approval, Strategy, StrategyVersion, VersionEvent
from kpm.strategies.services import approvals

Kind, Status = VersionEvent.Kind, Strategy.Status
READ = ("events", "approvals")  # what a list of versions fetches beforehand


def state_of(version: StrategyVersion) -> str:
    """Return the state of a version as a page says it; a list of versions fetches `READ` and the strategy first."""
    if version.submitted_at is None:
        return str(Status.DRAFT.label)
    return _of_what_runs(version) or _of_what_ended(version) or _of_what_waits(version)


def _of_what_runs(version: StrategyVersion) -> str:
    strategy = version.strategy
    if version.pk not in (strategy.live_version_id, strategy.pilot_version_id):
        return ""
    if strategy.status in (Status.PAUSED, Status.RETIRED) or version.pk == strategy.pilot_version_id:
        return strategy.get_status_display()
    return str(Status.LIVE.label)


def _of_what_ended(version: StrategyVersion) -> str:
    kinds = {event.kind for event in version.events.all()}
    if Kind.WITHDRAWN in kinds:
        return str(Kind.WITHDRAWN.label)
    if Kind.REJECTED in kinds:
        return str(Kind.REJECTED.label)
    return pgettext("of a version", "ran before") if Kind.LAUNCHED in kinds else ""


def _of_what_waits(version: StrategyVersion) -> str:
    """What has to happen before it may run."""
    if not any(event.kind == Kind.SUBMITTED for event in version.events.all()):
        return pgettext("of a version", "written by the library, not launched")
    signed = {row.role for row in version.approvals.all() if row.decision == Approval.Decision.APPROVE}
    missing = [role for role in approvals.needed(version) if role not in signed]
    if not missing:
        return str(Status.APPROVED.label)
    return _("waits for the signature of: %(roles)s") % {"roles": _roles(missing)}


def _roles(roles: Iterable[str]) -> str:
    return ", ".join(str(Approval.Role(role).label) for role in roles)
