"""Runs in the admin: their funnel, their steps, what they held back."""

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.shared.admin import HouseAdmin, HouseInline, ReadOnly
from clients.shared.drawing import ROW, draw_bars
from kpm.strategies import naming, selectors
from kpm.strategies.config_filters import SlotFilter
from kpm.strategies.models import Run, RunStep
from kpm.strategies.stop_admin import held_rows


class StepInline(ReadOnly, HouseInline):
    """The steps of a run."""

    model = RunStep
    fields = ("name", "rows_in", "rows_out", "stopped", "cpu_ms", "wall_ms", "faults")
    readonly_fields = fields

    @admin.display(description=_("stopped"))
    def stopped(self, row: RunStep) -> str:
        """How many each reason stopped."""
        lines = ((naming.say(naming.STOPS, reason), n) for reason, n in sorted(row.reasons.items()))
        return format_html_join("", "<div>{}: {}</div>", lines) or "—"

    @admin.display(description=pgettext_lazy("of a run", "step"))
    def name(self, row: RunStep) -> str:
        """What was done."""
        return naming.say(naming.STEPS, row.step)

    @admin.display(description=_("error"))
    def faults(self, row: RunStep) -> str:
        """The versions that could not be judged, and why."""
        lines = ((naming.fault(line),) for line in row.error.splitlines())
        return format_html_join("", "<div>{}</div>", lines) or "—"


class RunAdmin(ReadOnly, HouseAdmin):
    """Runs with their funnel over all branches."""

    list_display = ("day", "slot_name", "attempt", "state", "started_at", "published_at")
    list_filter = (("slot", SlotFilter), "state")
    ordering = ("-pk",)
    fields = (
        "day", "slot_name", "attempt", "state", "cutoff", "started_at", "published_at", "catalogue_version", "held",
        "funnel", "error",
    )  # fmt: skip
    readonly_fields = fields
    inlines = (StepInline,)

    def title_of(self, row: Run) -> str:
        return naming.run(row)

    @admin.display(description=_("slot"), ordering="slot")
    def slot_name(self, row: Run) -> str:
        """When in the day the run looks."""
        return naming.say(naming.SLOTS, row.slot)

    @admin.display(description=_("funnel"))
    def funnel(self, row: Run) -> str:
        """How many reached each step, and why the others stopped there: of all strategies, and of each."""
        each = [(strategy, naming.steps(found)) for strategy, found in selectors.funnels_by_strategy(row)]
        branches = [(branch, naming.steps(found)) for branch, found in selectors.funnels_by_branch(row)]
        whole = naming.steps(selectors.funnel_table(row))
        bars = draw_bars([(str(step["step"].label), step["n"]) for step in whole])
        values = {"steps": whole, "strategies": each, "branches": branches, "bars": bars, "height": len(bars) * ROW}
        return render_to_string("admin/strategies/funnel.html", values)

    @admin.display(description=_("held strategies"))
    def held(self, row: Run) -> str:
        """What this run held back, and what was held already; each with its reason."""
        return held_rows(selectors.holds_of_run(row))
