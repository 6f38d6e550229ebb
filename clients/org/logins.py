"""Logging in and out, the same for both doors: clients at /login/, staff at /desk/login/."""

from django.contrib.auth import authenticate, login
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from clients.org.models import User
from clients.shared import display


def log_in(request: HttpRequest, *, kind: str, username: str, password: str) -> User | None:
    """This will open a session for a login of this kind, or return None, whatever the reason."""
    user = who_is(request, kind=kind, username=username, password=password)
    if user is not None:
        login(request, user)
    return user


def who_is(request: HttpRequest, *, kind: str, username: str, password: str) -> User | None:
    """Return whose name and password these are, if he belongs at this door; None, whatever the reason.

    The right password at the wrong door counts as a failure like any other and costs the same work, so that the
    answer and its time tell nothing.
    """
    username = username.strip()
    user = authenticate(request, username=username, password=password)
    if user is None:
        return None
    if user.kind != kind:
        User().set_password(password)
        user_login_failed.send(sender=__name__, credentials={"username": username}, request=request)
        return None
    return user


def welcome(request: HttpRequest, user: User, *, otherwise: str) -> HttpResponse:
    """This will send a person who has just logged in to where he was going, looking as he chose."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    response = redirect(target if safe else otherwise)
    choices = {**user.display, "language": user.language}
    display.remember(response, choices, secure=request.is_secure())
    return response
