"""Declares the app to Django."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "clients.ledger"
    label = "ledger"
