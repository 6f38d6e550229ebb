"""The result of a task: the answers of its steps, then contact, response and verdict, and a note."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from advisory.taskqueue.models import Disposition, PlaybookStep
from advisory.taskqueue.services.answers import LONGEST_NOTE
from clients.shared.templatetags.faces import named

FORM = "result"  # the id of the form element that all fields belong to
Answers = PlaybookStep.Answer
Dispositions = Mapping[str, list[Disposition]]
FIELDS: dict[str, type[forms.Field]] = {
    Answers.NUMBER: forms.DecimalField,
    Answers.TEXT: forms.CharField,
}


class AnswerRadios(forms.RadioSelect):
    """Radio buttons that carry their key, and for a contact whether it means that the client was reached."""

    def __init__(self, rows: list[Disposition]) -> None:
        super().__init__()
        self.rows = {row.code: row for row in rows}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        row = self.rows[str(value)]
        if row.hotkey:
            option["attrs"]["data-key"] = row.hotkey
        if row.kind == Disposition.Kind.CONTACT:
            option["attrs"]["data-reached"] = "1" if row.reached else "0"
        return option


class ResultForm(forms.Form):
    """Which answers are needed is decided by the service, which names what is missing; so no field insists here."""

    fence = forms.IntegerField(widget=forms.HiddenInput)
    idem_key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, steps: list[PlaybookStep], answers: Dispositions, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.steps = steps
        # Asked for only when the client was reached: not required here, yet the page must not call it optional.
        self.asked = {*Disposition.Kind.values, *(_name(step) for step in steps if step.required)}
        for step in steps:
            if field := _step_field(step):
                self.fields[_name(step)] = field
        for kind in Disposition.Kind:
            self.fields[kind.value] = _radios(kind, answers[kind.value])
        self.order_fields([kind.value for kind in Disposition.Kind])
        for field in self.fields.values():
            field.widget.attrs["form"] = FORM  # steps and answers stand in different columns of the page

    def numbered(self) -> Iterator[tuple[PlaybookStep, forms.BoundField | None]]:
        """Yield each step with the field of its answer, if it asks for one."""
        for step in self.steps:
            yield step, self[_name(step)] if _name(step) in self.fields else None

    def result(self) -> dict[str, Any]:
        """Return the answers as `services.finish` takes them; of steps only those that were answered."""
        cleaned = dict(self.cleaned_data)
        values = {str(step.order): _plain(cleaned.pop(_name(step), None)) for step in self.steps}
        return {
            **cleaned,
            "values": {order: value for order, value in values.items() if value not in (None, "", False)},
        }


def unused_key() -> str:
    """Return a new key under which one result is written at most once, however often the form is sent."""
    return uuid.uuid4().hex


def _name(step: PlaybookStep) -> str:
    return f"step_{step.order}"


def _step_field(step: PlaybookStep) -> forms.Field | None:
    if step.answer_type == Answers.NONE:
        return forms.BooleanField(label=_("Done"), required=False) if step.required else None
    if step.answer_type == Answers.CHOICE:
        choices = [("", "—"), *((choice, choice) for choice in step.choices)]
        return forms.ChoiceField(label=_("Answer"), required=False, choices=choices)
    if step.answer_type == Answers.DATE:
        return forms.DateField(label=_("Answer"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    return FIELDS[step.answer_type](label=_("Answer"), required=False)


def _radios(kind: Disposition.Kind, rows: list[Disposition]) -> forms.ChoiceField:
    field = forms.ChoiceField(
        label=kind.label, required=False, choices=[(row.code, named(row, "label")) for row in rows]
    )
    field.widget = AnswerRadios(rows)
    field.widget.choices = field.choices
    field.widget.is_required = False
    return field


def _plain(value: Any) -> Any:
    """Dates and decimals as text: the answers are stored as JSON."""
    return value if value is None or isinstance(value, bool | str) else str(value)
