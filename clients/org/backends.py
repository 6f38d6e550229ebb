"""How staff log in, and what their roles allow them to configure."""

from typing import Any

from django.apps import apps
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from clients.org.models import Role, Staff, User
from clients.org.standing import carry, standing_of
from clients.shared import clock

# In which apps a role may configure the tables without client data, and which apps it may read whole (DESK 10).
CONFIGURES: dict[str, set[str]] = {
    Role.ADMINISTRATOR: {
        "org",
        "market",
        "outcomes",
        "register",
        "strategies",
        "inbox",
        "taskqueue",
        "django_celery_beat",
        "intake",
        "shared",
        "collect",
    },
    Role.SERVICE_OPS: {"strategies", "outcomes", "inbox", "taskqueue"},
}
READS: dict[str, set[str]] = {
    Role.COMPLIANCE: {
        "behaviour",
        "collect",
        "dispatch",
        "inbox",
        "intake",
        "ledger",
        "market",
        "news",
        "org",
        "outcomes",
        "register",
        "strategies",
        "taskqueue",
    },
}
# The groups of the strategies (STRATEGY 8): which tables without client data they look at, and which they also write.
WRITES: dict[str, set[str]] = {
    Role.STRATEGY_AUTHOR: {"strategies.strategy", "strategies.strategyversion", "strategies.rolloutstep"},
    Role.BRANCH_AUTHOR: {"strategies.strategy", "strategies.strategyversion", "strategies.rolloutstep"},
    Role.BUSINESS_APPROVER: set(),
    Role.OPERATOR: {"strategies.servicestop"},
}
LOOKS_AT = {"strategies", "outcomes"}
FOREIGN = {"django_celery_beat"}  # tables of others: they cannot declare row_access, and know no clients


class StaffBackend(BaseBackend):
    """Logs in by staff number and password; grants admin permissions by role, deny by default."""

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **kwargs: Any
    ) -> User | None:
        user = User.objects.filter(login=username, kind=User.Kind.STAFF).first()
        if user is None:
            User().set_password(password)  # the same work for an unknown number, so that time tells nothing
            return None
        return user if user.check_password(password) and self.may_log_in(user) else None

    def may_log_in(self, user: User) -> bool:
        """Whether the login is active and its owner still works here."""
        return user.is_active and Staff.objects.filter(user=user, left_on__isnull=True).exists()

    def get_user(self, user_id: int) -> User | None:
        """Return the owner of a session with his standing; a closed login is out at once, and so is who has left."""
        here = User.objects.filter(staff__isnull=False, staff__left_on__isnull=True).select_related("staff__branch")
        found = here.filter(pk=user_id, is_active=True, kind=User.Kind.STAFF).first()
        return carry(found) if found else None

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether a role allows `app.verb_model`; nobody adds, changes or deletes client data by permission."""
        app, _, codename = perm.partition(".")
        roles = self._roles(user_obj)
        if self._is_configuration(app, codename) and any(app in CONFIGURES.get(role, ()) for role in roles):
            return True
        if self._is_configuration(app, codename) and any(_of_strategies(role, app, codename) for role in roles):
            return True
        return codename.startswith("view_") and any(app in READS.get(role, ()) for role in roles)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        roles = self._roles(user_obj)
        if app_label in LOOKS_AT and roles & WRITES.keys():
            return True
        return any(app_label in CONFIGURES.get(r, set()) | READS.get(r, set()) for r in roles)

    def _is_configuration(self, app: str, codename: str) -> bool:
        """Whether the table behind a permission holds no client data; a table that does not say so does."""
        if app in FOREIGN:
            return True
        _verb, _, name = codename.partition("_")
        model = apps.all_models[app].get(name)
        access = getattr(model, "row_access", None)
        return access is not None and access.configuration

    def _roles(self, user: Any) -> set[str]:
        who = standing_of(user) if user.is_active else None
        return who.roles(clock.now()) if who else set()


def _of_strategies(role: str, app: str, codename: str) -> bool:
    """Whether a role of the strategies looks at a table, or adds and changes rows of it; it deletes none."""
    if role not in WRITES or app not in LOOKS_AT:
        return False
    verb, _, name = codename.partition("_")
    return verb == "view" or (verb in ("add", "change") and f"{app}.{name}" in WRITES[role])
