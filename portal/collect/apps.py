"""Declares the app to Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CollectConfig(AppConfig):
    name = "portal.collect"
    label = "collect"
    verbose_name = _("Event collector")
