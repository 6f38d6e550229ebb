"""Strategies: what is live, what it found, and the way from a draft to the live version."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Case, DateField, QuerySet, Value, When
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.html import format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from clients.org.models import User
from clients.portrait import selectors as portrait
from clients.register.admin import OfClientAdmin
from clients.shared import clock
from clients.shared.admin import HouseAdmin, HouseInline, Pressed, ReadOnly, button
from kpm.engine.problem import ConditionError
from kpm.strategies import selectors, services
from kpm.strategies.models import (
    CapacityBudget,
    ContactRule,
    DeliveryOption,
    Hit,
    Run,
    RunStep,
    Stage,
    Strategy,
    StrategyVersion,
)
from kpm.strategies.version_form import VersionForm


def person(request: HttpRequest) -> User:
    """Return who is at the page; the admin lets nobody else in than logins of the house."""
    assert isinstance(request.user, User)
    return request.user


class VersionInline(ReadOnly, HouseInline):
    """The versions of a strategy, each a link."""

    model = StrategyVersion
    fk_name = "strategy"
    fields = ("number", "change_note", "author", "submitted_at")
    show_change_link = True
    ordering = ("-number",)


@admin.register(Strategy)
class StrategyAdmin(HouseAdmin):
    """Strategies with what they found last. Their content stands in their versions."""

    list_display = ("code", "name_zh", "name_en", "status", "live_version", "last_matched")
    list_filter = ("status", "lifecycle", "business", "family")
    list_select_related = ("live_version__strategy",)
    search_fields = ("code", "name_zh", "name_en")
    ordering = ("code",)
    fields = (
        "code", "name_zh", "name_en", "lifecycle", "business", "family", "status", "live_version", "last_matched",
        "rationale", "owner",
    )  # fmt: skip
    readonly_fields = fields[:9]
    inlines = (VersionInline,)
    buttons = ("write_draft", "pause", "resume")
    refusals = (services.CannotChange,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        day, found = selectors.last_matches()
        counted = [When(pk=strategy, then=Value(number)) for strategy, number in found.items()]
        return (
            super()
            .get_queryset(request)
            .annotate(matched_on=Value(day, output_field=DateField()), matched=Case(*counted, default=Value(0)))
        )

    @admin.display(description=_("matched last"))
    def last_matched(self, row: Any) -> str:
        """How many clients the live version matched in the newest run, and on which day."""
        return f"{row.matched:,} ({row.matched_on})" if row.matched_on else "—"

    def shown_buttons(self, request: HttpRequest, row: Strategy) -> Iterable[str]:
        fitting = {Strategy.Status.LIVE: ("pause",), Strategy.Status.PAUSED: ("resume",)}
        return ("write_draft", *fitting.get(Strategy.Status(row.status), ()))

    @button(_("Write the next version"))
    def write_draft(self, request: HttpRequest, row: Strategy) -> Pressed:
        """Open the draft, made from the newest version."""
        return redirect(self.page_of(services.draft_version(strategy=row, by=person(request))))

    @button(_("Pause"))
    def pause(self, request: HttpRequest, row: Strategy) -> Pressed:
        """Stop the strategy from matching."""
        services.pause(strategy=row)
        return _t("The strategy is paused; what it found already is still delivered.")

    @button(_("Resume"))
    def resume(self, request: HttpRequest, row: Strategy) -> Pressed:
        """Let it match again."""
        services.resume(strategy=row)
        return _t("The strategy matches again from the next run on.")


@admin.register(StrategyVersion)
class StrategyVersionAdmin(HouseAdmin):
    """One version: a draft is edited and previewed, a submitted one never changes."""

    form = VersionForm
    list_display = ("strategy", "number", "purpose", "action", "author", "submitted_at")
    list_filter = ("purpose", "action", "handler")
    list_select_related = ("strategy", "author")
    search_fields = ("strategy__code", "strategy__name_zh", "strategy__name_en")
    ordering = ("strategy__code", "-number")
    known = ("strategy", "number", "preview", "parent", "author", "submitted_at")
    readonly_fields = known
    fieldsets = (
        (None, {"fields": known}),
        (None, {"fields": VersionForm.Meta.fields}),
    )
    buttons = ("submit", "launch")
    refusals = (services.CannotChange,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (obj is None or obj.submitted_at is None) and super().has_change_permission(request, obj)

    @admin.display(description=_("preview"))
    def preview(self, row: StrategyVersion) -> str:
        """How many clients this version would match on the newest day with features, as it is saved."""
        day = portrait.last_feature_day(clock.shanghai_day(clock.now()))
        if day is None:
            return _t("There are no features yet: run the day first.")
        try:
            counts = selectors.preview(row, day)
        except ConditionError as refused:
            said = ((_t(problem.sentence) % problem.values,) for problem in refused.problems)
            return format_html_join(" ", "{}", said)
        if counts is None:
            return _t("There are no features yet: run the day first.")
        numbers = {"matched": counts.matched, "not": counts.not_matched, "unknown": counts.unknown, "day": day}
        return _t("%(day)s: matched %(matched)s, not matched %(not)s, unknown %(unknown)s") % numbers

    def shown_buttons(self, request: HttpRequest, row: StrategyVersion) -> Iterable[str]:
        if row.submitted_at is None:
            return ("submit",)
        live = row.strategy.live_version_id == row.pk and row.strategy.status == Strategy.Status.LIVE
        return () if live else ("launch",)

    @button(_("Submit"))
    def submit(self, request: HttpRequest, row: StrategyVersion) -> Pressed:
        """Check the draft and freeze it."""
        services.submit_version(version=row, by=person(request), now=clock.now())
        return _t("Submitted. A colleague may launch it now.")

    @button(_("Launch"))
    def launch(self, request: HttpRequest, row: StrategyVersion) -> Pressed:
        """Make this the live version."""
        services.launch_version(version=row, by=person(request))
        return _t("Live from the next run on.")


class StepInline(ReadOnly, HouseInline):
    """The steps of a run."""

    model = RunStep
    fields = ("step", "rows_in", "rows_out", "finished_at", "error")


@admin.register(Run)
class RunAdmin(ReadOnly, HouseAdmin):
    """Runs with their funnel over all branches."""

    list_display = ("day", "slot", "attempt", "state", "started_at", "published_at")
    list_filter = ("slot", "state")
    ordering = ("-pk",)
    fields = (
        "day", "slot", "attempt", "state", "cutoff", "started_at", "published_at", "catalogue_version", "funnel",
        "error",
    )  # fmt: skip
    readonly_fields = fields
    inlines = (StepInline,)

    @admin.display(description=_("funnel"))
    def funnel(self, row: Run) -> str:
        """How many reached each step, and why the others stopped there."""
        lines = (
            (line["version__strategy__code"], Stage(line["step"]).label, line["reason"], f"{line['n']:,}")
            for line in selectors.funnel(row)
        )
        return format_html_join("", "<div>{} · {} {} {}</div>", lines)


@admin.register(Hit)
class HitAdmin(OfClientAdmin):
    """Whom strategies meant, why, and where it stopped."""

    list_display = ("last_day", "client", "strategy", "stage", "stopped_by", "arm", "delivered_at")
    list_filter = ("stage", "arm")
    list_select_related = ("client", "strategy")


@admin.register(ContactRule)
class ContactRuleAdmin(HouseAdmin):
    """How often a client may be contacted."""

    list_display = ("purpose", "kind", "most", "window", "unit", "effective_from", "effective_to")
    list_filter = ("purpose", "kind")
    ordering = ("purpose", "kind", "window", "-effective_from")


@admin.register(CapacityBudget)
class CapacityBudgetAdmin(HouseAdmin):
    """How many tasks a pool can take on a day."""

    list_display = ("day", "pool", "capacity")
    search_fields = ("pool",)
    ordering = ("-day", "pool")


@admin.register(DeliveryOption)
class DeliveryOptionAdmin(ReadOnly, HouseAdmin):
    """The templates and playbooks that a version may name."""

    list_display = ("kind", "code", "version", "active")
    list_filter = ("kind", "active")
    search_fields = ("code",)
    ordering = ("kind", "code")
