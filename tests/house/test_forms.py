"""Every form goes through django-crispy-forms: nobody writes a field by hand, and each form is laid out by a helper."""

import re
from pathlib import Path

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms

from clients.shared.forms import helper

ROOT = Path(__file__).resolve().parents[2]
OWN = ("components", "wangting", "admin")  # where fields are made, and Django's own admin
FIELD = re.compile(r"<(input|select|textarea)\b", re.IGNORECASE)


def _pages() -> list[Path]:
    pages = [
        path
        for path in (ROOT / "templates").rglob("*.html")
        if path.relative_to(ROOT / "templates").parts[0] not in OWN
    ]
    assert len(pages) > 20
    return pages


def test_no_page_writes_a_field_by_hand():
    written = [str(path.relative_to(ROOT)) for path in _pages() if FIELD.search(path.read_text(encoding="utf-8"))]

    assert written == []


def test_no_page_renders_a_form_past_crispy():
    past = re.compile(r"\bform\.as_(p|table|ul|div)\b|\{\{\s*form\s*\}\}")

    assert [path.name for path in _pages() if past.search(path.read_text(encoding="utf-8"))] == []


class Sample(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Name", help_text="As on the card")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")])
    answer = forms.ChoiceField(label="Answer", choices=[("y", "Yes"), ("n", "No")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="Agree")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper("name", "kind", "answer", "agree", "note", button="Save")


@pytest.fixture
def wrong() -> str:
    """The sample form, sent empty, in English."""
    form = Sample({"note": "typed <b>"})
    form.add_error(None, "Together they are wrong")
    return render_crispy_form(form)


def test_the_label_stands_above_and_the_help_under_the_field():
    text = render_crispy_form(Sample())

    assert text.index(">Name") < text.index('name="name"') < text.index("As on the card")
    assert "asteriskField" not in text
    assert text.count("wt-optional") == 1


def test_one_summary_on_top_leads_to_each_field(wrong):
    assert wrong.count('class="wt-errors"') == 1
    assert wrong.index("wt-errors") < wrong.index('name="name"')
    summary = wrong[: wrong.index("</ul>")]
    assert "Together they are wrong" in summary
    assert re.findall(r'href="#(\w+)"', summary) == ["id_name", "id_kind", "div_id_answer", "id_agree"]
    for target in re.findall(r'href="#(\w+)"', summary):
        assert f'id="{target}"' in wrong


def test_the_error_stands_at_its_field_and_is_tied_to_it(wrong):
    at_name = wrong[wrong.index('id="div_id_name"') : wrong.index('id="div_id_kind"')]

    assert 'aria-invalid="true"' in at_name
    assert re.search(r'aria-describedby="[^"]*id_name_error', at_name)
    assert 'id="id_name_error"' in at_name


def test_what_was_typed_stays(wrong):
    assert "typed &lt;b&gt;" in wrong


def test_a_form_without_faults_has_no_summary():
    assert "wt-errors" not in render_crispy_form(Sample())
