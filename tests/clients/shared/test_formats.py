"""Days and times where no template names a form: the same in both languages, in Shanghai's time."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import translation


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_day_and_a_time_have_one_form(language: str) -> None:
    values = {"day": date(2026, 11, 2), "at": datetime(2026, 11, 22, 16, 5, tzinfo=UTC)}

    with translation.override(language):
        shown = Template("{{ day }} {{ at }}").render(Context(values))

    assert shown == "2026-11-02 2026-11-23 00:05"
