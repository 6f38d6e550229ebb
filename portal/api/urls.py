"""Addresses of the interface, under /api/."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from portal.api import views

app_name = "api"
urlpatterns = [
    path("v1/token", views.TokenView.as_view(), name="token"),
    path("v1/me", views.MeView.as_view(), name="me"),
    path("v1/me/messages", views.MessagesView.as_view(), name="messages"),
    path("v1/me/holdings", views.HoldingsView.as_view(), name="holdings"),
    path("v1/schema", SpectacularAPIView.as_view(), name="schema"),
    path(
        "v1/schema/view",
        SpectacularSwaggerSplitView.as_view(url_name="api:schema", template_name="portal/api/viewer.html"),
        name="viewer",
    ),
]
