"""The admin site: stock Django admin with our name, whose login is the staff login."""

from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.db.models.base import ModelBase
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

# Whose tables are shown beside those of the house. Tokens, groups and the lockout's own tables are nobody's business.
GUESTS = {"django_celery_beat"}


class HouseAdminSite(AdminSite):
    """One login for staff: the admin sends there instead of having a login of its own.

    It is open to those whose roles configure or audit something; for others there is no such page.
    """

    site_title = _("Wangting administration")
    site_header = _("Wangting administration")
    index_title = _("Configuration")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Leave out what packages bring that this house does not use."""
        models = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else model_or_iterable
        shown = [model for model in models if self._is_shown(model)]
        super().register(shown, admin_class, **options)

    def _is_shown(self, model: Any) -> bool:
        return model._meta.app_label in GUESTS or hasattr(model, "row_access")

    def has_permission(self, request: HttpRequest) -> bool:
        labels = {model._meta.app_label for model in self._registry}
        return super().has_permission(request) and any(request.user.has_module_perms(label) for label in labels)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Refuse at once whom the login could not help: clients hear of no such page, staff of no right to it."""
        inner = super().admin_view(view, cacheable)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                if not request.user.is_staff:
                    raise Http404
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return guarded

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        wanted = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
        return redirect(f"{reverse('workbench:login')}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")


class HouseAdminConfig(AdminConfig):
    """Makes our site the default one."""

    default_site = "portal.admin_site.HouseAdminSite"
