"""Addresses of the demo, under /demo/; they answer 404 where the house is no demo."""

from django.urls import path

from portal.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.index, name="index"),
    path("in/", views.enter, name="enter"),
    path("fact/", views.fact, name="fact"),
]
