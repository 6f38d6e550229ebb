"""A file that comes for a day which the record has let go."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from clients.lake.mirroring import mirror_day
from clients.lake.reading import open_lake, relation
from clients.ledger import selectors
from clients.ledger.models import Position
from clients.ledger.services import prune_daily_state
from tests import factories as make
from tests.clients.intake.taking import NOW

FRIDAY, OLD = date(2026, 11, 20), date(2026, 11, 13)


def mirror(*tables: str) -> None:
    """Bring the lake up to the record."""
    mirror_day(day=FRIDAY, cutoff=datetime.now(UTC) + timedelta(days=1), tables=tables)


@pytest.fixture
def lake(settings: Any, tmp_path: Path) -> None:
    """An empty lake."""
    settings.LAKE_DIR = tmp_path / "lake"


@pytest.mark.django_db
@pytest.mark.usefixtures("lake")
def test_a_late_file_for_one_account_of_a_dropped_day_leaves_the_others_as_the_lake_has_them() -> None:
    bob, charlie = make.client("Bob"), make.client("Charlie")
    for person, value in ((bob, 100), (charlie, 200)):
        make.position(person, day=OLD, market_value=value)
        make.position(person, day=FRIDAY, market_value=value)
    mirror("positions")
    prune_daily_state(day=FRIDAY, now=NOW)
    late = make.position(bob, day=OLD, market_value=111)

    mirror("positions")

    with open_lake() as con:
        rows = con.execute(
            f"SELECT client_id, market_value::INTEGER, replaced_at IS NULL FROM {relation('positions', [OLD])} "
            "ORDER BY id"
        ).fetchall()
    assert rows == [(bob.pk, 100, False), (charlie.pk, 200, True), (bob.pk, 111, True)]
    assert [(row.day, row.securities) for row in selectors.totals(charlie.pk, FRIDAY)] == [(OLD, 200), (FRIDAY, 200)]
    assert [row.securities for row in selectors.totals(bob.pk, FRIDAY)] == [111, 100]
    assert prune_daily_state(day=FRIDAY, now=NOW).rows == 1
    assert not Position.objects.filter(pk=late.pk).exists()
