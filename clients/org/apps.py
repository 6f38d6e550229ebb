"""Declares the app to Django."""

from django.apps import AppConfig


class OrgConfig(AppConfig):
    name = "clients.org"
    label = "org"
