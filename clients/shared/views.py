"""Answers that every floor gives alike."""

from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def locked_out(request: HttpRequest, answer: Any = None, *args: Any) -> HttpResponse:
    """Too many failed logins: say so, and when to come back; never which part was wrong. Programs get it as JSON."""
    if isinstance(answer, HttpResponse) and answer.headers.get("Content-Type") == "application/json":
        return JsonResponse({"detail": _("Too many attempts")}, status=429)
    return render(request, "locked_out.html", status=429)


def health(request: HttpRequest) -> HttpResponse:
    """200 while the database answers; load balancers and `manage.py up` ask it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400 in the house's look."""
    return render(request, "error.html", {"code": 400}, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 in the house's look."""
    return render(request, "error.html", {"code": 403}, status=403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose page was open too long, or that came from elsewhere."""
    return render(request, "error.html", {"code": 403, "stale": True}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 in the house's look; also the answer for a row that this person may not see."""
    return render(request, "error.html", {"code": 404}, status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """500 in the house's look: no traceback reaches a person."""
    return render(request, "error.html", {"code": 500}, status=500)
