"""Snapshots of state tables: as of the day, as known at the cutoff."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from clients.lake.mirroring import mirror_day
from clients.lake.reading import relation
from clients.register.models import Account, RiskAssessment
from tests import factories as make

DAY, EVE = make.DAY, date(2026, 11, 19)
pytestmark = pytest.mark.django_db


def now() -> datetime:
    """The present: rows get their arrival from the database's clock."""
    return datetime.now(UTC)


@pytest.mark.django_db(transaction=True)  # each change in a transaction of its own has a moment of its own
def test_a_snapshot_shows_what_was_known_at_its_cutoff(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    here, there = make.branch(), make.branch()
    bob = make.client("Bob", at=here, birth_date=date(2000, 11, 20))
    fund = make.account(bob)
    RiskAssessment.objects.create(client=bob, level=4, assessed_on=EVE, valid_to=date(2027, 1, 1))
    before = now()

    bob.branch, bob.birth_date = there, date(2000, 11, 21)
    bob.save()
    fund.status = Account.Status.FROZEN
    fund.save()
    RiskAssessment.objects.create(client=bob, level=2, assessed_on=DAY, valid_to=date(2027, 1, 1))
    make.client("Charlie")
    mirror_day(day=DAY, cutoff=before)
    then = _state(con)
    mirror_day(day=DAY, cutoff=now())

    assert then == [(here.pk, 26, "normal", 4)]
    assert _state(con) == [(there.pk, 25, "frozen", 2)]


def _state(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return con.execute(
        f"""SELECT c.branch_id, c.age, a.status, r.level FROM {relation("clients", [DAY])} c
        JOIN {relation("accounts", [DAY])} a USING (client_id)
        JOIN {relation("assessments", [DAY])} r USING (client_id)"""
    ).fetchall()


def test_of_assessments_the_newest_valid_one_counts_else_the_newest(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    bob, charlie = make.client("Bob"), make.client("Charlie")
    for who, level, assessed, valid in [
        (bob, 1, date(2020, 1, 1), date(2027, 1, 1)),
        (bob, 2, date(2025, 1, 1), date(2026, 1, 1)),
        (bob, 5, date(2026, 11, 21), date(2027, 11, 21)),  # the day after
        (charlie, 3, date(2024, 1, 1), date(2025, 1, 1)),
        (charlie, 4, date(2025, 1, 1), date(2026, 1, 1)),
    ]:
        RiskAssessment.objects.create(client=who, level=level, assessed_on=assessed, valid_to=valid)

    mirror_day(day=DAY, cutoff=now())

    assert con.execute(f"SELECT client_id, level FROM {relation('assessments', [DAY])} ORDER BY 1").fetchall() == [
        (bob.pk, 1),
        (charlie.pk, 4),
    ]
