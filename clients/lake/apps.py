"""Declares the app to Django."""

from django.apps import AppConfig


class LakeConfig(AppConfig):
    name = "clients.lake"
    label = "lake"
