"""The texts of messages to write, the messages themselves for compliance to look at."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from advisory.inbox import texts
from advisory.inbox.models import Delivery, Message, MessageTemplate
from clients.org.requests import person
from clients.register.admin import OfClientAdmin
from clients.shared import clock
from clients.shared.admin import HouseAdmin, HouseInline, Pressed, ReadOnly, button


class TemplateForm(forms.ModelForm):
    """A text; the next version of its code."""

    class Meta:
        model = MessageTemplate
        fields = ("code", "title", "body", "title_en", "body_en")


@admin.register(MessageTemplate)
class MessageTemplateAdmin(HouseAdmin):
    """Texts by code and version. A text is never changed: a new one is the next version, which compliance publishes."""

    form = TemplateForm
    list_display = ("code", "version", "title", "active", "author", "published_by", "published_at")
    list_filter = ("active", ("published_at", admin.EmptyFieldListFilter))
    list_select_related = ("author", "published_by")
    search_fields = ("code", "title")
    ordering = ("code", "-version")
    signatures = ("version", "active", "author", "written_at", "published_by", "published_at")
    buttons = ("publish", "next_version")
    refusals = (texts.CannotPublish,)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*TemplateForm.Meta.fields, *self.signatures) if obj else TemplateForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj) if obj else ()

    def save_model(self, request: HttpRequest, obj: MessageTemplate, form: Any, change: bool) -> None:
        said = {name: form.cleaned_data[name] for name in TemplateForm.Meta.fields}
        obj.pk = texts.write_template(**said, by=person(request), now=clock.now()).pk

    def may_press(self, request: HttpRequest, row: MessageTemplate) -> bool:
        """Which button somebody may use is decided by `shown_buttons` and by the service."""
        return bool(self.has_view_permission(request, row))

    def shown_buttons(self, request: HttpRequest, row: MessageTemplate) -> Iterable[str]:
        if row.published_at is None and texts.may_publish(row, person(request), clock.now()):
            yield "publish"
        if self.has_add_permission(request):
            yield "next_version"

    @button(_("Publish"))
    def publish(self, request: HttpRequest, row: MessageTemplate) -> Pressed:
        """Let clients read the text from now on."""
        published = texts.publish_template(template=row, by=person(request), now=clock.now())
        return _t("%(version)s is published.") % {"version": published}

    @button(_("Write the next version"))
    def next_version(self, request: HttpRequest, row: MessageTemplate) -> Pressed:
        """Open the form with this text."""
        text = {name: getattr(row, name) for name in TemplateForm.Meta.fields}
        return redirect(f"{reverse('admin:inbox_messagetemplate_add')}?{urlencode(text)}")


class DeliveryInline(ReadOnly, HouseInline):
    """What became of a message on each channel."""

    model = Delivery


@admin.register(Message)
class MessageAdmin(OfClientAdmin):
    """What clients were told."""

    list_display = ("created_at", "client", "title", "purpose", "strategy_code", "read_at")
    inlines = (DeliveryInline,)
