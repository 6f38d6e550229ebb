"""Declares the app to Django."""

from django.apps import AppConfig


class PortraitConfig(AppConfig):
    name = "clients.portrait"
    label = "portrait"
