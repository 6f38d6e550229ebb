"""Addresses of the studio, under /kpm/strategies/."""

from django.urls import path

from kpm.strategies.studio import views

app_name = "studio"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("words/", views.vocabulary, name="words"),
    path("<str:code>/", views.author, name="author"),
    path("<str:code>/draft/", views.draft, name="draft"),
    path("<str:code>/check/", views.check, name="check"),
    path("<str:code>/preview/", views.preview, name="preview"),
    path("<str:code>/estimate/", views.guess, name="estimate"),
]
