"""How every form of the house is laid out: one column, one main button, through django-crispy-forms."""

from typing import Any

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django.utils.functional import Promise


def helper(*fields: Any, button: str | Promise, action: str = "", name: str = "", wide: bool = False) -> FormHelper:
    """Return a helper with these fields (names or layout objects) and the main button under them.

    `name` becomes the id of the form; `wide` makes the button as wide as the column.
    """
    made = FormHelper()
    made.form_action = action
    made.form_id = name
    kind = "btn-primary wt-wide-button" if wide else "btn-primary"
    made.layout = Layout(*fields, Div(StrictButton(button, type="submit", css_class=kind), css_class="wt-actions"))
    return made
