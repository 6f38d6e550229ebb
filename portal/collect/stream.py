"""One client's event stream, for analysts and compliance: asked for by number, with a reason, and written down."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from clients.behaviour import stream
from clients.org import services as org
from clients.org.models import Role
from clients.org.requests import UserRequest
from clients.org.standing import Standing, standing_of
from clients.register import selectors as register
from clients.shared import addresses, clock
from clients.shared.forms import helper
from clients.shared.guards import staff_page

READERS = {Role.ANALYST, Role.COMPLIANCE}
MOST, DAYS, WEEK = 500, 31, 7  # events on the page, days of one question, days asked for at first
SHORTEST = 5  # letters of a reason


class Day(forms.DateInput):
    """A day as browsers read it, whatever the language of the page."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class StreamForm(forms.Form):
    """Whom, which days, and why."""

    client = forms.IntegerField(
        label=_("Number in the lake"),
        min_value=1,
        help_text=_("The client_id of features and exports, not the client number."),
    )
    first = forms.DateField(label=_("From day"), widget=Day())
    last = forms.DateField(label=_("To day"), widget=Day())
    reason = forms.CharField(
        label=_("Reason"),
        min_length=SHORTEST,
        max_length=200,
        help_text=_("It is written down with your name and the time."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(*self.fields, button=_("Show"), name="stream")

    def clean_client(self) -> int:
        """The number of somebody whom we have."""
        number = int(self.cleaned_data["client"])
        if not register.is_client(number):
            raise forms.ValidationError(_("Nobody has this number. Take the client_id of a feature row or an export."))
        return number

    def clean(self) -> dict[str, Any]:
        """Days in their order, and not too many."""
        said = self.cleaned_data
        if {"first", "last"} <= said.keys():
            if said["last"] < said["first"]:
                self.add_error("last", _("The last day lies before the first. Swap them."))
            elif (said["last"] - said["first"]).days >= DAYS:
                self.add_error("first", _("At most 31 days at once. Ask for the others after these."))
        return said


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def show(request: UserRequest) -> HttpResponse:
    """Ask for a client's events, or show them; by POST, so that no address holds whom somebody looked at."""
    who = _reader(request)
    today = clock.shanghai_day(clock.now())
    asked = request.POST if request.method == "POST" else None
    form = StreamForm(asked, initial={"first": today - timedelta(days=WEEK - 1), "last": today})
    values: dict[str, Any] = {"form": form, "staff": who.staff, "most": MOST}
    if form.is_valid():
        number = form.cleaned_data["client"]
        values |= {"events": _read(request, who, form.cleaned_data), "client_id": number}
        values["restricted"] = stream.is_restricted(number)
    return render(request, "portal/collect/stream.html", values, status=422 if form.errors else 200)


def _reader(request: UserRequest) -> Standing:
    """Return who asks. Raises Http404 for everybody else, so that nothing is told."""
    who = standing_of(request.user)
    if who is None or not READERS & who.roles(clock.now()):
        raise Http404
    return who


def _read(request: UserRequest, who: Standing, asked: dict[str, Any]) -> list[stream.Action]:
    """Written down first: what cannot be written down is not shown."""
    org.log_access(
        staff=who.staff, client_id=asked["client"], action="events", reason=asked["reason"], now=clock.now(),
        ip=addresses.of(request),
    )  # fmt: skip
    return stream.of_client(asked["client"], first=asked["first"], last=asked["last"], most=MOST)
