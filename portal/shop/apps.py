"""Declares the app to Django."""

from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "portal.shop"
    label = "shop"
