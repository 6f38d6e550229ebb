"""Declares the app to Django."""

from django.apps import AppConfig, apps

from clients.shared import glossary


class SharedConfig(AppConfig):
    name = "clients.shared"
    label = "shared"

    def ready(self) -> None:
        """All models are loaded by now, so all can be named."""
        glossary.give_names(apps.get_app_configs())
