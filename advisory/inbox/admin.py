"""The texts of messages to write, the messages themselves for compliance to look at."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from advisory.inbox import services
from advisory.inbox.models import Delivery, Message, MessageTemplate
from clients.register.admin import OfClientAdmin
from clients.shared.admin import HouseAdmin, HouseInline, Pressed, ReadOnly, button


class TemplateForm(forms.ModelForm):
    """A text; the next version of its code."""

    class Meta:
        model = MessageTemplate
        fields = ("code", "title", "body", "title_en", "body_en")


@admin.register(MessageTemplate)
class MessageTemplateAdmin(HouseAdmin):
    """Texts by code and version. A text is never changed: a new one becomes the next version and the active one."""

    form = TemplateForm
    list_display = ("code", "version", "title", "active")
    list_filter = ("active",)
    search_fields = ("code", "title")
    ordering = ("code", "-version")
    buttons = ("next_version",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*TemplateForm.Meta.fields, "version", "active") if obj else TemplateForm.Meta.fields

    def save_model(self, request: HttpRequest, obj: MessageTemplate, form: Any, change: bool) -> None:
        obj.pk = services.publish_template(**{name: form.cleaned_data[name] for name in TemplateForm.Meta.fields}).pk

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
