"""Declares the app to Django."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "clients.register"
    label = "register"
