"""Declares the app to Django."""

from django.apps import AppConfig


class NewsConfig(AppConfig):
    name = "kpm.news"
    label = "news"
