"""Declares the app to Django, and lets every app register the file kinds it owns."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class IntakeConfig(AppConfig):
    name = "clients.intake"
    label = "intake"

    def ready(self) -> None:
        """Import each app's `kinds.py`: importing one registers its kinds with the importer."""
        autodiscover_modules("kinds")
