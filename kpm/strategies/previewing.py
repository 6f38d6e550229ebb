"""The page of a draft counts what an author has typed, before anything of it is saved."""

from collections.abc import Mapping
from typing import Any

import duckdb
from django.contrib import messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _t

from clients.org.models import User
from clients.org.requests import person
from clients.shared import clock
from clients.shared.admin import HouseAdmin
from kpm.strategies.models import StrategyVersion
from kpm.strategies.studio import looking

BUTTON = "_preview"
PREVIEWED = "previewed"  # on a version that is shown: what it would do


def summed(previewed: Mapping[str, Any]) -> str:
    """Say how many clients a preview found, or why nobody can say."""
    found = previewed.get("found")
    if found is None:
        return str(previewed.get("fault", ""))
    numbers = {"matched": found.matched + found.used, "not": found.not_matched, "unknown": found.unknown}
    return _t("%(day)s: matched %(matched)s, not matched %(not)s, unknown %(unknown)s") % {**numbers, "day": found.day}


def not_counted(fault: duckdb.Error) -> str:
    """Say that the database cannot count, with its reason."""
    return _t("Nobody can be counted: %(reason)s") % {"reason": str(fault).splitlines()[0]}


class CountsBeforeSaving(HouseAdmin):
    """A page with one more button: it shows the form again as it was typed, with the count, and saves nothing."""

    change_form_template = "admin/strategies/version.html"

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and BUTTON in request.POST:
            self._count(request, self.get_object(request, unquote(object_id)))
            request.typed = request.POST  # type: ignore[attr-defined]
            request.method = "GET"
        return super().change_view(request, object_id, *args, **kwargs)

    def counted_of(self, request: HttpRequest, row: Any) -> str:
        """Say how many clients a row means as it was typed."""
        raise NotImplementedError

    def _count(self, request: HttpRequest, row: Any) -> None:
        if row is None:
            raise Http404
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        fields = flatten_fieldsets(self.get_fieldsets(request, row))
        form = self.get_form(request, row, change=True, fields=fields)(request.POST, instance=row)
        if form.is_valid():
            request.tried = form.save(commit=False)  # type: ignore[attr-defined]
            said = _t("Not saved. %(counts)s") % {"counts": self.counted_of(request, request.tried)}  # type: ignore[attr-defined]
            self.message_user(request, said, messages.INFO)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form; bound to what was typed when it is shown again after a count."""
        form = super().get_form(request, obj, change, **kwargs)
        said = getattr(request, "typed", None)
        if said is None:
            return form
        return type(form.__name__, (form,), {"__init__": lambda self, *a, **k: form.__init__(self, said, *a, **k)})


class PreviewsFunnel(CountsBeforeSaving):
    """The page of a version also shows what it would do: the funnel, by branch, and a sample for who may see clients.

    After a count these are of the version as it was typed. A page counts once.
    """

    def counted_of(self, request: HttpRequest, row: Any) -> str:
        request.previewed = _previewed(row, person(request))  # type: ignore[attr-defined]
        return summed(request.previewed)  # type: ignore[attr-defined]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        row = context.get("original")
        if row is not None and isinstance(request.user, User):
            context["previewed"] = getattr(request, "previewed", None) or _previewed(row, request.user)
            setattr(row, PREVIEWED, context["previewed"])
        return super().render_change_form(request, context, *args, **kwargs)


def _previewed(row: StrategyVersion, user: User) -> dict[str, Any]:
    now = clock.now()
    return looking.preview_of(row, looking.looker(user, now), user, now)
