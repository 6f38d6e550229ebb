"""Addresses of the reports, under /desk/traits/."""

from django.urls import path

from portal.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.traits, name="traits"),
    path("<slug:name>/", views.trait, name="trait"),
]
