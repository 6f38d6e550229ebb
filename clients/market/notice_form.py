"""What an administrator types from an exchange's yearly notice."""

import re
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.market.models import Exchange
from clients.shared.forms import helper


class NoticeForm(forms.Form):
    """The exchanges and the weekdays of a year on which they are closed."""

    exchanges = forms.ModelMultipleChoiceField(
        label=_("Exchanges"), queryset=Exchange.objects.all(), widget=forms.CheckboxSelectMultiple
    )
    year = forms.IntegerField(label=_("Year"), min_value=1991)
    closed = forms.CharField(
        label=_("Closed weekdays"),
        help_text=_("One day a word, as 2027-02-08; weekends need not be given."),
        widget=forms.Textarea,
    )
    source = forms.CharField(label=_("Number and date of the notice"), max_length=100)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["exchanges"].queryset = Exchange.objects.filter(days__isnull=False).distinct()  # type: ignore[attr-defined]
        self.helper = helper("exchanges", "year", "closed", "source", button=_("Make this year certain"))

    def clean_closed(self) -> set[date]:
        """Return the days; every word that is no day is named."""
        words = re.split(r"[\s,;，；、]+", self.cleaned_data["closed"].strip())
        wrong = [word for word in words if not _day(word)]
        if wrong:
            raise forms.ValidationError(_("%(words)s: no day; write it as 2027-02-08.") % {"words": ", ".join(wrong)})
        return {day for word in words if (day := _day(word))}

    def clean(self) -> dict[str, object]:
        """Refuse days of another year: they would be forgotten without a word."""
        known = super().clean() or {}
        strays = sorted(day for day in known.get("closed", ()) if day.year != known.get("year"))
        if strays:
            days = ", ".join(day.isoformat() for day in strays)
            self.add_error("closed", _("%(days)s: not in that year.") % {"days": days})
        return known


def _day(word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None
