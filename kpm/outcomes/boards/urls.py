"""Addresses of the board of strategies, under /kpm/board/."""

from django.urls import path

from kpm.outcomes.boards import views

app_name = "board"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("<str:code>/", views.strategy, name="strategy"),
]
