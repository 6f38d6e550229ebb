"""Sliders of thresholds that are dates: in days, with their place in the text."""

from django.template.loader import render_to_string

from kpm.engine.check import compile_condition
from kpm.strategies.studio.leaves import shown_leaves
from tests.kpm.engine.samples import CATALOGUE


def test_a_date_has_a_slider_in_days_and_its_place_in_the_text() -> None:
    text = "opened_on BETWEEN DATE '2024-01-31' AND DATE '2024-06-30' AND days > 5"

    found = {leaf.threshold: leaf for leaf in shown_leaves(compile_condition(text, CATALOGUE), None, None)}

    first = found["2024-01-31"]
    assert (first.dated, first.value, first.low, first.high, first.step) == (True, "19753", "19388", "20118", "1")
    assert (first.least, first.most) == ("2023-01-31", "2025-01-30")
    assert [text[leaf.at : leaf.at + leaf.size] for leaf in found.values() if leaf.at is not None] == list(found)
    assert found["5"].dated is False


def test_the_slider_of_a_date_writes_a_date() -> None:
    leaf = next(iter(shown_leaves(compile_condition("opened_on > DATE '2024-01-31'", CATALOGUE), None, None)))

    written = render_to_string("components/studio/slider.html", {"leaf": leaf, "number": 1})

    assert 'value="19753" data-dated aria-valuetext="2024-01-31"' in written
