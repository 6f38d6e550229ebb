"""`manage.py day`: which days it takes."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from clients.lake import daybook
from clients.shared import clock
from kpm.strategies.models import Run

pytestmark = pytest.mark.django_db
TOMORROW = clock.shanghai_day(clock.now()) + timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-11-21", "is no trading day; the last one before it is 2026-11-20"),
        (TOMORROW.isoformat(), "lies in the future"),
        ("1980-01-02", "covers"),
        ("20 November", "is no date"),
    ],
)
def test_a_day_that_cannot_be_lived_is_refused_and_nothing_changes(day: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("day", day)

    assert not Run.objects.exists()


def test_a_day_stops_when_the_lake_has_lost_what_nobody_can_give_again(tmp_path: Path, settings: Any) -> None:
    settings.LAKE_DIR = tmp_path
    with daybook.opened("events") as book:
        book.days[date(2026, 11, 18)] = daybook.Entry(rows=1204)

    with pytest.raises(CommandError, match=r"(?s)1 published day is lost .* events day=2026-11-18: 1,204 rows"):
        call_command("day", "2026-11-20")

    assert not Run.objects.exists()
    assert not (tmp_path / "features").exists()
