"""Declares the app to Django."""

from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "advisory.chat"
    label = "chat"
