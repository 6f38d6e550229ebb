"""Events that come twice while midnight passes are kept once, whichever of their copies comes first."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from clients.behaviour.models import CaptureTally
from clients.lake import manifest as manifests
from tests.clients.behaviour.lineup import line, rows, take

pytestmark = pytest.mark.django_db
MIDNIGHT = datetime(2026, 11, 19, 16, 0, tzinfo=UTC)  # with which the 20th begins in Shanghai
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
EVE, DAY = "2026-11-19", "2026-11-20"


def sent(at: datetime, *, told: datetime | None, number: str = "m1") -> dict[str, Any]:
    """A line that comes at `at` and says that it happened at `told`, or does not say."""
    return line(at, event={"messageId": number, "timestamp": told and told.isoformat()})


def days() -> list[tuple[str, str]]:
    return rows("day::VARCHAR, message_id")


def duplicates() -> int:
    return sum(CaptureTally.objects.values_list("duplicate", flat=True))


def test_what_is_sent_again_after_midnight_is_kept_where_it_was(captured: Path) -> None:
    take(captured, sent(MIDNIGHT - SECOND, told=MIDNIGHT - SECOND))

    again = take(captured, sent(MIDNIGHT + SECOND, told=MIDNIGHT + SECOND), sent(MIDNIGHT + SECOND, told=None))

    assert (again.added, again.dead) == (0, 0)
    assert days() == [(EVE, "m1")]
    assert [f"{day}" for day in manifests.days("events")] == [EVE]
    assert duplicates() == 2


def test_a_late_copy_of_the_day_before_is_none(captured: Path) -> None:
    take(captured, sent(MIDNIGHT, told=MIDNIGHT))

    late = take(
        captured, sent(MIDNIGHT + HOUR, told=MIDNIGHT - SECOND), sent(MIDNIGHT + HOUR, told=MIDNIGHT, number="m2")
    )

    assert late.added == 1
    assert days() == [(DAY, "m1"), (DAY, "m2")]
    assert duplicates() == 1


def test_both_copies_in_one_portion_are_one_event(captured: Path) -> None:
    copies = [sent(MIDNIGHT + n * SECOND, told=MIDNIGHT + n * SECOND) for n in (-1, 1)]

    first, again = take(captured, *copies, name="one"), take(captured, *copies)

    assert (first.added, again.added) == (1, 0)
    assert days() == [(EVE, "m1")]


def test_an_event_without_a_moment_is_looked_for_at_every_hour(captured: Path) -> None:
    take(captured, sent(MIDNIGHT - 4 * HOUR, told=None))

    again = take(captured, sent(MIDNIGHT + 9 * HOUR, told=None))

    assert again.added == 0
    assert days() == [(EVE, "m1")]


def test_a_number_that_is_used_again_at_another_time_of_another_day_is_another_event(captured: Path) -> None:
    take(captured, sent(MIDNIGHT - 4 * HOUR, told=MIDNIGHT - 4 * HOUR))

    again = take(captured, sent(MIDNIGHT + 9 * HOUR, told=MIDNIGHT + 9 * HOUR))

    assert again.added == 1
    assert days() == [(EVE, "m1"), (DAY, "m1")]
