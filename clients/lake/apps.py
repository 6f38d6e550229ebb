"""Declares the app to Django, and lets every app declare the tables it mirrors into the lake."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class LakeConfig(AppConfig):
    name = "clients.lake"
    label = "lake"

    def ready(self) -> None:
        """Import each app's `mirrors.py`: importing one declares its tables to the lake."""
        autodiscover_modules("mirrors")
