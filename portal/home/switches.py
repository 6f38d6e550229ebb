"""Two answers that change what we know about a client: personalisation, and the analysis of what he does on screen."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Text
from clients.register import selectors as register
from clients.register import services as register_services
from clients.register.models import Client, Consent
from portal.home.forms import TEXT_VERSION

PERSONALISATION, BEHAVIOUR = Consent.Purpose.PERSONALISATION, Consent.Purpose.BEHAVIOUR
# What each switch means, and whether it stands on while nobody was asked. The words are what he agrees to: another
# text needs another TEXT_VERSION.
TEXTS: dict[str, Text] = {
    PERSONALISATION: _(
        "What you did and told us is brought together to the conclusions of this page, and services are chosen by "
        "them. Switched off, nothing is concluded about you from the next night on, and this page shows no conclusion "
        "then. What law or the risk of your positions asks us to tell you comes in any case."
    ),
    BEHAVIOUR: _(
        "Which pages you look at, for how long and on which device. Switched off, nothing of it is recorded from now "
        "on while you are logged in; from the next night on conclusions rest on what you told us and on your accounts "
        "alone, and what was recorded before is shown to none of our staff."
    ),
}
UNASKED: dict[str, bool] = {PERSONALISATION: True, BEHAVIOUR: False}


class NoSuchSwitch(LookupError):
    """There is no switch for this purpose on the page."""


@dataclass(frozen=True)
class Switch:
    """One switch: whether it is on, and the answer that says so (None while he was never asked)."""

    purpose: str
    title: Text
    text: Text
    on: bool
    said: Consent | None


def switches(client: Client) -> list[Switch]:
    """Return the switches as they stand."""
    said = register.consents_now(client.pk)
    return [_switch(Consent.Purpose(purpose), said.get(purpose)) for purpose in TEXTS]


def turn(*, client: Client, purpose: str, on: bool, now: datetime) -> bool | None:
    """This will keep the answer as a consent; returns what it says of recording, None when it says nothing of that.

    Raises NoSuchSwitch.
    """
    if purpose not in TEXTS:
        raise NoSuchSwitch(purpose)
    choices = {str(purpose): on}
    register_services.choose_consents(client=client, choices=choices, version=TEXT_VERSION, channel="web", now=now)
    return on if purpose == BEHAVIOUR else None


def _switch(purpose: Consent.Purpose, said: Consent | None) -> Switch:
    on = said.given if said else UNASKED[purpose]
    return Switch(purpose.value, purpose.label, TEXTS[purpose], on, said)
