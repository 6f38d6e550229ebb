"""Declares the app to Django."""

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "advisory.workbench"
    label = "workbench"
