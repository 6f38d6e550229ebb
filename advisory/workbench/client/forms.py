"""Which part of the timeline of a client is asked for."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from advisory.workbench.client.selectors.timeline import KINDS
from clients.shared.forms import helper

BEGINNING = date(1990, 1, 1)  # before the first exchange opened nothing can have happened


class Day(forms.DateInput):
    """A day as browsers read it, whatever the language of the page."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimelineForm(forms.Form):
    """Kinds of things, and the days from and to which to look; all of it may be left open."""

    kind = forms.MultipleChoiceField(
        label=_("Kinds"), choices=list(KINDS.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    first = forms.DateField(label=_("From day"), required=False, widget=Day())
    until = forms.DateField(label=_("To day"), required=False, widget=Day())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper("kind", "first", "until", button=_("Show"), action="#timeline")
        self.helper.form_method = "get"

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, until = found.get("first"), found.get("until")
        if first and until and first > until:
            self.add_error("first", _t("The first day lies after the last."))
        return found
