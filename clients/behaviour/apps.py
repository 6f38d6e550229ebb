"""Declares the app to Django."""

from django.apps import AppConfig


class BehaviourConfig(AppConfig):
    name = "clients.behaviour"
    label = "behaviour"
