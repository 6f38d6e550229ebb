"""What a client decides on his own pages."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.register.models import Consent
from clients.shared.forms import helper

# Kept beside each answer, because it is the words that a client agreed to: another text needs another version.
TEXT_VERSION = "web-2026-11"
# The purposes whose answer decides here what reaches a client, each with what it means.
TEXTS = {
    Consent.Purpose.SERVICE_PUSH: _(
        "Messages and calls about what you have: a product that ends, a document that expires, a change in what you "
        "hold. What law or the risk of your positions asks us to tell you comes in any case."
    ),
    Consent.Purpose.MARKETING: _(
        "Messages and calls about products and services that you do not have yet. Without your consent there are none."
    ),
}
ANSWERS = [("yes", _("I agree")), ("no", _("I do not agree"))]


class ConsentForm(forms.Form):
    """One answer a purpose; what was never answered may stay so."""

    def __init__(self, *args: Any, said: Mapping[str, Consent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for purpose, text in TEXTS.items():
            self.fields[purpose.value] = _field(purpose, text, said.get(purpose.value))
        self.asked = set(self.fields)  # the page does not call them optional: an answer is wanted, and may be "no"
        self.helper = helper(*self.fields, button=_("Save"), name="consents")

    def choices(self) -> dict[str, bool]:
        """Return the answers that were given."""
        return {purpose: answer == "yes" for purpose, answer in self.cleaned_data.items() if answer}


def _field(purpose: Consent.Purpose, text: Any, said: Consent | None) -> forms.ChoiceField:
    initial = ("yes" if said.given else "no") if said else None
    return forms.ChoiceField(
        label=purpose.label, help_text=text, choices=ANSWERS, widget=forms.RadioSelect, required=False, initial=initial
    )
