"""Declares the app to Django."""

from django.apps import AppConfig


class CollectConfig(AppConfig):
    name = "portal.collect"
    label = "collect"
