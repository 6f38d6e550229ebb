"""Strategies: what is live and what it found. Versions and settings have files of their own."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Case, DateField, QuerySet, Value, When
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.html import format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from clients.org.requests import person
from clients.register.admin import OfClientAdmin
from clients.shared import clock
from clients.shared.admin import HouseAdmin, HouseInline, Pressed, ReadOnly, button
from kpm.strategies import selectors, services
from kpm.strategies.config_admin import (
    CapacityBudgetAdmin,
    ContactRuleAdmin,
    DeliveryOptionAdmin,
    FamilyCapAdmin,
    GoalRateAdmin,
    SuppressionAdmin,
    UniversalDrawAdmin,
)
from kpm.strategies.models import (
    CapacityBudget,
    ContactRule,
    DeliveryOption,
    FamilyCap,
    GoalRate,
    Hit,
    Run,
    RunStep,
    Stage,
    Strategy,
    StrategyVersion,
    Suppression,
    UniversalDraw,
)
from kpm.strategies.version_admin import StrategyVersionAdmin

admin.site.register(StrategyVersion, StrategyVersionAdmin)
admin.site.register(ContactRule, ContactRuleAdmin)
admin.site.register(CapacityBudget, CapacityBudgetAdmin)
admin.site.register(DeliveryOption, DeliveryOptionAdmin)
admin.site.register(FamilyCap, FamilyCapAdmin)
admin.site.register(Suppression, SuppressionAdmin)
admin.site.register(GoalRate, GoalRateAdmin)
admin.site.register(UniversalDraw, UniversalDrawAdmin)


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
        "answers", "rationale", "owner",
    )  # fmt: skip
    readonly_fields = fields[:10]
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

    @admin.display(description=_("answers of the desk"))
    def answers(self, row: Strategy) -> str:
        """How often the desk answered what the strategy found, and what it said."""
        return _t("answered %(answered)s, reached %(reached)s, right %(right)s") % selectors.answers(row)

    def shown_buttons(self, request: HttpRequest, row: Strategy) -> Iterable[str]:
        fitting = {Strategy.Status.LIVE: ("pause",), Strategy.Status.PAUSED: ("resume",)}
        return ("write_draft", *fitting.get(Strategy.Status(row.status), ()))

    @button(_("Write the next version"))
    def write_draft(self, request: HttpRequest, row: Strategy) -> Pressed:
        """Open the draft, made from the newest version."""
        return redirect(self.page_of(services.draft_version(strategy=row, by=person(request), now=clock.now())))

    @button(_("Pause"))
    def pause(self, request: HttpRequest, row: Strategy) -> Pressed:
        """Stop the strategy from matching."""
        services.pause(strategy=row, by=person(request), now=clock.now())
        return _t("The strategy is paused; what it found already is still delivered.")

    @button(_("Resume"))
    def resume(self, request: HttpRequest, row: Strategy) -> Pressed:
        """Let it match again."""
        services.resume(strategy=row, by=person(request), now=clock.now())
        return _t("The strategy matches again from the next run on.")


class StepInline(ReadOnly, HouseInline):
    """The steps of a run."""

    model = RunStep
    fields = ("step", "rows_out", "finished_at", "error")


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
