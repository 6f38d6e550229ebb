"""The one definition of who may see which row (DESK 10) and at which level he sees a personal field (DOMAIN 8).

Deny by default: an unknown model, an unknown role, a client, an anonymous visitor get nothing. A model above takes
part by declaring `row_access = RowAccess(...)`, lookups written as strings, so nothing here imports a higher app.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q
from django.utils.module_loading import import_string

from clients.org import pools
from clients.org.models import Role, User
from clients.org.standing import Standing, standing_of
from clients.shared.masking import Level
from clients.shared.rowaccess import RowAccess

NOTHING = Q(pk__in=[])
EVERYTHING = ~NOTHING


def scope(user: User | AnonymousUser, model: type[Model], action: str = "view", *, now: datetime) -> Q:
    """Return the condition for the rows of `model` that `user` may `action` (view, work, change) at `now`.

    Object checks are `model.objects.filter(scope(...)).get(...)`; a failure is a 404, so nothing is told.
    """
    access: RowAccess | None = getattr(model, "row_access", None)
    if access is None or not user.is_authenticated or not user.is_active:
        return NOTHING
    if user.kind == User.Kind.CLIENT:
        return _own(user, access) if action == "view" else NOTHING
    who = standing_of(user)
    return _for_staff(who, access, action, now) if who else NOTHING


def _own(user: User, access: RowAccess) -> Q:
    lookup = access.on_client("user")
    return Q(**{lookup: user.pk}) if lookup else NOTHING


def _for_staff(who: Standing, access: RowAccess, action: str, now: datetime) -> Q:
    roles = who.roles(now)
    if access.configuration:
        return Q(**access.where) if roles & (CONFIGURING if action != "view" else CONFIGURING | READ_ONLY) else NOTHING
    allowed = NOTHING
    for role in sorted(roles):
        rule = RULES.get(role)
        if rule and (action == "view" or role not in READ_ONLY):
            allowed |= rule(who, access, now)
    return allowed & _not_hidden(who, access, roles, now) if allowed is not NOTHING else NOTHING


def _book(who: Standing, access: RowAccess, now: datetime) -> Q:
    """A manager's or adviser's own clients and work, and those of whom he covers."""
    people = [who.staff.pk, *who.covered(now)]
    allowed = _work(people, access) | _granted(who, access, now)
    if manager := access.on_client("manager"):
        allowed |= Q(**{f"{manager}__in": people})
    return allowed


def _manager(who: Standing, access: RowAccess, now: datetime) -> Q:
    return _book(who, access, now) | _unassigned(access, pools.of_team("client_manager", who.staff.branch.code))


def _adviser(who: Standing, access: RowAccess, now: datetime) -> Q:
    return _book(who, access, now) | _unassigned(access, f"adviser:{who.staff.branch.code}")


def _unassigned(access: RowAccess, pool: str) -> Q:
    """Work of a pool that is nobody's yet; the pages show only what a queue needs of it until it is claimed."""
    return Q(**{access.pool: pool, f"{access.assignee}__isnull": True}) if access.pool else NOTHING


def _call_centre(who: Standing, access: RowAccess, now: datetime) -> Q:
    """The call-centre pool and what was granted by an active claim; no book."""
    allowed = _work([who.staff.pk], access) | _granted(who, access, now)
    return allowed | Q(**{access.pool: "call_centre"}) if access.pool else allowed


def _subtree(who: Standing, access: RowAccess, now: datetime) -> Q:
    lookup = access.branch or access.on_client("branch")
    below = Q(**{f"{lookup}__path__startswith": who.staff.branch.path}) if lookup else NOTHING
    return below | _granted(who, access, now)


def _operations(who: Standing, access: RowAccess, now: datetime) -> Q:
    """All service work of the house, and of the clients only those granted by a claim."""
    return EVERYTHING if access.work else _granted(who, access, now)


def _all(who: Standing, access: RowAccess, now: datetime) -> Q:
    return EVERYTHING


