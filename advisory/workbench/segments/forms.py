"""What is typed to save a segment, and to ask for a list of its clients."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kpm.strategies.models import Segment, SegmentExport


class SegmentForm(forms.Form):
    """Name and condition; the services say what is wrong with them."""

    name = forms.CharField(label=_("Name"), max_length=Segment._meta.get_field("name").max_length)
    condition = forms.CharField(
        label=_("Condition"),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("As in strategies, such as: trait_rhythm = 'evening' AND trait_rhythm_confidence > 0.7"),
    )


class ListForm(forms.Form):
    """What a list is for."""

    reason = forms.CharField(label=_("What it is for"), max_length=SegmentExport._meta.get_field("reason").max_length)
