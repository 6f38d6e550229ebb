"""Playbooks and answers to configure; tasks and their results for compliance to look at."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from advisory.taskqueue import services
from advisory.taskqueue.models import (
    Disposition,
    Playbook,
    PlaybookEvent,
    PlaybookStep,
    PlaybookVersion,
    Task,
    TaskEvent,
    TaskResult,
)
from clients.org.requests import person
from clients.register.admin import OfClientAdmin
from clients.shared import clock
from clients.shared.admin import HouseAdmin, HouseInline, Pressed, ReadOnly, button

State = PlaybookVersion.State


class VersionInline(ReadOnly, HouseInline):
    """The versions of a playbook, each a link."""

    model = PlaybookVersion
    fields = ("number", "state")
    show_change_link = True
    ordering = ("-number",)


@admin.register(Playbook)
class PlaybookAdmin(HouseAdmin):
    """Processes by code; their texts are in the versions."""

    list_display = ("code", "name_zh", "name_en")
    search_fields = ("code", "name_zh", "name_en")
    ordering = ("code",)
    inlines = (VersionInline,)
    buttons = ("write_draft",)

    @button(_("Write the next version"))
    def write_draft(self, request: HttpRequest, row: Playbook) -> Pressed:
        """Open the draft, made from the newest version."""
        return redirect(self.page_of(services.draft_playbook(playbook=row, by=person(request), now=clock.now())))


class StepInline(HouseInline):
    """The steps, editable while the version is a draft."""

    model = PlaybookStep
    verbose_name_plural = _("steps")
    deletable = True
    # Narrow enough that a step stands in one row of the page.
    formfield_overrides: ClassVar[dict[Any, Any]] = {
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 3, "cols": 34})},
        models.JSONField: {"widget": forms.Textarea(attrs={"rows": 2, "cols": 12})},
        models.CharField: {"widget": forms.TextInput(attrs={"size": 14})},
    }

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return _is_draft(*args) and super().has_add_permission(request, *args)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and super().has_delete_permission(request, obj)


def _is_draft(version: PlaybookVersion | None = None) -> bool:
    return version is not None and version.state == State.DRAFT


class ActInline(ReadOnly, HouseInline):
    """Who wrote and who published."""

    model = PlaybookEvent
    fields = ("at", "kind", "who")
    readonly_fields = fields
    ordering = ("pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("by__staff")

    @admin.display(description=_("person"))
    def who(self, row: PlaybookEvent) -> str:
        """Staff number and name, or the library that came with the house."""
        return str(row.by.staff) if row.by else _t("Strategy library")


@admin.register(PlaybookVersion)
class PlaybookVersionAdmin(HouseAdmin):
    """One text of a process: a draft is edited and published, a published one stays."""

    list_display = ("playbook", "number", "state")
    list_filter = ("state",)
    list_select_related = ("playbook",)
    search_fields = ("playbook__code",)
    ordering = ("playbook__code", "-number")
    fields = ("playbook", "number", "state")
    readonly_fields = fields
    inlines = (StepInline, ActInline)
    buttons = ("publish",)
    refusals = (services.CannotPublish,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        if any(formset.has_changed() for formset in formsets):
            services.edit_draft(version=form.instance, by=person(request), now=clock.now())
        super().save_related(request, form, formsets, change)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """A draft that a colleague published meanwhile takes nothing more; the page says so."""
        try:
            return super().change_view(request, object_id, *args, **kwargs)
        except services.CannotPublish as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return redirect(request.path)

    def shown_buttons(self, request: HttpRequest, row: PlaybookVersion) -> Iterable[str]:
        return self.buttons if _is_draft(row) else ()

    @button(_("Publish"))
    def publish(self, request: HttpRequest, row: PlaybookVersion) -> Pressed:
        """Put the draft in place of the text before; who wrote it asks a colleague."""
        published = services.publish_draft(version=row, by=person(request), now=clock.now())
        return _t("%(version)s is published.") % {"version": published}


@admin.register(Disposition)
class DispositionAdmin(HouseAdmin):
    """The answers of the outcome panel."""

    list_display = ("kind", "code", "label_zh", "label_en", "hotkey", "order", "reached", "needs_note")
    list_filter = ("kind",)
    ordering = ("kind", "order")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("kind", "code") if obj else ()


class EventInline(ReadOnly, HouseInline):
    """Everything that happened to a task."""

    model = TaskEvent
    ordering = ("pk",)


class ResultInline(ReadOnly, HouseInline):
    """What came of it."""

    model = TaskResult
    fields = ("at", "staff", "contact", "response", "verdict", "note", "late")


@admin.register(Task)
class TaskAdmin(OfClientAdmin):
    """Pieces of service work."""

    list_display = ("created_at", "client", "kind", "strategy_code", "state", "assignee", "worker", "due_at")
    list_select_related = ("client", "assignee", "worker")
    inlines = (EventInline, ResultInline)
