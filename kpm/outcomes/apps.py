"""Declares the app to Django."""

from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "kpm.outcomes"
    label = "outcomes"
