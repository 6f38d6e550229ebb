"""Addresses of success cases, under /kpm/cases/."""

from django.urls import path

from kpm.outcomes.cases import views

app_name = "cases"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("new/", views.new, name="new"),
    path("<int:number>/", views.case, name="case"),
    path("<int:number>/search/", views.search, name="search"),
    path("<int:number>/draft/", views.draft, name="draft"),
]
