"""What a view behind a guard may rely on: somebody has logged in, and htmx has said whether it asks."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from clients.org.models import User


class UserRequest(HttpRequest):
    """A request of a person who has logged in (only a type; requests are not made of it)."""

    user: User
    htmx: HtmxDetails


def person(request: HttpRequest) -> User:
    """Return who is at an admin page; the admin lets nobody else in than logins of the house."""
    assert isinstance(request.user, User)
    return request.user
