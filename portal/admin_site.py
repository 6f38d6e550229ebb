"""The admin site: stock Django admin with our name, whose login is the staff login."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class HouseAdminSite(AdminSite):
    """One login for staff: the admin sends there instead of having a login of its own."""

    site_title = _("Wangting administration")
    site_header = _("Wangting administration")
    index_title = _("Configuration")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        wanted = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
        return redirect(f"{reverse('workbench:login')}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")


class HouseAdminConfig(AdminConfig):
    """Makes our site the default one."""

    default_site = "portal.admin_site.HouseAdminSite"
