"""What a client decides on his own pages, and what a visitor tells us to become one."""

import re
from collections.abc import Mapping
from typing import Any
from unicodedata import category
from uuid import uuid4

from crispy_forms.layout import Fieldset
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from clients.register import selectors as register
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
    Consent.Purpose.BEHAVIOUR: _(
        "Which pages you look at, for how long and on which device, so that news and messages fit what occupies you. "
        "Without your consent nothing of it is recorded while you are logged in."
    ),
}
MOBILE = re.compile(r"1[3-9][0-9]{9}")
SEPARATORS = re.compile(r"[\s-]")
COUNTRY = re.compile(r"^(\+|00)?86(?=1\d{10}$)")
USED = _("This form was sent before with other words or another password. Press the button again to register anew.")
LOST = _("The form lost its number on the way. Load this page again and fill it in once more.")
HINTS = {"name": "name", "mobile": "tel", "password": "new-password", "again": "new-password"}
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


class RegistrationForm(forms.Form):
    """Who somebody is, which branch he chooses, what he agrees to; `key` makes a form sent twice one registration."""

    key = forms.UUIDField(
        label=_("This form"), widget=forms.HiddenInput, error_messages={"required": LOST, "invalid": LOST}
    )
    name = forms.CharField(label=_("Name"), min_length=2, max_length=60, help_text=_("As on your ID document."))
    mobile = forms.CharField(
        label=_("Mobile number"),
        max_length=20,
        help_text=_("So that the branch can reach you. It is not verified yet, so you do not log in with it."),
    )
    branch = forms.ModelChoiceField(
        label=_("Branch"), queryset=register.open_branches(), empty_label=_("Choose a branch"),
        help_text=_("It opens your account if you decide to have one, and answers your questions."),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Password"), max_length=128, strip=False, widget=forms.PasswordInput,
        help_text=_("At least 8 characters, not only digits, and none that many people use."),
    )  # fmt: skip
    again = forms.CharField(label=_("Password once more"), max_length=128, strip=False, widget=forms.PasswordInput)
    privacy = forms.BooleanField(label=_("I have read the privacy notice and agree to it"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid4())
        self.fields["branch"].label_from_instance = lambda branch: branch.name  # type: ignore[attr-defined]
        notice = _("What we record, why, and who sees it")
        self.fields["privacy"].help_text = format_html(
            '<a href="{}" target="_blank">{}</a>', reverse("home:privacy"), notice
        )
        for purpose, text in TEXTS.items():
            self.fields[purpose.value] = forms.BooleanField(label=purpose.label, help_text=text, required=False)
        for name, hint in HINTS.items():
            self.fields[name].widget.attrs["autocomplete"] = hint
        self.fields["mobile"].widget.attrs["inputmode"] = "tel"
        free = Fieldset(_("These three are your choice; you register without them just as well."), *TEXTS)
        asked = [name for name in self.fields if name not in TEXTS]
        self.helper = helper(*asked, free, button=_("Register"), name="register", wide=True)

    def clean_mobile(self) -> str:
        """The eleven digits, without blanks, hyphens and the country code."""
        digits = COUNTRY.sub("", SEPARATORS.sub("", self.cleaned_data["mobile"]))
        if not MOBILE.fullmatch(digits):
            raise ValidationError(_("A mobile number has 11 digits and begins with 13 to 19."))
        return digits

    def clean_password(self) -> str:
        """The password, if it is not one that is guessed at once."""
        validate_password(self.cleaned_data["password"])
        return str(self.cleaned_data["password"])

    def clean(self) -> dict[str, Any]:
        """Typed twice, so that a slip of the finger shuts nobody out: it cannot be reset from here."""
        typed = self.cleaned_data
        if {"password", "again"} <= typed.keys() and typed["password"] != typed["again"]:
            self.add_error("again", _("The two passwords differ. Type the same one twice."))
        return typed

    def anew(self) -> "RegistrationForm":
        """Return the form with what was typed and another key: this one has registered somebody else."""
        fresh = RegistrationForm({**dict(self.data.items()), "key": str(uuid4())})
        fresh.full_clean()
        fresh.add_error(None, USED)
        return fresh

    def clean_name(self) -> str:
        """A name that people can read: no control, invisible or private character, and two letters at least."""
        name = str(self.cleaned_data["name"])
        if any(category(letter)[0] == "C" or category(letter) in ("Zl", "Zp") for letter in name):
            raise ValidationError(_("The name holds characters that cannot be seen. Type it by hand."))
        if sum(letter.isalpha() for letter in name) < 2:
            raise ValidationError(_("A name has two letters at least."))
        return name

    def person(self) -> dict[str, Any]:
        """Return what registers him, without what he agreed to."""
        return {name: self.cleaned_data[name] for name in ("key", "name", "mobile", "branch", "password")}

    def consents(self, privacy_version: str) -> dict[str, tuple[bool, str]]:
        """Return for each purpose the answer and the version of the text that was answered."""
        said = {purpose.value: (bool(self.cleaned_data[purpose.value]), TEXT_VERSION) for purpose in TEXTS}
        return {Consent.Purpose.PRIVACY.value: (True, privacy_version), **said}
