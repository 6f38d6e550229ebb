"""The buttons of a submitted version (approvals, pilot, rolling on, going back) and the rows of its launch."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.org.models import Role, User
from clients.org.requests import person
from clients.org.standing import holds
from clients.shared import clock
from clients.shared.admin import HouseAdmin, HouseInline, Pressed, Question, ReadOnly, button, said
from kpm.strategies import services
from kpm.strategies.contact import NEVER_STOPPED
from kpm.strategies.models import Approval, RolloutStep, Signature, Strategy, StrategyVersion
from kpm.strategies.services import approvals
from kpm.strategies.services.places import SPREADING

Status = Strategy.Status


class ApprovalInline(ReadOnly, HouseInline):
    """Who signed, as what, which number."""

    model = Approval
    fields = readonly_fields = ("role", "decision", "by", "at", "matched", "purpose", "comment")
    ordering = ("pk",)


class SignatureInline(ReadOnly, HouseInline):
    """The bands that were signed; the last one counts."""

    model = Signature
    fields = readonly_fields = ("matched", "low", "high", "run", "by", "at", "comment")
    ordering = ("pk",)


class StepInline(HouseInline):
    """The plan of the rollout: written in the draft, looked at afterwards."""

    model = RolloutStep
    fields = ("order", "branches", "share", "min_days", "min_sample", "approval", "started_on")
    readonly_fields = ("started_on",)
    filter_horizontal = ()
    deletable = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)


def _is_draft(version: StrategyVersion | None) -> bool:
    return version is None or version.submitted_at is None


def may_run(user: User, request: HttpRequest) -> bool:
    """Whether a person moves strategies along: authors, approvers and operators do."""
    roles = (Role.BUSINESS_APPROVER, Role.COMPLIANCE, Role.OPERATOR)
    return user.has_perm("strategies.change_strategyversion") or any(holds(user, r, clock.now()) for r in roles)


class LaunchButtons(HouseAdmin):
    """What may be done with a version after it was submitted; the services decide again."""

    buttons: tuple[str, ...] = ("approve", "reject", "pilot", "launch", "roll_on", "end_rollout", "roll_back")
    asked: dict[str, tuple[Any, bool]] = {
        "approve": (_("comment"), False),
        "reject": (_("What would have to be different?"), True),
        "launch": (_("Why at once?"), True),
        "end_rollout": (_("Why is it taken back?"), True),
        "roll_back": (_("Why back to this version?"), True),
    }

    def may_press(self, request: HttpRequest, row: Any) -> bool:
        """Which button somebody may use is decided by `shown_buttons` and by the service."""
        return bool(self.has_view_permission(request, row))

    def question(self, request: HttpRequest, row: StrategyVersion, verb: str) -> Question | None:
        if verb not in self.asked:
            return None
        label, needed = self.asked[verb]
        return Question(label, told=_number(row) if verb == "approve" else "", required=needed)

    def launch_buttons(self, request: HttpRequest, row: StrategyVersion) -> Iterator[str]:
        """The buttons that fit a submitted version and this person."""
        user, now = person(request), clock.now()
        if approvals.open_roles(row, user, now):
            yield from ("approve", "reject")
        if not may_run(user, request) or row.strategy.status == Status.RETIRED:
            return
        if row.strategy.pilot_version_id == row.pk:
            if row.strategy.status in SPREADING and approvals.may_sign(row, user, now):
                yield "roll_on"
            if approvals.may_sign(row, user, now):
                yield "end_rollout"
        elif approvals.is_approved(row) and not approvals.is_withdrawn(row):
            yield from _waiting(row, approvals.may_sign(row, user, now))

    @button(pgettext_lazy("of a version", "Approve"))
    def approve(self, request: HttpRequest, row: StrategyVersion) -> Pressed:
        """Sign the version with its number."""
        services.approve(version=row, by=person(request), now=clock.now(), comment=said(request))
        if approvals.is_approved(row):
            return _t("Signed. The version has all its approvals and may begin its pilot.")
        return _t("Signed. It still needs other approvals.")

    @button(pgettext_lazy("of a version", "Send back"))
    def reject(self, request: HttpRequest, row: StrategyVersion) -> Pressed:
        """Send it back to its author."""
        services.reject(version=row, by=person(request), now=clock.now(), comment=said(request))
        return _t("Sent back. The next version is written from this one.")

    @button(_("Begin the pilot"))
    def pilot(self, request: HttpRequest, row: StrategyVersion) -> Pressed:
        """Start the first step of the plan."""
        step = services.begin_pilot(version=row, by=person(request), now=clock.now())
        return _t("The pilot begins with the next run, in %(n)s branches.") % {"n": len(step.drawn)}

    @button(_("Live everywhere at once"))
    def launch(self, request: HttpRequest, row: StrategyVersion) -> Pressed:
        """Bring a version of risk, of regulation or an emergency live."""
        services.launch_now(version=row, by=person(request), now=clock.now(), reason=said(request))
        return _t("Live from the next run on.")

    @button(_("Go on with the rollout"))
    def roll_on(self, request: HttpRequest, row: StrategyVersion) -> Pressed:
        """Start the next step, or bring it live after the last."""
        after = services.roll_on(strategy=row.strategy, by=person(request), now=clock.now())
        if after.status == Status.LIVE:
            return _t("Live from the next run on.")
        return _t("The next step begins with the next run.")

    @button(_("Take the version back"))
    def end_rollout(self, request: HttpRequest, row: StrategyVersion) -> Pressed:
        """End pilot or rollout."""
        services.end_rollout(strategy=row.strategy, by=person(request), now=clock.now(), reason=said(request))
        return _t("Taken back. What was not delivered yet ends; tasks that people have stay.")

    @button(_("Go back to this version"))
    def roll_back(self, request: HttpRequest, row: StrategyVersion) -> Pressed:
        """Make this earlier version the live one."""
        services.roll_back(version=row, by=person(request), now=clock.now(), reason=said(request))
        return _t("This version is live again. What the other one left undelivered ends.")


def _waiting(row: StrategyVersion, signs: bool) -> Iterable[str]:
    """What an approved version that does not run may become."""
    live = row.strategy.live_version
    if live is None or row.number > live.number:
        if row.strategy.pilot_version_id is None:
            yield "pilot"
            if signs and (row.emergency or row.purpose in NEVER_STOPPED):
                yield "launch"
    elif signs and row.number < live.number and approvals.was_live(row):
        yield "roll_back"


def _number(row: StrategyVersion) -> str:
    """What the approver is about to sign."""
    expected = row.expected or {}
    if "matched" not in expected:
        return _t("There is no number to sign; the first run will stop and ask for one.")
    low, high = approvals.band(expected["matched"], expected.get("sigma"))
    found = {"n": f"{expected['matched']:,}", "day": expected["day"], "low": f"{low:,}", "high": f"{high:,}"}
    purpose = {"purpose": row.get_purpose_display(), "deliveries": f"{expected['deliveries']:,}"}
    return _t(
        "You sign: %(n)s clients on the data of %(day)s, %(deliveries)s of them within all limits. The first run "
        "delivers only between %(low)s and %(high)s. Purpose: %(purpose)s."
    ) % {**found, **purpose}
