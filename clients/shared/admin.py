"""The admin of the house: every list, search, choice and page shows the rows that `access.scope` gives, and no others.

Facts are looked at and never added, changed or deleted here; buttons call the same services as the pages.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Field, Model, Q, QuerySet, TextField
from django.forms.models import ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django_celery_beat.admin import PeriodicTaskAdmin
from django_celery_beat.models import PeriodicTask

from clients.shared import clock, queue
from clients.shared.models import Job
from clients.shared.templatetags.faces import lang

Pressed = str | HttpResponse


def allowed(request: HttpRequest, model: type[Model]) -> Q:
    """Return what `access.scope` says about the rows of a model; it stands above this app and comes by its name."""
    return import_string(settings.ROW_SCOPE)(request.user, model, now=clock.now())


@dataclass(frozen=True)
class Question:
    """What a button asks before it does anything: a text, needed or not, or a file with it; `told` stands above it.

    With `choices` (value and label) it is one of these.
    """

    label: str | Promise
    told: str | Promise = ""
    required: bool = True
    upload: bool = False
    choices: Sequence[tuple[str, str]] = ()


def said(request: HttpRequest) -> str:
    """Return what a person typed when a button asked, or the text of his file; raises UnicodeDecodeError."""
    chosen = request.FILES.get("file")
    return chosen.read().decode("utf-8") if chosen is not None else request.POST.get("said", "").strip()


def button(label: str | Promise) -> Callable[[Callable[..., Pressed]], Callable[..., Pressed]]:
    """Make an admin's method `(request, row)` a button of its page; it returns what to say, or where to go."""

    def mark(method: Callable[..., Pressed]) -> Callable[..., Pressed]:
        method.label = label  # type: ignore[attr-defined]
        return method

    return mark


def text_column(field: Field) -> Callable[[Any], Any]:
    """Return a column of a list that shows a text field and marks what is Chinese on an English page as such."""

    def column(row: Any) -> Any:
        said = getattr(row, field.name)
        return format_html("<span{}>{}</span>", lang(said), said) if lang(said) else said

    column.__name__ = field.name
    return admin.display(description=field.verbose_name, ordering=field.name)(column)


class ScopedFilter(admin.RelatedFieldListFilter):
    """A filter by a related row that offers only the rows this person may see."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        return field.get_choices(include_blank=False, limit_choices_to=allowed(request, field.related_model))


class ScopedRows(BaseModelAdmin):
    """Rows and choices within `access.scope`; nothing is deleted unless an admin says so."""

    deletable = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(allowed(request, self.model))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> ModelChoiceField | None:
        related = db_field.related_model
        if hasattr(related, "row_access"):
            kwargs["queryset"] = related._default_manager.filter(allowed(request, related))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.deletable and super().has_delete_permission(request, obj)


class ReadOnly(BaseModelAdmin):
    """Facts: looked at, never added or changed here."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class HouseInline(ScopedRows, admin.TabularInline):
    """Rows of another table on the page of theirs."""

    extra = 0


class HouseAdmin(ScopedRows, admin.ModelAdmin):
    """What every admin page of the house is made from."""

    list_per_page = 50
    show_full_result_count = False
    change_form_template = "admin/house_form.html"
    buttons: tuple[str, ...] = ()
    refusals: tuple[type[Exception], ...] = ()

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        texts = {field.name: field for field in self.opts.local_fields if type(field) in (CharField, TextField)}
        shown = super().get_list_display(request)
        return [text_column(texts[name]) if name in texts and not texts[name].choices else name for name in shown]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [(name, ScopedFilter) if self._is_key(name) else name for name in super().get_list_filter(request)]

    def _is_key(self, name: Any) -> bool:
        field = self.opts.get_field(name) if isinstance(name, str) and "__" not in name else None
        return isinstance(field, Field) and hasattr(field.related_model, "row_access")

    def may_press(self, request: HttpRequest, row: Any) -> bool:
        """Whether this person may use the buttons; pages that only show may still have some."""
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")

    def shown_buttons(self, request: HttpRequest, row: Any) -> Iterable[str]:
        """Return the buttons that make sense for a row."""
        return self.buttons

    def question(self, request: HttpRequest, row: Any, verb: str) -> Question | None:
        """Return what a button asks before it does anything; None when one press is enough."""
        return None

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_press"
        press = path("<path:object_id>/press/<slug:verb>/", self.admin_site.admin_view(self.press), name=name)
        return [press, *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        row = context.get("original")
        pressable = row is not None and self.may_press(request, row)
        verbs = self.shown_buttons(request, row) if pressable else ()
        context["house_buttons"] = [(verb, getattr(self, verb).label) for verb in verbs]
        if row is not None:
            context["subtitle"] = self.title_of(row)
        return super().render_change_form(request, context, *args, **kwargs)

    def press(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """Do what a button says; a refusal of the service is told on the page."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        row = self.get_object(request, unquote(object_id))
        if row is None or verb not in self.shown_buttons(request, row):
            raise Http404
        if not self.may_press(request, row):
            raise PermissionDenied
        question = self.question(request, row, verb)
        if question is not None and "said" not in request.POST:
            return self._ask(request, row, verb, question)
        try:
            done = getattr(self, verb)(request, row)
        except self.refusals as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return redirect(self.page_of(row))
        self.log_change(request, row, f"pressed {verb}")
        if isinstance(done, HttpResponse):
            return done
        self.message_user(request, done)
        return redirect(self.page_of(row))

    def _ask(self, request: HttpRequest, row: Any, verb: str, question: Question) -> HttpResponse:
        shown = {"original": row, "subtitle": self.title_of(row), "verb": verb, "question": question}
        label = getattr(self, verb).label
        context = {**self.admin_site.each_context(request), **shown, "title": label, "opts": self.opts}
        return TemplateResponse(request, "admin/ask.html", context)

    def title_of(self, row: Any) -> str:
        """Return what the page of a row is headed with; an admin whose rows are named by codes says them in words."""
        return str(row)

    def page_of(self, row: Any) -> str:
        """Return the address of a row's page."""
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


@admin.register(Job)
class JobAdmin(ReadOnly, HouseAdmin):
    """The line of machine work; what failed may be tried again."""

    list_display = ("name", "argument", "state", "attempts", "created_at", "started_at", "finished_at")
    list_filter = ("state", "name")
    search_fields = ("name", "argument")
    ordering = ("-pk",)
    buttons = ("retry",)

    def shown_buttons(self, request: HttpRequest, row: Job) -> Iterable[str]:
        return self.buttons if row.state == Job.State.FAILED else ()

    @button(_("Try again"))
    def retry(self, request: HttpRequest, row: Job) -> Pressed:
        """Put a failed job back in line."""
        return str(_("Back in line.") if queue.retry(row.pk) else _("The same job waits already."))


class ScheduleAdmin(PeriodicTaskAdmin):
    """The schedules of beat, whose page brings an inline script; and "run" puts rows in line, as beat does."""

    change_form_template = "admin/change_form.html"

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        queue.app()  # the choices are the jobs of our app, which nobody has imported yet in the web process
        return super().get_form(request, obj, **kwargs)

    @admin.action(description=_("Put in line now"))
    def run_tasks(self, request: HttpRequest, queryset: QuerySet[PeriodicTask]) -> None:
        """Put a row in line for each chosen schedule."""
        for row in queryset:
            queue.enqueue(row.task, next(iter(json.loads(row.args)), ""), now=clock.now())
        self.message_user(request, _("%(n)s jobs are in line.") % {"n": len(queryset)})


admin.site.unregister(PeriodicTask)
admin.site.register(PeriodicTask, ScheduleAdmin)
