"""Declares the app to Django."""

from django.apps import AppConfig


class SharedConfig(AppConfig):
    name = "clients.shared"
    label = "shared"
