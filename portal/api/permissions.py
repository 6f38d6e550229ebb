"""Who may call the interface: clients, for their own rows only."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from clients.org.models import User


class IsClient(BasePermission):
    """A logged-in client; the rows themselves come through `access.scope`."""

    def has_permission(self, request: Request, view: Any) -> bool:
        user = request.user
        return bool(user.is_authenticated and user.is_active and user.kind == User.Kind.CLIENT)
