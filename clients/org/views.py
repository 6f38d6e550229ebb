"""The switches that every page has: language, theme, market colours, 长辈版."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from clients.org import services
from clients.shared import display


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Note the one choice that was posted (`theme=dark`), on the account too when there is one, and go back."""
    choices = {name: request.POST[name] for name in display.CHOICES if request.POST.get(name) in display.CHOICES[name]}
    if request.user.is_authenticated and choices:
        services.choose_display(user=request.user, choices=choices)
    response = redirect(_back(request))
    display.remember(response, choices, secure=request.is_secure())
    return response


def _back(request: HttpRequest) -> str:
    """Return the path of the page the switch was on; the front page when the browser does not say."""
    referer = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(referer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"
