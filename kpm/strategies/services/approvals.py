"""Four eyes on a version: who wrote it, who may sign it as what, and what he signed (STRATEGY 8.3)."""

import math
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from clients.org.models import Branch, Role, Staff, User
from clients.org.standing import holds, standing_of
from kpm.strategies.figures import launch
from kpm.strategies.models import Approval, Signature, Strategy, StrategyVersion, VersionEvent

Kind, Status = VersionEvent.Kind, Strategy.Status
WRITING = (Kind.DRAFTED, Kind.EDITED, Kind.SUBMITTED)
# Who writes for the whole company; an author of a branch writes for his branch alone.
COMPANY_AUTHORS = (Role.STRATEGY_AUTHOR, Role.ADMINISTRATOR, Role.SERVICE_OPS)
# What somebody of the house has to be to sign as what.
SIGNS_AS: dict[str, str] = {
    Approval.Role.BUSINESS: Role.BUSINESS_APPROVER,
    Approval.Role.COMPLIANCE: Role.COMPLIANCE,
    Approval.Role.SERVICE: Role.SERVICE_OPS,
}


class CannotChange(Exception):
    """The step is not possible now; its text says why and what would be right, for the person who asked."""


def note(version: StrategyVersion, kind: str, *, by: User | None, now: datetime, said: str = "") -> None:
    """Add a line to the trail of a version; `by` is None for what the night does by rule."""
    VersionEvent.objects.create(version=version, kind=kind, by=by, at=now, note=said)


def writers(version: StrategyVersion) -> set[int]:
    """Return the logins of everybody who wrote or submitted a version or those that it goes back to without approval.

    A version that was sent back lives on in the next one, and so does the hand that wrote it.
    """
    found: set[int] = set()
    at: StrategyVersion | None = version
    while at is not None:
        wrote = at.events.filter(kind__in=WRITING).values_list("by_id", flat=True)
        found |= {login for login in (at.author_id, *wrote) if login is not None}
        at = at.parent if at.parent is not None and not is_approved(at.parent) else None
    return found


def needed(version: StrategyVersion) -> list[str]:
    """Return the roles that have to sign a version, in their order."""
    roles: list[str] = [Approval.Role.BUSINESS, Approval.Role.COMPLIANCE]
    many = (version.expected or {}).get("deliveries", 0) > launch().service_above
    return [*roles, Approval.Role.SERVICE] if many else roles


def is_approved(version: StrategyVersion) -> bool:
    """Whether a version may run: signed in every role that it needs, or launched by the installation."""
    if version.submitted_at is None:
        return False
    return is_installed(version) or _signed(version) >= set(needed(version))


def is_installed(version: StrategyVersion) -> bool:
    """Whether the library brought a version live by itself: nobody's name stands under it, as under no other."""
    return version.author_id is None and version.events.filter(kind=Kind.LAUNCHED, by__isnull=True).exists()


def is_submitted(version: StrategyVersion) -> bool:
    """Whether somebody of the house handed a version in; what the library wrote and did not launch was not."""
    return version.events.filter(kind=Kind.SUBMITTED).exists()


def is_rejected(version: StrategyVersion) -> bool:
    """Whether somebody sent a version back."""
    return version.approvals.filter(decision=Approval.Decision.REJECT).exists()


def is_withdrawn(version: StrategyVersion) -> bool:
    """Whether a version was taken back after it had run; it never runs again."""
    return version.events.filter(kind=Kind.WITHDRAWN).exists()


def was_live(version: StrategyVersion) -> bool:
    """Whether a version once ran everywhere, after its pilot or at once."""
    return version.events.filter(kind=Kind.LAUNCHED).exists()


def _signed(version: StrategyVersion) -> set[str]:
    return set(version.approvals.filter(decision=Approval.Decision.APPROVE).values_list("role", flat=True))


def open_roles(version: StrategyVersion, by: User, now: datetime) -> list[str]:
    """Return as what this person could sign a version now; nothing when it is not his turn."""
    if not is_submitted(version) or is_rejected(version) or is_approved(version) or by.pk in writers(version):
        return []
    if version.approvals.filter(by=by).exists() or not _in_reach(version.strategy, by):
        return []
    return [role for role in needed(version) if role not in _signed(version) and holds(by, SIGNS_AS[role], now)]


def may_sign(version: StrategyVersion, by: User, now: datetime) -> bool:
    """Whether this person is an approver of the strategy, in any role, and wrote nothing of the version."""
    held = any(holds(by, role, now) for role in SIGNS_AS.values())
    return held and by.pk not in writers(version) and _in_reach(version.strategy, by)


def must_sign(version: StrategyVersion, by: User, now: datetime) -> None:
    """Raise CannotChange unless `may_sign`."""
    if by.pk in writers(version):
        raise CannotChange(_("Who wrote or submitted a version does not decide about it; ask a colleague."))
    if not may_sign(version, by, now):
        raise CannotChange(_("An approver of this strategy decides that: business, compliance or HQ service."))


def refuse_foreign(strategy: Strategy, by: User, now: datetime) -> None:
    """Whoever is of a branch, its author, approver or operator, leaves the strategies of others alone."""
    home, who = bound_to(by, now), standing_of(by)
    if home and not (strategy.steward_branch and strategy.steward_branch.path.startswith(home.path)):
        raise CannotChange(_("You write strategies of your branch; copy this one for your branch and change the copy."))
    if who is None or _above(who.staff, strategy) or any(holds(by, one, now) for one in COMPANY_AUTHORS):
        return
    raise CannotChange(_("This is no strategy of your branch; ask a colleague at the head or of its branch."))


