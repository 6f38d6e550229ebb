"""Write keys: made here and shown once, revoked here."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from clients.org.requests import person
from clients.shared import clock
from clients.shared.admin import HouseAdmin, Pressed, button
from portal.collect import letters, overview, services
from portal.collect.forms import KeyForm
from portal.collect.models import WriteKey


@admin.register(WriteKey)
class WriteKeyAdmin(HouseAdmin):
    """Who may send events. A key is never changed: it is revoked, and another one is made."""

    form = KeyForm
    list_display = ("name", "platform", "kind", "created_by", "created_at", "revoked_at")
    list_filter = ("platform", "kind", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("created_by",)
    search_fields = ("name",)
    ordering = ("revoked_at", "name")
    buttons = ("revoke",)
    refusals = (services.AlreadyRevoked,)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.dead_letters)
        return [path("dead-letters/", view, name="collect_dead_letters"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The keys, under how capture stands."""
        return super().changelist_view(request, {"capture": overview.standing(clock.now()), **(extra_context or {})})

    @method_decorator(require_safe)
    def dead_letters(self, request: HttpRequest) -> HttpResponse:
        """The newest events that could not be taken, with the reason."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        said = {"title": _t("Events that could not be taken"), "letters": letters.newest(), "opts": self.opts}
        return render(request, "admin/collect/dead_letters.html", {**self.admin_site.each_context(request), **said})

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def may_press(self, request: HttpRequest, row: WriteKey) -> bool:
        return bool(self.has_add_permission(request))

    def shown_buttons(self, request: HttpRequest, row: WriteKey) -> Iterable[str]:
        return self.buttons if row.revoked_at is None else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        signed = ("value", "created_by", "created_at", "revoked_by", "revoked_at")
        return (*KeyForm.Meta.fields, *signed) if obj else KeyForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj) if obj else ()

    def save_model(self, request: HttpRequest, obj: WriteKey, form: Any, change: bool) -> None:
        said = {name: form.cleaned_data[name] for name in KeyForm.Meta.fields}
        row, text = services.make_key(**said, by=person(request), now=clock.now())
        obj.pk = row.pk
        if row.kind == WriteKey.Kind.SERVER:
            told = _t("The key, shown only this once: %(key)s") % {"key": text}
            self.message_user(request, told, messages.WARNING)

    @button(_("Revoke"))
    def revoke(self, request: HttpRequest, row: WriteKey) -> Pressed:
        """End the key."""
        services.revoke(key=row, by=person(request), now=clock.now())
        return _t("Revoked. Servers learn of it within seconds.")