RULES: dict[str, Callable[[Standing, RowAccess, datetime], Q]] = {
    Role.MANAGER: _manager,
    Role.ADVISER: _adviser,
    Role.CALL_CENTRE: _call_centre,
    Role.SUPERVISOR: _subtree,
    Role.SERVICE_OPS: _operations,
    Role.COMPLIANCE: _all,
}
# Those of the strategies look at configuration and write what the backend lets them; they see no clients by it.
OF_STRATEGIES: set[str] = {Role.STRATEGY_AUTHOR, Role.BRANCH_AUTHOR, Role.BUSINESS_APPROVER, Role.OPERATOR}
CONFIGURING: set[str] = {Role.ADMINISTRATOR, Role.SERVICE_OPS} | OF_STRATEGIES
READ_ONLY: set[str] = {Role.COMPLIANCE}


def _work(people: Iterable[int], access: RowAccess) -> Q:
    allowed = NOTHING
    for lookup in (access.assignee, access.worker):
        if lookup:
            allowed |= Q(**{f"{lookup}__in": list(people)})
    return allowed


def _granted(who: Standing, access: RowAccess, now: datetime) -> Q:
    lookup = access.on_client("pk")
    allowed = NOTHING
    for path in settings.ROW_GRANTS if lookup else []:
        allowed |= Q(**{f"{lookup}__in": import_string(path)(who.staff, now)})
    return allowed


def _not_hidden(who: Standing, access: RowAccess, roles: set[str], now: datetime) -> Q:
    """Nobody sees his own account; sensitive clients only by grant, as their branch's head, or for compliance."""
    sensitive, number = access.on_client("sensitive"), access.on_client("client_no")
    if not sensitive:
        return EVERYTHING
    open_to = Q(**{sensitive: False}) | _granted(who, access, now)
    if Role.COMPLIANCE in roles:
        open_to = EVERYTHING
    elif Role.SUPERVISOR in roles:
        open_to |= Q(**{str(access.on_client("branch")): who.staff.branch_id})
    own = Q(**{str(number): who.staff.own_client_no}) if who.staff.own_client_no else NOTHING
    return open_to & ~own


# DOMAIN 8, the columns of the roles that exist here, and DESK 10 for HQ operations; a pair that is not listed is
# absent. Of risk answers, "level only" is the band.
F, M, R, B = Level.FULL, Level.MASKED, Level.REVEAL, Level.BAND
FIELD_LEVELS: dict[str, dict[str, Level]] = {
    "name": {
        "client": F, "manager": F, "adviser": F, "call_centre": F, "supervisor": F, "compliance": F, "service_ops": M,
    },
    "mobile": {"client": M, "manager": R, "adviser": R, "call_centre": R, "supervisor": R, "compliance": R},
    "id_no": {"client": M, "compliance": R},
    "bank_card": {"client": M, "compliance": R},
    "address": {
        "client": F, "manager": M, "adviser": M, "call_centre": M, "supervisor": M, "compliance": R, "analyst": B,
    },
    "email": {
        "client": F, "manager": M, "adviser": M, "call_centre": M, "supervisor": M, "compliance": R, "analyst": B,
    },
    "assets": {
        "client": F, "manager": F, "adviser": F, "call_centre": B, "supervisor": F, "compliance": F, "analyst": B,
    },
    "risk_answers": {
        "client": F, "manager": B, "adviser": B, "call_centre": B, "supervisor": B, "compliance": F, "analyst": B,
    },
    "aml_level": {"compliance": F},
    # What was concluded of him, and what he did on screen, which it is concluded from.
    "traits": {
        "client": F, "manager": F, "adviser": F, "supervisor": F, "compliance": F, "analyst": B,
    },
}  # fmt: skip
OPENNESS = [Level.FULL, Level.REVEAL, Level.MASKED, Level.BAND, Level.ABSENT]


def field_level(user: User | AnonymousUser, field: str, *, now: datetime) -> Level:
    """Return how openly `user` sees the personal field; of several roles the most open one counts."""
    known = FIELD_LEVELS.get(field, {})
    if not user.is_authenticated or not user.is_active:
        return Level.ABSENT
    if user.kind == User.Kind.CLIENT:
        return known.get("client", Level.ABSENT)
    who = standing_of(user)
    levels = [known.get(role, Level.ABSENT) for role in (who.roles(now) if who else set())]
    return min(levels, key=OPENNESS.index, default=Level.ABSENT)
