"""Declares the app to Django."""

from django.apps import AppConfig


class MarketConfig(AppConfig):
    name = "clients.market"
    label = "market"
