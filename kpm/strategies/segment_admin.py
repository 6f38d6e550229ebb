"""Segments and their lists in the admin: written with a preview as strategies are, looked at with their trail."""

from typing import Any

import duckdb
from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from clients.org.requests import person
from clients.portrait import selectors as portrait
from clients.shared import clock
from clients.shared.admin import HouseAdmin, HouseInline, ReadOnly
from kpm.engine.check import compile_condition
from kpm.engine.match import Counts, Member, Source, count
from kpm.engine.problem import ConditionError
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.models import Segment, SegmentDownload, SegmentExport
from kpm.strategies.previewing import CountsBeforeSaving, not_counted
from kpm.strategies.services.editing import faults_of_text


class SegmentForm(forms.ModelForm):
    """A segment; what is wrong with its condition is said at the field."""

    class Meta:
        model = Segment
        fields = ("name", "branch", "condition")
        widgets = {"condition": forms.Textarea(attrs={"rows": 4, "cols": 100, "spellcheck": "false"})}

    def clean_condition(self) -> str:
        """Refuse a condition that the engine refuses, with its sentences."""
        text = self.cleaned_data["condition"].strip()
        if faults := faults_of_text(text):
            raise forms.ValidationError(faults)
        return str(text)


def said(condition: str) -> str:
    """Say how many clients of the house a condition means on the newest day with features."""
    day = portrait.last_feature_day(clock.shanghai_day(clock.now()))
    try:
        member = Member(0, compile_condition(condition, catalogue()))
    except ConditionError as refused:
        return " ".join(_t(problem.sentence) % problem.values for problem in refused.problems)
    if day is None:
        return _t("There are no features yet: run the day first.")
    with portrait.open_features(day) as (con, rows):
        try:
            counts: Counts = count(Source(con, rows), member)
        except duckdb.Error as fault:
            return not_counted(fault)
    numbers = {"matched": counts.matched, "not": counts.not_matched, "unknown": counts.unknown, "day": day}
    return _t("%(day)s: matched %(matched)s, not matched %(not)s, unknown %(unknown)s") % numbers


class ExportInline(ReadOnly, HouseInline):
    """Lists that were asked for, and who decided; the lists themselves are not shown here."""

    model = SegmentExport
    fields = ("asked_at", "asked_by", "place", "reason", "state", "decided_by", "decided_at", "clients")
    readonly_fields = fields
    ordering = ("-pk",)


class SegmentAdmin(CountsBeforeSaving):
    """Segments of all branches, with how many clients each means."""

    form = SegmentForm
    list_display = ("name", "branch", "owner", "created_at")
    list_filter = ("branch",)
    list_select_related = ("branch", "owner__staff")
    search_fields = ("name", "condition")
    ordering = ("name",)
    fields = ("name", "branch", "condition", "preview", "owner", "created_at")
    readonly_fields = ("preview", "owner", "created_at")
    inlines = (ExportInline,)

    @admin.display(description=_("preview"))
    def preview(self, row: Segment) -> str:
        """How many clients the saved condition means."""
        return said(row.condition) if row.pk else "—"

    def save_model(self, request: HttpRequest, obj: Segment, form: Any, change: bool) -> None:
        if not change:
            obj.owner, obj.created_at = person(request), clock.now()
        super().save_model(request, obj, form, change)

    def counted_of(self, request: HttpRequest, row: Segment) -> str:
        """How many clients the condition means as it was typed."""
        return said(row.condition)


class DownloadInline(ReadOnly, HouseInline):
    """Who took the list away, and when."""

    model = SegmentDownload
    fields = ("at", "by")
    readonly_fields = fields


class SegmentExportAdmin(ReadOnly, HouseAdmin):
    """Lists of segments: what for, who asked, who decided, who took them away. The list itself is not shown."""

    list_display = ("segment", "place", "state", "asked_by", "asked_at", "decided_by", "clients")
    list_filter = ("state",)
    list_select_related = ("segment", "place", "asked_by__staff", "decided_by__staff")
    ordering = ("-pk",)
    exclude = ("content",)
    inlines = (DownloadInline,)
