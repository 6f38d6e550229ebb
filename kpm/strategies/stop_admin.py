"""The switch and the held strategies in the admin."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.org.requests import person
from clients.shared import clock
from clients.shared.admin import HouseAdmin, Pressed, Question, ReadOnly, button, said
from kpm.strategies import naming, services
from kpm.strategies.models import ServiceStop, StrategyHold
from kpm.strategies.services import alarms, approvals, switch


class StopForm(forms.ModelForm):
    """A stop names what its scope needs, and nothing else."""

    class Meta:
        model = ServiceStop
        fields = ("scope", "branch", "code", "purposes", "until", "reason")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        scope, named = found.get("scope"), {name for name in ("branch", "code") if found.get(name)}
        wanted: set[str] = {"branch": {"branch"}, "product": {"code"}, "security": {"code"}}.get(str(scope), set())
        for name in ("branch", "code"):
            if name in wanted - named:
                self.add_error(name, _t("This scope needs it."))
            if name in named - wanted:
                self.add_error(name, _t("This scope has none; leave it empty."))
        return found


class ServiceStopAdmin(HouseAdmin):
    """What is stopped, why, and who let it go on. Nothing here is ever changed or removed."""

    form = StopForm
    list_display = ("scope", "branch", "code", "purposes", "from_at", "until", "set_by", "state")
    list_filter = ("scope", "purposes")
    list_select_related = ("branch", "set_by", "lift")
    ordering = ("-pk",)
    buttons = ("lift",)
    refusals = (services.CannotChange,)
    shown: ClassVar[Any] = (
        "scope", "branch", "code", "purposes", "from_at", "until", "reason", "set_by", "set_at", "state",
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return switch.may_stop(person(request), clock.now()) if request.user.is_authenticated else False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.shown if obj else StopForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.shown if obj else ()

    def save_model(self, request: HttpRequest, obj: ServiceStop, form: Any, change: bool) -> None:
        services.stop_service(stop=obj, by=person(request), now=clock.now())

    @admin.display(description=_("state"))
    def state(self, row: ServiceStop) -> str:
        """Whether it stops service now."""
        if hasattr(row, "lift"):
            return _t("lifted by %(who)s: %(why)s") % {"who": row.lift.by, "why": row.lift.reason}
        return _t("over") if row.until and row.until <= clock.now() else _t("in force")

    def may_press(self, request: HttpRequest, row: ServiceStop) -> bool:
        """Whoever may stop service may let it go on; the service refuses the same person."""
        return switch.may_stop(person(request), clock.now())

    def shown_buttons(self, request: HttpRequest, row: ServiceStop) -> Iterable[str]:
        return () if hasattr(row, "lift") else self.buttons

    def question(self, request: HttpRequest, row: ServiceStop, verb: str) -> Question | None:
        return Question(_("Why may service go on?"))

    @button(_("Let service go on"))
    def lift(self, request: HttpRequest, row: ServiceStop) -> Pressed:
        """End the stop."""
        services.lift_stop(stop=row, by=person(request), now=clock.now(), reason=said(request))
        return _t("Service goes on. What was stopped is judged again by the next run.")


class StrategyHoldAdmin(ReadOnly, HouseAdmin):
    """Strategies that a run held back, newest first; an approver releases them."""

    list_display = (
        "version", "kind", "finding", "value", "usual", "limit", "run", "held_at", "due_at", "taken_by", "escalated_at",
        "released_at",
    )  # fmt: skip
    list_filter = ("kind", ("released_at", admin.EmptyFieldListFilter))
    list_select_related = ("version__strategy", "run", "taken_by__staff")
    ordering = ("-pk",)
    fields = readonly_fields = (
        "version", "kind", "finding", "value", "usual", "limit", "run", "held_at", "due_at", "taken_by",
        "taken_at", "escalated_at", "released_by", "released_at", "reason",
    )  # fmt: skip
    buttons = ("take", "release")
    refusals = (services.CannotChange,)

    @admin.display(description=_("what was found"), ordering="what")
    def finding(self, row: StrategyHold) -> str:
        """What was out of the ordinary, in words."""
        return naming.finding(row.what)

    def may_press(self, request: HttpRequest, row: StrategyHold) -> bool:
        return alarms.may_take(row, person(request), clock.now())

    def shown_buttons(self, request: HttpRequest, row: StrategyHold) -> Iterable[str]:
        if row.released_at is not None:
            return
        if row.due_at is not None and row.taken_at is None:
            yield "take"
        if approvals.may_sign(row.version, person(request), clock.now()):
            yield "release"

    def question(self, request: HttpRequest, row: StrategyHold, verb: str) -> Question | None:
        if verb == "take":
            return None
        told = ""
        if row.kind == StrategyHold.Kind.SIGNATURE:
            told = _t("You sign a new number: %(n)s clients, as %(run)s found them.") % {
                "n": f"{row.value:,.0f}", "run": naming.run(row.run),
            }  # fmt: skip
        return Question(_("Why may it go on?"), told=told)

    @button(_("I look into it"))
    def take(self, request: HttpRequest, row: StrategyHold) -> Pressed:
        """Say that somebody is at it."""
        services.take(hold=row, by=person(request), now=clock.now())
        return _t("Noted. It stays held until an approver releases it.")

    @button(pgettext_lazy("of a held strategy", "Release"))
    def release(self, request: HttpRequest, row: StrategyHold) -> Pressed:
        """Let it run again."""
        services.release(hold=row, by=person(request), now=clock.now(), reason=said(request))
        return _t("Released. The next run lets it through.")


def held_rows(holds: Iterable[StrategyHold]) -> str:
    """Return held strategies as a page shows them, each a link to where it is released."""
    rows = [{"hold": hold, "finding": naming.finding(hold.what)} for hold in holds]
    return render_to_string("admin/strategies/holds.html", {"rows": rows})
