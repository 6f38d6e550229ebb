"""Going in without a password, where the house says that it is a demo."""

from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest

from advisory.inbox import selectors as inbox
from clients.org import selectors as org
from clients.register import selectors as register
from clients.register import services as register_services
from portal.demo.life.staff import ADMINISTRATOR, ADVISER, AUTHOR, BUSINESS, COMPLIANCE, OPERATOR, SUPERVISOR

STAFF_BACKEND = "clients.org.backends.StaffBackend"
CLIENT_BACKEND = "clients.register.backends.ClientBackend"
NAMED = {
    "adviser": ADVISER,
    "administrator": ADMINISTRATOR,
    "author": AUTHOR,
    "business": BUSINESS,
    "compliance": COMPLIANCE,
    "operator": OPERATOR,
    "supervisor": SUPERVISOR,
}


class NobodyThere(LookupError):
    """There is no such person in this branch."""


def enter(*, request: HttpRequest, who: str) -> Any:
    """This will open a session for a number of staff or client, or a name of NAMED, or `client`; the login.

    Only for a demo: the caller makes sure of that. Raises NobodyThere.
    """
    user, backend = _staff(NAMED.get(who, who)) or _client(who)
    login(request, user, backend=backend)
    return user


def _staff(number: str) -> tuple[Any, str] | None:
    person = org.staff_by_number(number)
    return (person.user, STAFF_BACKEND) if person and person.left_on is None else None


def _somebody() -> Any:
    return inbox.most_written_to() or register.first_with_login()


def _client(who: str) -> tuple[Any, str]:
    """A client with messages, where none is named; who has no login yet gets one without a password."""
    client = register.client_by_number(who) if who != "client" else _somebody()
    if client is None:
        raise NobodyThere(who)
    return client.user or register_services.open_login(client=client, password=None), CLIENT_BACKEND
