"""How clients log in: account number or mobile, and password."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db.models import QuerySet
from django.http import HttpRequest

from clients.org.models import User
from clients.register.models import OWN_PREFIX, Account, Client
from clients.shared.encrypted import blind_index


class ClientBackend(BaseBackend):
    """Finds the client by client number, account or mobile. A name that several clients have logs none of them in."""

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
        """Return the login behind a client number, account number or mobile; None unless it belongs to one client.

        Who has no login counts too: a name that stands for two people identifies neither. The first way that knows
        the name decides, so nobody shuts another out by giving that one's client number as his mobile. The mobile of
        a lead is what a visitor typed, and nobody has verified it: it neither finds him nor stands in another's way.
        """
        if not name:
            return None
        found = [list(clients.select_related("user")[:2]) for clients in self._ways(name)]  # always all: the same work
        known = next((clients for clients in found if clients), [])
        return known[0].user if len(known) == 1 else None

    def _ways(self, name: str) -> tuple[QuerySet[Client], ...]:
        return (
            Client.objects.filter(client_no=_number(name)),
            Client.objects.filter(pk__in=Account.objects.filter(account_no=name).values("client_id")),
            Client.objects.filter(mobile_index=blind_index(name)).exclude(status=Client.Status.LEAD),
        )


def _number(name: str) -> str:
    """Numbers of our own series may be typed in small letters; others are what the trading system wrote."""
    return name.upper() if name.upper().startswith(OWN_PREFIX) and name[len(OWN_PREFIX) :].isdigit() else name


def counted_as(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Return the name under which failed logins are counted: one for all the names that a client logs in by."""
    name = str((credentials or {}).get("username") or request.POST.get("username", ""))
    user = ClientBackend().find(name.strip())
    return user.login if user else name
