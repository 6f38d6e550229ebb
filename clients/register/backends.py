"""How clients log in: account number or mobile, and password."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from clients.org.models import User
from clients.register.models import Account, Client
from clients.shared.encrypted import blind_index


class ClientBackend(BaseBackend):
    """Finds the client by fund account, client number or mobile. A mobile shared by several logs none of them in."""

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **kwargs: Any
    ) -> User | None:
        user = self.find(username.strip())
        if user is None:
            User().set_password(password)  # the same work for an unknown name, so that time tells nothing
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        """Return the owner of a session; a login that was closed is out at once."""
        return User.objects.filter(pk=user_id, is_active=True, kind=User.Kind.CLIENT).first()

    def find(self, name: str) -> User | None:
        """Return the login behind a client number, account number or mobile; None unless it is exactly one."""
        if not name:
            return None
        for clients in (
            Client.objects.filter(client_no=name),
            Client.objects.filter(pk__in=Account.objects.filter(account_no=name).values("client_id")),
            Client.objects.filter(mobile_index=blind_index(name)),
        ):
            found = list(clients.filter(user__isnull=False).select_related("user")[:2])
            if len(found) == 1:
                return found[0].user
        return None


def counted_as(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Return the name under which failed logins are counted: one for all the names that a client logs in by."""
    name = str((credentials or {}).get("username") or request.POST.get("username", ""))
    user = ClientBackend().find(name.strip())
    return user.login if user else name
