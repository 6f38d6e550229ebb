"""Declares the app to Django."""

from django.apps import AppConfig


class TaskqueueConfig(AppConfig):
    name = "advisory.taskqueue"
    label = "taskqueue"
