"""Branches, staff, roles and logins to configure; and the base of every page that shows rows of clients."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from clients.org import services
from clients.org.hire_form import HireForm
from clients.org.models import AccessLog, Branch, Cover, Licence, Staff, StaffRole, User
from clients.shared import clock
from clients.shared.admin import HouseAdmin, HouseInline, ReadOnly


class ClientDataAdmin(ReadOnly, HouseAdmin):
    """Rows about clients: looked at by those whose role reads them, each opening written down.

    With `search_first` a list stays empty until something is searched: nobody leafs through millions of trades.
    """

    search_first = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.none() if self._must_search(request) else rows

    def _must_search(self, request: HttpRequest) -> bool:
        match = request.resolver_match
        is_list = match is not None and str(match.url_name).endswith("_changelist")
        return self.search_first and is_list and not request.GET.get("q")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if row is not None:
            self._note(request, row)
        return super().change_view(request, object_id, form_url, extra_context)

    def _note(self, request: HttpRequest, row: Model) -> None:
        staff, client_id = Staff.objects.filter(user=request.user.pk).first(), client_of(row)
        if staff and client_id:
            services.log_access(
                staff=staff, client_id=client_id, action="admin", field=row._meta.label, now=clock.now(),
                ip=request.META.get("REMOTE_ADDR") or None,
            )  # fmt: skip


def client_of(row: Model) -> int | None:
    """Return the number of the client that a row is about, along its `row_access`."""
    path = row.row_access.on_client("pk")  # type: ignore[attr-defined]
    found: Any = row
    for step in path.split("__") if path else ():
        found = getattr(found, step, None)
    return found if path else None


@admin.register(Branch)
class BranchAdmin(HouseAdmin):
    """Branches and what they lie below."""

    list_display = ("code", "name", "parent")
    search_fields = ("code", "name")
    ordering = ("path",)
    autocomplete_fields = ("parent",)


class RoleInline(HouseInline):
    """The roles of a person, from a day to a day. Nobody gives himself a role."""

    model = StaffRole
    deletable = True

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return _another(request, *args) and super().has_add_permission(request, *args)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _another(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _another(request, obj) and super().has_delete_permission(request, obj)


def _another(request: HttpRequest, person: Staff | None = None) -> bool:
    return person is None or person.user_id != request.user.pk


class LicenceInline(HouseInline):
    """The licences of a person."""

    model = Licence


@admin.register(Staff)
class StaffAdmin(HouseAdmin):
    """Staff. A new one is hired with his login and roles in one step."""

    list_display = ("staff_no", "name", "branch", "role_names", "status", "left_on")
    list_filter = ("branch", "status")
    list_select_related = ("branch",)
    search_fields = ("staff_no", "name")
    ordering = ("staff_no",)
    autocomplete_fields = ("branch",)
    fields = ("staff_no", "name", "branch", "phone", "status", "seat_cap", "own_client_no", "left_on")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("roles")

    @admin.display(description=_("Roles"))
    def role_names(self, row: Staff) -> str:
        """The roles a person holds today."""
        day = clock.shanghai_day(clock.now())
        begun = [role for role in row.roles.all() if role.valid_from <= day]
        return ", ".join(str(role.get_role_display()) for role in begun if not role.valid_to or role.valid_to >= day)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = HireForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        hiring = ("staff_no", "name", "branch", "roles", "on", "adviser_licence", "password")
        return self.fields if obj else hiring

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("staff_no",) if obj else ()

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return [RoleInline, LicenceInline] if obj else []

    def save_model(self, request: HttpRequest, obj: Staff, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        names = ("staff_no", "name", "branch", "roles", "on", "adviser_licence", "password")
        hired = services.hire(**{name: form.cleaned_data[name] for name in names})
        obj.pk, obj.user = hired.pk, hired.user


class StaffLoginForm(UserChangeForm):
    """What of a login may be changed: whether it is open."""

    class Meta:
        model = User
        fields = ("is_active",)


@admin.register(User)
class LoginAdmin(HouseAdmin, UserAdmin):
    """The logins of staff: closed and opened again here, their passwords set anew. Those of clients are not shown."""

    form = StaffLoginForm
    list_display = ("login", "is_active", "last_login")
    list_filter = ("is_active",)
    search_fields = ("login",)
    ordering = ("login",)
    filter_horizontal = ()
    fieldsets = ((None, {"fields": ("login", "password", "is_active", "last_login")}),)
    readonly_fields = ("login", "last_login")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Cover)
class CoverAdmin(HouseAdmin):
    """Who stands in for whom, and when."""

    list_display = ("absent", "cover", "starts_at", "ends_at")
    list_select_related = ("absent", "cover")
    search_fields = ("absent__staff_no", "absent__name", "cover__staff_no", "cover__name")
    ordering = ("-starts_at",)
    autocomplete_fields = ("absent", "cover")
    deletable = True


@admin.register(AccessLog)
class AccessLogAdmin(ReadOnly, HouseAdmin):
    """Who looked at whom."""

    list_display = ("at", "staff", "client_id", "action", "field", "reason")
    list_filter = ("action",)
    list_select_related = ("staff",)
    search_fields = ("=client_id", "staff__staff_no")
    ordering = ("-pk",)
