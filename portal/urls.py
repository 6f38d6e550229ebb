"""Every address of the house. Staff pages live under /desk/, the admin under /admin/."""

from django.contrib import admin
from django.urls import include, path

from clients.org import views as org
from clients.shared import views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("admin/", admin.site.urls),
    path("display/", org.switch, name="switch"),
    path("api/", include("portal.api.urls")),
    path("desk/events/", include("portal.collect.urls")),
    path("desk/traits/", include("portal.reports.urls")),
    path("desk/", include("advisory.workbench.urls")),
    path("kpm/board/", include("kpm.outcomes.boards.urls")),
    path("kpm/cases/", include("kpm.outcomes.cases.urls")),
    path("kpm/strategies/", include("kpm.strategies.explaining.urls")),
    path("kpm/strategies/", include("kpm.strategies.studio.urls")),
    path("demo/", include("portal.demo.urls")),
    path("", include("portal.home.urls")),
]

handler400 = "clients.shared.views.bad_request"
handler403 = "clients.shared.views.forbidden"
handler404 = "clients.shared.views.not_found"
handler500 = "clients.shared.views.failed"
