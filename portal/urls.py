"""Every address of the house. Staff pages live under /desk/, the admin under /admin/."""

from django.contrib import admin
from django.urls import include, path

from clients.shared import views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
]

handler400 = "clients.shared.views.bad_request"
handler403 = "clients.shared.views.forbidden"
handler404 = "clients.shared.views.not_found"
handler500 = "clients.shared.views.failed"