def bound_to(by: User, now: datetime) -> Branch | None:
    """Return the branch that an author of a branch is bound to; None for everybody else."""
    who = standing_of(by)
    if who is None or Role.BRANCH_AUTHOR not in who.roles(now) or any(holds(by, one, now) for one in COMPANY_AUTHORS):
        return None
    return who.staff.branch


def _in_reach(strategy: Strategy, by: User) -> bool:
    """A strategy of the company is signed at its head, one of a branch there or in a branch above it."""
    who = standing_of(by)
    if who is None:
        return False
    return _above(who.staff, strategy)


def _above(staff: Staff, strategy: Strategy) -> bool:
    if strategy.steward_branch is None:
        return staff.branch.parent_id is None
    return strategy.steward_branch.path.startswith(staff.branch.path)


@transaction.atomic
def approve(*, version: StrategyVersion, by: User, now: datetime, comment: str = "", role: str = "") -> Approval:
    """This will sign a version with its number, as `role` or as what `by` can; the last one needed makes it approved.

    Raises CannotChange for writers, for who signed it already, and for who holds no role that is still open.
    """
    strategy, row = locked(version)
    _refuse_decision(row, by, now, role)
    open_to = open_roles(row, by, now)
    chosen = role or open_to[0]
    signed = _decide(row, chosen, Approval.Decision.APPROVE, by, now, comment)
    if is_approved(row):
        _sign(row, by, now)
        _move(strategy, Status.APPROVED)
    return signed


@transaction.atomic
def reject(*, version: StrategyVersion, by: User, now: datetime, comment: str, role: str = "") -> Approval:
    """This will send a version back to its author with a reason; what comes next is a new draft made from it."""
    strategy, row = locked(version)
    _refuse_decision(row, by, now, role)
    if not comment.strip():
        raise CannotChange(_("Say what would have to be different; who sends a version back gives a reason."))
    sent = _decide(row, role or open_roles(row, by, now)[0], Approval.Decision.REJECT, by, now, comment)
    _move(strategy, Status.DRAFT)
    return sent


def locked(version: StrategyVersion) -> tuple[Strategy, StrategyVersion]:
    """Return strategy and version as they are now, the strategy locked: one step of its life at a time."""
    strategy = Strategy.objects.select_for_update().get(pk=version.strategy_id)
    row = StrategyVersion.objects.select_related("author", "parent").get(pk=version.pk)
    row.strategy = strategy
    return strategy, row


def _refuse_decision(version: StrategyVersion, by: User, now: datetime, role: str) -> None:
    if version.submitted_at is None:
        raise CannotChange(_("This is a draft; submit it first."))
    if not is_submitted(version):
        raise CannotChange(_("The library wrote this version; write the next one from it, and submit that."))
    if version.strategy.status == Status.RETIRED:
        raise CannotChange(_("The strategy is retired; nothing of it is launched any more."))
    if is_rejected(version):
        raise CannotChange(_("This version was sent back; write the next one."))
    if is_approved(version):
        raise CannotChange(_("This version has all its approvals."))
    if by.pk in writers(version):
        raise CannotChange(_("Who wrote or submitted a version does not decide about it; ask a colleague."))
    if version.approvals.filter(by=by).exists():
        raise CannotChange(_("You decided about this version before; nobody signs twice, ask a colleague."))
    open_to = open_roles(version, by, now)
    if not open_to or (role and role not in open_to):
        raise CannotChange(_("There is nothing here that you could sign: it needs %(roles)s.") % {
            "roles": ", ".join(str(Approval.Role(one).label) for one in needed(version) if one not in _signed(version)),
        })  # fmt: skip


def _decide(version: StrategyVersion, role: str, decision: str, by: User, now: datetime, comment: str) -> Approval:
    kind = Kind.APPROVED if decision == Approval.Decision.APPROVE else Kind.REJECTED
    note(version, kind, by=by, now=now, said=f"{role}: {comment}".rstrip(": ")[:500])
    return Approval.objects.create(
        version=version, role=role, decision=decision, by=by, at=now, comment=comment.strip()[:500],
        purpose=version.purpose, matched=(version.expected or {}).get("matched"),
    )  # fmt: skip


def band(matched: int, sigma: float | None) -> tuple[int, int]:
    """Return the least and the most clients that a signed number allows (STRATEGY 8.3)."""
    known = launch()
    half = max(known.band_share * matched, known.band_sigmas * (sigma or 0.0), known.band_least)
    return max(math.floor(matched - half), 0), math.ceil(matched + half)


def _sign(version: StrategyVersion, by: User, now: datetime) -> None:
    """What the approvers signed together. Without a number there is no band, and the first run asks for one."""
    said = version.expected or {}
    if "matched" not in said:
        return
    low, high = band(said["matched"], said.get("sigma"))
    Signature.objects.create(
        version=version, matched=said["matched"], low=low, high=high, branches=said.get("branches", {}), by=by, at=now
    )


def _move(strategy: Strategy, status: str) -> None:
    """Only a strategy of which nothing runs shows how far its newest version has come."""
    if strategy.status in (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED):
        strategy.status = status
        strategy.save(update_fields=["status"])


def in_review(strategy: Strategy) -> None:
    """Note that a version of the strategy waits for its approvals."""
    _move(strategy, Status.IN_REVIEW)
