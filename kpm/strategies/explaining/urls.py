"""Addresses of explanations, under /kpm/strategies/."""

from django.urls import path

from kpm.strategies.explaining import views

app_name = "explaining"
urlpatterns = [path("<str:code>/explain/", views.explain, name="explain")]
