"""The page of a version: written as a draft, looked at ever after, with its preview, its differences and its trail."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import label_for_field
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.org.requests import person
from clients.shared import clock
from clients.shared.admin import HouseInline, Pressed, ReadOnly, button
from kpm.strategies import naming, services, states
from kpm.strategies.backtesting.services import CannotTest, ask
from kpm.strategies.differing import differences
from kpm.strategies.expected import expected_beside_found, judged_nights
from kpm.strategies.launch_admin import ApprovalInline, LaunchButtons, SignatureInline, StepInline, may_run
from kpm.strategies.members import EVERYBODY
from kpm.strategies.models import Approval, RolloutStep, StrategyVersion, VersionEvent
from kpm.strategies.previewing import PREVIEWED, PreviewsFunnel, summed
from kpm.strategies.services import approvals
from kpm.strategies.services.yamlform import to_yaml
from kpm.strategies.version_form import VersionForm

# What stands in the place of a code where a version is only looked at.
SAID = {
    "channels": "channel_names", "occurrence": "occurrence_name", "permission_code": "permission_name",
    "population": "meant",
}  # fmt: skip


class EventInline(ReadOnly, HouseInline):
    """Who wrote, submitted, launched, paused."""

    model = VersionEvent
    fields = ("at", "kind", "who", "said")
    readonly_fields = fields
    ordering = ("pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("by__staff")

    @admin.display(description=_("person"))
    def who(self, row: VersionEvent) -> str:
        """Staff number and name."""
        return str(row.by.staff) if row.by else _t("the house, by its rules")

    @admin.display(description=_("note"))
    def said(self, row: VersionEvent) -> str:
        """The note, in words where the night wrote it; of an edit, the names of the fields that changed; of a decision,
        as what it was made.
        """
        if row.kind in (VersionEvent.Kind.APPROVED, VersionEvent.Kind.REJECTED):
            role, colon, comment = row.note.partition(": ")
            return f"{dict(Approval.Role.choices).get(role, role)}{colon}{comment}"
        if row.kind != VersionEvent.Kind.EDITED:
            return row.note if row.by else naming.say(naming.ROLLOUT, row.note)
        return ", ".join(str(label_for_field(name, StrategyVersion)) for name in row.note.split())


class StrategyVersionAdmin(LaunchButtons, PreviewsFunnel):
    """One version: a draft is edited and previewed, a submitted one never changes; below stands who did what."""

    form = VersionForm
    list_display = ("strategy", "number", "state", "purpose", "action", "author", "submitted_at")
    list_filter = ("purpose", "action", "handler")
    list_select_related = ("strategy", "author")
    search_fields = ("strategy__code", "strategy__name_zh", "strategy__name_en")
    ordering = ("strategy__code", "-number")
    known = (
        "strategy", "number", "state", "preview", "signed_number", "nights", "changes", "changes_live", "parent",
        "author", "submitted_at", "occurrence_from", "process_outcome", "goal_reason",
    )  # fmt: skip
    readonly_fields = known
    fieldsets = (
        (None, {"fields": known}),
        (None, {"fields": VersionForm.Meta.fields}),
    )
    inlines = (StepInline, ApprovalInline, SignatureInline, EventInline)
    change_form_template = "admin/strategies/previewed.html"
    buttons = ("submit", *LaunchButtons.buttons, "backtest", "export")
    refusals = (services.CannotChange, CannotTest)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A version that is only looked at says its codes in words."""
        if self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        shown = [SAID.get(name, name) for name in VersionForm.Meta.fields]
        return ((None, {"fields": self.known}), (None, {"fields": shown}))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.known if self.has_change_permission(request, obj) else (*self.known, *SAID.values())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related(*states.READ)

    @admin.display(description=pgettext_lazy("of a version", "state"))
    def state(self, row: StrategyVersion) -> str:
        """What it still needs, where it runs, how it ended."""
        return states.state_of(row)

    @admin.display(description=_("channels"))
    def channel_names(self, row: StrategyVersion) -> str:
        """The channels on which it reaches the client."""
        return ", ".join(naming.say(naming.CHANNELS, code) for code in row.channels) or "—"

    @admin.display(description=_("happens once per"))
    def occurrence_name(self, row: StrategyVersion) -> str:
        """What it happens once for."""
        return naming.say({**naming.OCCURRENCES, **naming.OBJECTS}, row.occurrence)

    @admin.display(description=_("permission that is offered"))
    def permission_name(self, row: StrategyVersion) -> str:
        """The permission that it speaks of."""
        return naming.say(naming.PERMISSIONS, row.permission_code) or "—"

    @admin.display(description=_("who is meant at all"))
    def meant(self, row: StrategyVersion) -> str:
        """Everybody, or a condition."""
        return _t("everybody") if row.population.upper() == EVERYBODY else row.population

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (obj is None or obj.submitted_at is None) and super().has_change_permission(request, obj)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """The plan is part of the draft: who changes it writes the draft."""
        if formset.model is RolloutStep and formset.has_changed():
            services.note_plan(version=form.instance, by=person(request), now=clock.now())
        super().save_formset(request, form, formset, change)

    def save_model(self, request: HttpRequest, obj: StrategyVersion, form: Any, change: bool) -> None:
        services.save_draft(version=obj, changed=form.changed_data, by=person(request), now=clock.now())

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """A draft that a colleague submitted meanwhile takes nothing more; the page says so."""
        try:
            return super().change_view(request, object_id, *args, **kwargs)
        except services.CannotChange as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return redirect(request.path)

    @admin.display(description=_("preview"))
    def preview(self, row: StrategyVersion) -> str:
        """How many clients this version would match on the newest day with features, as it stands on the page."""
        return summed(getattr(row, PREVIEWED))

    @admin.display(description=_("differs from the version before"))
    def changes(self, row: StrategyVersion) -> str:
        """Field by field, leaf by leaf, what it says otherwise than the version that it was made from."""
        return _differences(row.parent, row)

    @admin.display(description=_("differs from the live version"))
    def changes_live(self, row: StrategyVersion) -> str:
        """The same against what runs now."""
        live = row.strategy.live_version
        return "—" if live is None or live.pk in (row.pk, row.parent_id) else _differences(live, row)

    @admin.display(description=_("signed number"))
    def signed_number(self, row: StrategyVersion) -> str:
        """What it was expected to find, what was signed, and what its last run found."""
        return "—" if row.submitted_at is None else expected_beside_found(row)

    @admin.display(description=_("what the nights concluded of its rollout"))
    def nights(self, row: StrategyVersion) -> str:
        """The last judgements of its steps, each with its reason and figures."""
        return judged_nights(row)

    def shown_buttons(self, request: HttpRequest, row: StrategyVersion) -> Iterable[str]:
        if row.submitted_at is None:
            yield from ("submit",) if self.has_change_permission(request, row) else ()
        else:
            yield from self.launch_buttons(request, row)
        yield from ("backtest",) if may_run(person(request), request) else ()
        yield "export"

    @button(_("Submit"))
    def submit(self, request: HttpRequest, row: StrategyVersion) -> Pressed:
        """Check the draft and freeze it."""
        services.submit_version(version=row, by=person(request), now=clock.now())
        return _t("Submitted. Business and compliance approve it now, colleagues who wrote nothing of it.")

    @button(_("Back-test"))
    def backtest(self, request: HttpRequest, row: StrategyVersion) -> Pressed:
        """Put a back-test of this version in line, and show its page; it counts every branch of the strategy."""
        approvals.refuse_foreign(row.strategy, person(request), clock.now())
        return redirect(self.page_of(ask(version=row, by=person(request), now=clock.now())))

    @button(_("Export as YAML"))
    def export(self, request: HttpRequest, row: StrategyVersion) -> Pressed:
        """Send the version as a file that the strategy's page imports again."""
        answer = HttpResponse(to_yaml(row, tuple(VersionForm.Meta.fields)), content_type="application/yaml")
        name = f"{row.strategy.code}-v{row.number}.yaml"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer


def _differences(before: StrategyVersion | None, after: StrategyVersion) -> str:
    if before is None:
        return "—"
    said = {"before": f"v{before.number}", "after": f"v{after.number}", "rows": differences(before, after)}
    return render_to_string("admin/strategies/differences.html", said)
