"""Strategies: what is live and what it found. Versions and settings have files of their own."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Case, DateField, QuerySet, Value, When
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.org.models import Branch, Role
from clients.org.requests import person
from clients.org.standing import holds
from clients.shared import clock
from clients.shared.admin import HouseAdmin, HouseInline, Pressed, Question, ReadOnly, button, said
from kpm.strategies import naming, selectors, services, states, waiting
from kpm.strategies.backtest_admin import BackTestAdmin
from kpm.strategies.config_admin import (
    CapacityBudgetAdmin,
    ContactRuleAdmin,
    DeliveryOptionAdmin,
    FamilyCapAdmin,
    GoalRateAdmin,
    SuppressionAdmin,
    UniversalDrawAdmin,
)
from kpm.strategies.config_filters import FamilyFilter
from kpm.strategies.hit_admin import HitAdmin
from kpm.strategies.importing import import_version
from kpm.strategies.launch_admin import may_run
from kpm.strategies.models import (
    BackTest,
    CapacityBudget,
    ContactRule,
    DeliveryOption,
    FamilyCap,
    GoalRate,
    Hit,
    Run,
    Segment,
    SegmentExport,
    ServiceStop,
    Strategy,
    StrategyHold,
    StrategyVersion,
    Suppression,
    UniversalDraw,
)
from kpm.strategies.run_admin import RunAdmin
from kpm.strategies.segment_admin import SegmentAdmin, SegmentExportAdmin
from kpm.strategies.services.places import RUNS
from kpm.strategies.services.yamlform import BadYaml
from kpm.strategies.stop_admin import ServiceStopAdmin, StrategyHoldAdmin, held_rows
from kpm.strategies.version_admin import StrategyVersionAdmin

admin.site.register(BackTest, BackTestAdmin)
admin.site.register(StrategyVersion, StrategyVersionAdmin)
admin.site.register(Hit, HitAdmin)
admin.site.register(ContactRule, ContactRuleAdmin)
admin.site.register(CapacityBudget, CapacityBudgetAdmin)
admin.site.register(DeliveryOption, DeliveryOptionAdmin)
admin.site.register(FamilyCap, FamilyCapAdmin)
admin.site.register(Suppression, SuppressionAdmin)
admin.site.register(GoalRate, GoalRateAdmin)
admin.site.register(UniversalDraw, UniversalDrawAdmin)
admin.site.register(Run, RunAdmin)
admin.site.register(ServiceStop, ServiceStopAdmin)
admin.site.register(StrategyHold, StrategyHoldAdmin)
admin.site.register(Segment, SegmentAdmin)
admin.site.register(SegmentExport, SegmentExportAdmin)


class VersionInline(ReadOnly, HouseInline):
    """The versions of a strategy, each a link."""

    model = StrategyVersion
    fk_name = "strategy"
    fields = readonly_fields = ("number", "state", "change_note", "author", "submitted_at")
    show_change_link = True
    ordering = ("-number",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("strategy", "author").prefetch_related(*states.READ)

    @admin.display(description=pgettext_lazy("of a version", "state"))
    def state(self, row: StrategyVersion) -> str:
        """What it still needs, where it runs, how it ended."""
        return states.state_of(row)


@admin.register(Strategy)
class StrategyAdmin(HouseAdmin):
    """Strategies with what they found last. Their content stands in their versions."""

    list_display = (
        "code", "name_zh", "name_en", "status", "live_version", "pilot_version", "last_matched", "waits_for",
    )  # fmt: skip
    list_filter = ("status", "lifecycle", "business", ("family", FamilyFilter))
    list_select_related = ("live_version__strategy", "pilot_version__strategy")
    search_fields = ("code", "name_zh", "name_en")
    ordering = ("code",)
    fields = (
        "code", "name_zh", "name_en", "lifecycle", "business", "family_name", "status", "live_version",
        "pilot_version", "steward_branch", "last_matched", "waits_for", "held", "answers", "rationale", "owner",
    )  # fmt: skip
    readonly_fields = fields[:14]
    inlines = (VersionInline,)
    buttons = ("write_draft", "import_yaml", "copy_for_branch", "pause", "resume", "retire")
    refusals = (services.CannotChange, BadYaml)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        day, found = selectors.last_matches()
        counted = [When(pk=strategy, then=Value(number)) for strategy, number in found.items()]
        waits = [When(pk=row, then=Value(sources)) for row, sources in waiting.waiting_strategies().items()]
        return (
            super()
            .get_queryset(request)
            .annotate(matched_on=Value(day, output_field=DateField()), matched=Case(*counted, default=Value(0)))
            .annotate(waiting=Case(*waits, default=Value("")))
        )

    def title_of(self, row: Strategy) -> str:
        return naming.strategy(row)

    @admin.display(description=_("family"), ordering="family")
    def family_name(self, row: Strategy) -> str:
        """The family in the language of the page."""
        return naming.family(row.family)

    @admin.display(description=_("matched last"))
    def last_matched(self, row: Any) -> str:
        """How many clients the live version matched in the newest run, and on which day."""
        return f"{row.matched:,} ({row.matched_on})" if row.matched_on else "—"

    @admin.display(description=_("waits for the source"))
    def waits_for(self, row: Any) -> str:
        """The sources without which it finds nobody."""
        return waiting.said(row.waiting) or "—"

    @admin.display(description=_("held strategies"))
    def held(self, row: Strategy) -> str:
        """What runs held back of it, what waits for a person first."""
        return held_rows(selectors.holds_of(row))

    @admin.display(description=_("answers of the desk"))
    def answers(self, row: Strategy) -> str:
        """How often the desk answered what the strategy found, and what it said."""
        return _t("answered %(answered)s, reached %(reached)s, right %(right)s") % selectors.answers(row)

    def may_press(self, request: HttpRequest, row: Strategy) -> bool:
        """Which button somebody may use is decided by `shown_buttons` and by the service."""
        return bool(self.has_view_permission(request, row))

    def shown_buttons(self, request: HttpRequest, row: Strategy) -> Iterable[str]:
        user, writes = person(request), self.has_change_permission(request, row)
        if writes and row.status != Strategy.Status.RETIRED:
            yield from ("write_draft", "import_yaml")
        if holds(user, Role.BRANCH_AUTHOR, clock.now()):
            yield "copy_for_branch"
        if may_run(user, request):
            yield from ("pause",) if row.status in RUNS else ()
            yield from ("resume",) if row.status == Strategy.Status.PAUSED else ()
            yield from ("retire",) if row.status != Strategy.Status.RETIRED else ()

    def question(self, request: HttpRequest, row: Strategy, verb: str) -> Question | None:
        if verb == "copy_for_branch":
            return _which(services.branches_to_copy_for(by=person(request), now=clock.now()))
        return {
            "pause": Question(_("Why is it paused?"), required=False),
            "retire": Question(_("Why is it retired?"), told=_("A retired strategy never runs again.")),
            "import_yaml": Question(_("or its text"), told=_("The YAML of a version, as exported."), upload=True),
        }.get(verb)

    @button(_("Write the next version"))
    def write_draft(self, request: HttpRequest, row: Strategy) -> Pressed:
        """Open the draft, made from the newest version."""
        return redirect(self.page_of(services.draft_version(strategy=row, by=person(request), now=clock.now())))

    @button(_("Import YAML"))
    def import_yaml(self, request: HttpRequest, row: Strategy) -> Pressed:
        """Write a text into the draft."""
        try:
            draft = import_version(strategy=row, text=said(request), by=person(request), now=clock.now())
        except UnicodeDecodeError as refused:
            raise BadYaml([(0, _t("This file is no text in UTF-8."))]) from refused
        return redirect(self.page_of(draft))

    @button(_("Copy for my branch"))
    def copy_for_branch(self, request: HttpRequest, row: Strategy) -> Pressed:
        """Open a strategy of its own for the branch."""
        by, now = person(request), clock.now()
        found = next((one for one in services.branches_to_copy_for(by=by, now=now) if one.code == said(request)), None)
        return redirect(self.page_of(services.copy_for_branch(strategy=row, branch=found, by=by, now=now)))

    @button(_("Pause"))
    def pause(self, request: HttpRequest, row: Strategy) -> Pressed:
        """Stop the strategy from matching."""
        services.pause(strategy=row, by=person(request), now=clock.now(), reason=said(request))
        return _t("The strategy is paused; what it found already is still delivered.")

    @button(_("Resume"))
    def resume(self, request: HttpRequest, row: Strategy) -> Pressed:
        """Let it match again."""
        services.resume(strategy=row, by=person(request), now=clock.now())
        return _t("The strategy matches again from the next run on.")

    @button(pgettext_lazy("of a strategy", "Retire"))
    def retire(self, request: HttpRequest, row: Strategy) -> Pressed:
        """End it for good."""
        services.retire(strategy=row, by=person(request), now=clock.now(), reason=said(request))
        return _t("The strategy is retired. What was not delivered yet ends.")


def _which(branches: Sequence[Branch]) -> Question | None:
    """Asks for a branch where there is a choice."""
    if len(branches) < 2:
        return None
    return Question(_("branch whose strategy it is"), choices=[(branch.code, str(branch)) for branch in branches])
