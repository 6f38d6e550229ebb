"""Declares the app to Django."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "advisory.inbox"
    label = "inbox"
