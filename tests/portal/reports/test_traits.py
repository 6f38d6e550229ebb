"""Traits over the branches: who may look, what is counted, which counts are too small to be told."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from hypothesis import given
from hypothesis import strategies as st

from clients.lake.publishing import writing
from clients.lake.reading import open_lake
from clients.org.models import Branch, Role
from clients.portrait import building
from clients.portrait.traits import overview, wide
from portal.reports import selectors
from portal.reports.selectors import LEAST
from tests import factories as make
from tests.factories import DAY, NOW

NAME = "wealth"
VALUES = list(overview.shown_trait(NAME).values)


@pytest.fixture(autouse=True)
def lake(settings: Any, tmp_path: Path, time_machine: Any) -> None:
    settings.LAKE_DIR = tmp_path
    time_machine.move_to(NOW, tick=False)


def browser(role: str) -> Browser:
    found = Browser(headers={"accept-language": "en"})
    found.force_login(make.staff(roles=(role,)).user, backend="clients.org.backends.StaffBackend")
    return found


def publish(table: str, day: date, select: str) -> None:
    with open_lake() as con, writing(table, day) as draft:
        draft.notes = {"failed": {}}
        draft.write(con, "bucket=00", select)


def people(counts: dict[Branch, list[tuple[str | None, int]]]) -> None:
    """A night: so many clients of each branch with a value of the trait, sure by 0.8 and clear by 0.5."""
    rows: list[tuple[int, int, str | None]] = []
    for branch, values in counts.items():
        for value, n in values:
            for number in range(len(rows) + 1, len(rows) + n + 1):
                rows.append((number, branch.pk, value))
    features = " UNION ALL ".join(f"SELECT {pk}::BIGINT AS client_id, {of}::BIGINT AS branch_id" for pk, of, _v in rows)
    publish(building.TABLE, DAY, features)
    traits = " UNION ALL ".join(
        f"SELECT {pk}::BIGINT AS client_id, 0.5::DOUBLE AS clarity, {'NULL' if value is None else repr(value)}::VARCHAR"
        f" AS trait_{NAME}, {'NULL' if value is None else 0.8}::DOUBLE AS trait_{NAME}_confidence"
        for pk, _of, value in rows
    )
    publish(wide.TABLE, DAY, traits)


@pytest.mark.django_db
def test_before_the_first_night_the_list_says_why_it_is_empty() -> None:
    analyst = browser(Role.ANALYST)

    assert "No traits yet" in analyst.get("/desk/traits/").content.decode()
    assert analyst.get(f"/desk/traits/{NAME}/").status_code == 404


@pytest.mark.django_db
def test_the_list_tells_of_how_many_a_trait_is_known_and_how_surely() -> None:
    people({make.branch("A"): [(VALUES[0], 6), (None, 2)]})

    rows = {row.name: row for row in browser(Role.ADMINISTRATOR).get("/desk/traits/").context["rows"]}

    assert (rows[NAME].clients, rows[NAME].known, rows[NAME].share) == (8, 6, 0.75)
    assert rows[NAME].confidence == pytest.approx(0.8)
    assert (rows["churn"].known, rows["churn"].confidence) == (0, None)


@pytest.mark.django_db
def test_one_trait_by_branch_with_clarity_and_without_small_counts() -> None:
    north, south = make.branch("A"), make.branch("B")
    people({north: [(VALUES[0], 10), (VALUES[1], 6), (None, 4)], south: [(VALUES[0], 4)]})

    page = browser(Role.ANALYST).get(f"/desk/traits/{NAME}/")

    spread = page.context["spread"]
    [row] = spread.rows
    assert (row.branch, row.clients, row.clarity, spread.too_small) == (north.name, 20, 0.5, 1)
    assert [(cell.n, cell.share, cell.hidden) for cell in row.cells] == [
        (10, 0.5, False), (6, 0.3, True), (4, 0.2, True),
    ]  # fmt: skip
    assert south.name not in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["nothing", "trait_wealth"])
def test_a_name_that_is_no_trait_is_not_found(name: str) -> None:
    people({make.branch("A"): [(VALUES[0], 6)]})

    assert browser(Role.ANALYST).get(f"/desk/traits/{name}/").status_code == 404


@given(st.lists(st.integers(0, 30), min_size=1, max_size=7))
def test_no_small_count_can_be_worked_out_from_the_others(counts: list[int]) -> None:
    total = sum(counts) or 1

    cells = selectors._guarded([selectors.Cell(n, n / total) for n in counts])

    shown = [cell.n for cell in cells if not cell.hidden]
    hidden = [cell.n for cell in cells if cell.hidden]
    assert all(n == 0 or n >= LEAST for n in shown)
    assert len(hidden) != 1 or all(n == 0 for n in shown)
