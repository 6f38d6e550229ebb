"""Declares the app to Django."""

from django.apps import AppConfig


class AdviceConfig(AppConfig):
    name = "advisory.advice"
    label = "advice"
