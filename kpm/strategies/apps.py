"""Declares the app to Django."""

from django.apps import AppConfig


class StrategiesConfig(AppConfig):
    name = "kpm.strategies"
    label = "strategies"
