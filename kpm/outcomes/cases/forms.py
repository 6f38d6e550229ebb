"""What is typed to write a success case down, and to draft a strategy of it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kpm.outcomes.cases.services.drafting import may_be_copied
from kpm.outcomes.models import SuccessCase
from kpm.strategies.models import Strategy
from kpm.strategies.services.editing import faults_of_text


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class CaseForm(forms.Form):
    """Situation, what was done, result, and the clients; the services say what is wrong with the clients."""

    title = forms.CharField(label=_("Title"), max_length=SuccessCase._meta.get_field("title").max_length)
    situation = forms.CharField(
        label=_("Situation"),
        widget=_area(3),
        help_text=_("What these clients had in common, and why you turned to them."),
    )
    done = forms.CharField(
        label=_("What was done"),
        widget=_area(5),
        help_text=_("One step a line; they become the steps of the strategy."),
    )
    result = forms.CharField(label=_("Result"), widget=_area(2), help_text=_("What came of it, with figures."))
    clients = forms.CharField(
        label=_("Clients"), widget=_area(8),
        help_text=_("One a line: client number and the day on which he was served, such as 00001234 2026-05-06."),
    )  # fmt: skip


class DraftForm(forms.Form):
    """The condition, chosen or written, and the strategy that the draft is like otherwise."""

    condition = forms.CharField(label=_("Condition"), widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}))
    like = forms.CharField(
        label=_("Like the strategy"), max_length=20,
        help_text=_("Its code. Goal, purpose and limits are taken from it; the steps are those of the case."),
    )  # fmt: skip

    def clean_condition(self) -> str:
        """The condition, when the engine can read it."""
        text: str = self.cleaned_data["condition"].strip()
        if faults := faults_of_text(text):
            raise forms.ValidationError(faults)
        return text

    def clean_like(self) -> Strategy:
        """The strategy of the code."""
        row = Strategy.objects.filter(code=self.cleaned_data["like"].strip()).first()
        if row is None:
            raise forms.ValidationError(_("There is no strategy of this code."))
        if not may_be_copied(row):
            raise forms.ValidationError(_("Choose a service or marketing strategy that has a goal and offers nothing."))
        return row
