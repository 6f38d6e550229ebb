"""What came of hits, for compliance to look at; effects of versions, on the page of their strategy and as a list."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from clients.register.admin import OfClientAdmin
from clients.shared.admin import HouseAdmin, ReadOnly
from kpm.outcomes import selectors, words
from kpm.outcomes.models import EffectLook, EffectPlan, EffectSnapshot, Outcome
from kpm.outcomes.processes import judged
from kpm.strategies.admin import StrategyAdmin
from kpm.strategies.models import Strategy

admin.site.unregister(Strategy)


@admin.register(Strategy)
class StrategyWithEffectAdmin(StrategyAdmin):
    """A strategy with what it was worth: the floor that measures adds its line to the page of the one that matches."""

    def get_fields(self, request: HttpRequest, obj: Strategy | None = None) -> Any:
        return [*super().get_fields(request, obj), "effect"]

    def get_readonly_fields(self, request: HttpRequest, obj: Strategy | None = None) -> Any:
        return [*super().get_readonly_fields(request, obj), "effect"]

    @admin.display(description=_("effect"))
    def effect(self, row: Strategy) -> str:
        """Treated against held out, version by version, the newest first; branches under the newest."""
        lines = [line for found in selectors.effects_of(row) for line in _lines(found)]
        if row.live_version and not row.live_version.holdout_pct:
            lines.append(render_to_string("admin/outcomes/judged.html", words.judged_instead(judged(row))))
        return format_html_join("", "<div>{}</div>", ((line,) for line in lines)) or "—"


def _lines(found: selectors.Effect) -> Iterator[str]:
    as_of = f" · {found.whole.day}" if found.whole else ""
    yield f"v{found.version.number}{as_of} · {words.say(found)}"
    for row in found.branches if len(found.branches) > 1 else ():
        said = words.say_snapshot(found.version, row)
        yield _t("In %(branch)s: %(said)s") % {"branch": row.branch.name if row.branch else "", "said": said}


@admin.register(EffectSnapshot)
class EffectSnapshotAdmin(ReadOnly, HouseAdmin):
    """Effects day by day, where they changed."""

    list_display = ("day", "version", "branch", "month", "state", "said")
    list_filter = ("state", "branch")
    list_select_related = ("version__strategy", "branch")
    search_fields = ("=version__strategy__code",)
    ordering = ("-day", "version", "branch")
    fields = ("version", "branch", "month", "day", "state", "said")
    readonly_fields = fields

    @admin.display(description=_("effect"))
    def said(self, row: EffectSnapshot) -> str:
        """The effect in words."""
        return words.say_snapshot(row.version, row)


@admin.register(EffectPlan)
class EffectPlanAdmin(ReadOnly, HouseAdmin):
    """What was fixed for a version before its first outcome."""

    list_display = ("version", "made_on", "sample", "mde", "base", "held_share", "min_days")
    list_select_related = ("version__strategy",)
    search_fields = ("=version__strategy__code",)
    ordering = ("-made_on", "version")


@admin.register(EffectLook)
class EffectLookAdmin(ReadOnly, HouseAdmin):
    """The planned looks, each once."""

    list_display = ("day", "version", "share", "n", "difference", "lower", "upper", "p")
    list_select_related = ("version__strategy",)
    search_fields = ("=version__strategy__code",)
    ordering = ("-day", "version")


@admin.register(Outcome)
class OutcomeAdmin(OfClientAdmin):
    """What clients did within the windows of their hits."""

    search_fields = ("=hit__client__client_no",)
    list_display = ("window_end", "hit", "value", "reason", "observed_at", "corrects")
    list_filter = ("value", "reason")
    list_select_related = ("hit", "corrects")
    ordering = ("-pk",)
