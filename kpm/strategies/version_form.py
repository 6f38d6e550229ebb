"""What an author may write into a draft."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kpm.strategies.members import EVERYBODY
from kpm.strategies.models import StrategyVersion
from kpm.strategies.naming import CHANNELS, OBJECTS, OCCURRENCES
from kpm.strategies.selectors import delivery_codes
from kpm.strategies.services.editing import faults_of_text

NOTHING = ("", "—")


class VersionForm(forms.ModelForm):
    """A draft; what is wrong with a condition is said at its field."""

    occurrence = forms.ChoiceField(label=_("happens once per"), choices=list(OCCURRENCES.items()))
    channels = forms.MultipleChoiceField(
        label=_("channels"), choices=list(CHANNELS.items()), widget=forms.CheckboxSelectMultiple, required=False
    )
    template_code = forms.ChoiceField(label=_("message template"), required=False)
    playbook_code = forms.ChoiceField(label=_("playbook"), required=False)

    class Meta:
        model = StrategyVersion
        fields = (
            "change_note", "purpose", "population", "condition", "action", "handler", "channels", "template_code",
            "playbook_code", "occurrence", "cooldown_n", "cooldown_unit", "priority", "sla_hours", "valid_days",
            "suitability_gate", "product_level_from", "product_level", "permission_code", "goal", "goal_window",
            "holdout_pct", "holdout_reason", "emergency", "note",
        )  # fmt: skip
        widgets = {"condition": forms.Textarea(attrs={"rows": 4, "cols": 100, "spellcheck": "false"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in ("template", "playbook"):
            field = self.fields.get(f"{kind}_code")
            if isinstance(field, forms.ChoiceField):
                field.choices = [NOTHING, *((code, code) for code in delivery_codes(kind))]
        occurrence = self.fields.get("occurrence")
        if isinstance(occurrence, forms.ChoiceField) and self.instance.occurrence in OBJECTS:
            own = self.instance.occurrence
            occurrence.choices = [*OCCURRENCES.items(), (own, OBJECTS[own])]

    def clean_condition(self) -> str:
        """Refuse a condition that the engine refuses, with its sentences."""
        return _checked(self.cleaned_data["condition"])

    def clean_population(self) -> str:
        """Everybody, or a condition like the other."""
        text = self.cleaned_data["population"].strip()
        return text if text.upper() == EVERYBODY else _checked(text)


def _checked(text: str) -> str:
    if faults := faults_of_text(text):
        raise forms.ValidationError(faults)
    return text
