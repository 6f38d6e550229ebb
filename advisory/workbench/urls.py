"""Addresses of the desk, under /desk/."""

from django.urls import path

from advisory.workbench import views
from advisory.workbench.client import views as client
from advisory.workbench.segments import views as segments
from advisory.workbench.supervisor import views as supervisor

app_name = "workbench"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("login/", views.login, name="login"),
    path("logout/", views.log_out, name="logout"),
    path("next/", views.claim_next, name="next"),
    path("super/", supervisor.overview, name="super"),
    path("clients/<int:pk>/", client.show, name="client"),
    path("clients/<int:pk>/reveal/<slug:field>/", client.reveal, name="client_reveal"),
    path("clients/<int:pk>/moves/", client.moves, name="client_moves"),
    path("segments/", segments.overview, name="segments"),
    path("segments/<int:number>/", segments.segment, name="segment"),
    path("segments/<int:number>/change/", segments.change, name="segment_change"),
    path("segments/<int:number>/delete/", segments.delete, name="segment_delete"),
    path("segments/<int:number>/ask/", segments.ask, name="segment_ask"),
    path("segments/lists/<int:number>/decide/", segments.decide, name="segment_decide"),
    path("segments/lists/<int:number>/take/", segments.take, name="segment_take"),
    path("components/", views.components, name="components"),
    path("t/<uuid:uid>/", views.task, name="task"),
    path("t/<uuid:uid>/claim/", views.claim, name="claim"),
    path("t/<uuid:uid>/release/", views.release, name="release"),
    path("t/<uuid:uid>/finish/", views.finish, name="finish"),
]
