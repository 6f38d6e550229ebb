"""The page of a back-test: what a version would have found, drawn by day, with the work it would have made."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.org.requests import person
from clients.shared import clock
from clients.shared.admin import HouseAdmin, ReadOnly
from clients.shared.drawing import HEIGHT, WIDTH, draw_line
from kpm.strategies import naming
from kpm.strategies.models import BackTest
from kpm.strategies.services import approvals

LEFT_OUT = {"no night was run": _("no night was run on these days")}


class BackTestAdmin(ReadOnly, HouseAdmin):
    """Back-tests, the newest first. They are asked for on the page of their version."""

    list_display = ("version", "from_day", "to_day", "state", "asked_by", "asked_at")
    list_filter = ("state",)
    list_select_related = ("version__strategy", "asked_by")
    search_fields = ("=version__strategy__code",)
    ordering = ("-pk",)
    fields = ("version", "from_day", "to_day", "progress", "asked_by", "asked_at", "made_at", "found")
    readonly_fields = fields

    class Media:
        css = {"all": ["css/backtest.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[BackTest]:
        """An author of a branch sees those of his branch: they name its people and count its clients."""
        rows, home = super().get_queryset(request), approvals.bound_to(person(request), clock.now())
        return rows if home is None else rows.filter(version__strategy__steward_branch__path__startswith=home.path)

    @admin.display(description=pgettext_lazy("of a back-test", "state"))
    def progress(self, row: BackTest) -> str:
        """How far it is; while a worker is at it, what is being done."""
        step = naming.say(naming.BACKTEST_STEPS, row.step) if row.step else ""
        return ": ".join(filter(None, [row.get_state_display(), step or row.error]))

    @admin.display(description=_("would have hit"))
    def found(self, row: BackTest) -> str:
        """What the version would have found; empty until it is made."""
        return render_to_string("admin/strategies/backtest.html", shown(row)) if row.result else "—"


def shown(row: BackTest) -> dict[str, Any]:
    """Return what the page of a back-test shows, from its result."""
    result: dict[str, Any] = row.result or {}
    days = [(date.fromisoformat(day), matched, new) for day, matched, new in result["days"]]
    return {
        "result": result,
        "days": days,
        "width": WIDTH,
        "height": HEIGHT,
        "charts": [
            _chart(_t("Clients who match, by day"), [matched for _day, matched, _new in days]),
            _chart(_t("Of these new, by day"), [new for _day, _matched, new in days]),
        ],
        "pools": [(naming.pool(name), *rest) for name, *rest in result["load"]["pools"]],
        "overlap": [
            (code, both, f"{100 * alike:.1f} %", f"{100 * lost:.1f} %") for code, both, alike, lost in result["overlap"]
        ],
        "left_out": [(LEFT_OUT.get(reason, reason), number) for reason, number in result["left_out"]],
        "goal": _goal(row),
    }


def _chart(title: str, counts: list[int]) -> dict[str, Any]:
    mean = sum(counts) / len(counts) if counts else 0
    line = draw_line([Decimal(count) for count in counts])
    ends = {"least": min(counts, default=0), "most": max(counts, default=0)}
    return {"title": title, "line": line, "total": sum(counts), "mean": f"{mean:.1f}", **ends}


def _goal(row: BackTest) -> dict[str, Any] | None:
    """The two rates in percent, each with its interval; None while they are not counted."""
    if not row.goal or "reason" in row.goal:
        return None
    return {**row.goal, "hits": _rate(row.goal["hits"]), "others": _rate(row.goal["others"])}


def _rate(found: dict[str, Any]) -> dict[str, Any]:
    if found["rate"] is None:
        return {**found, "said": "—"}
    low, high = (f"{100 * bound:.1f}" for bound in found["bounds"])
    return {**found, "said": f"{100 * found['rate']:.1f} % ({low}–{high} %)"}
