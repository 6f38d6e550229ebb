"""Declares the app to Django."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "advisory.dispatch"
    label = "dispatch"
