"""The pages for everybody: the front page, registration, and the privacy notice."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients.org import logins
from clients.org.models import User
from clients.portrait import parameters
from clients.register import selectors as people
from clients.register import services as register_services
from clients.register.models import Registration
from clients.shared import addresses, clock
from portal.collect import tracking
from portal.home import limits
from portal.home.forms import RegistrationForm

NEAR = 12  # branches that are shown at once; the others wait behind a fold


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What the online branch does, its two doors, where the branches are, and what is recorded."""
    branches = list(people.open_branches())
    return render(request, "portal/home/front.html", {"near": branches[:NEAR], "others": branches[NEAR:]})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is recorded of people here, why, who sees it and what they can ask for."""
    values = {"version": _privacy_version(), "recorded": not tracking.is_silent(request)}
    return render(request, "portal/home/privacy.html", values)


@require_POST
def recording(request: HttpRequest) -> HttpResponse:
    """Keep whether visits by this browser may be recorded while nobody is logged in."""
    response = redirect("home:privacy")
    tracking.remember_choice(response, record=request.POST.get("record") == "yes", secure=request.is_secure())
    return response


@never_cache
@ensure_csrf_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Make a visitor a lead of the branch he chooses, and let him in."""
    if request.user.is_authenticated:
        return redirect("home:home")
    form = RegistrationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _registered(request, form)
    return render(request, "portal/home/register.html", {"form": form}, status=422 if form.errors else 200)


def _registered(request: HttpRequest, form: RegistrationForm) -> HttpResponse:
    """Only whole forms count, one sent twice too; whether a number was known is not looked at."""
    person = form.person()
    if not _may_register(request):
        return render(request, "portal/home/too_many.html", status=429)
    consents, source = form.consents(_privacy_version()), Registration.Source.WEB
    try:
        lead = register_services.register_lead(**person, consents=consents, source=source, by=None, now=clock.now())
    except register_services.KeyUsed:
        return render(request, "portal/home/register.html", {"form": form.anew()}, status=422)
    user = logins.log_in(request, kind=User.Kind.CLIENT, username=lead.client_no, password=person["password"])
    return redirect("home:home" if user else "home:login")


def _may_register(request: HttpRequest) -> bool:
    address = addresses.of(request) or "unknown"
    return limits.spend("registration", address, most=settings.REGISTRATIONS_PER_HOUR)


def _privacy_version() -> str:
    """The version that is in force today: the same that the features ask for (clients/portrait/features)."""
    return str(parameters.in_force(clock.shanghai_day(clock.now()))["privacy_policy_version"].value)
