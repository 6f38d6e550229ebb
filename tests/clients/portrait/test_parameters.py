"""Figures of definitions are data with a day from which they hold."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml

from clients.portrait import parameters

DAY = date(2026, 11, 20)
ROWS = """
- {name: line, value: 3, effective_from: 2026-11-20}
- {name: line, value: 2.5}
- {name: line, value: 4, effective_from: 2026-11-21}
- {name: later, value: 1, effective_from: 2026-11-21}
- {name: text, value: "it's"}
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file of parameters of which one has changed."""
    path = tmp_path / "parameters.yaml"
    path.write_text(ROWS, encoding="utf-8")
    monkeypatch.setattr(parameters, "FILE", path)
    parameters.rows.cache_clear()
    yield path
    parameters.rows.cache_clear()


@pytest.mark.usefixtures("file")
@pytest.mark.parametrize(
    ("day", "held"),
    [
        (date(2026, 11, 19), {"line": Decimal("2.5"), "text": "it's"}),
        (DAY, {"line": Decimal(3), "text": "it's"}),
        (date(2026, 11, 21), {"line": Decimal(4), "later": Decimal(1), "text": "it's"}),
    ],
)
def test_the_newest_row_in_force_counts(day: date, held: dict[str, object]) -> None:
    assert parameters.values(day) == held


@pytest.mark.usefixtures("file")
def test_sql_asks_by_name() -> None:
    con = duckdb.connect()
    con.execute(parameters.macro(DAY))

    assert con.execute("SELECT param('line'), param('later'), param_text('text')").fetchone() == (3, None, "it's")


@pytest.mark.usefixtures("file")
def test_a_name_without_a_value_is_found_in_the_text() -> None:
    sql = "SELECT param('line'), param('later'), param_text('nothing')"

    assert parameters.unknown(sql, DAY) == {"later", "nothing"}


@pytest.mark.usefixtures("file")
def test_what_is_carried_over_days_gets_only_values_that_hold_for_all() -> None:
    assert parameters.filled("SELECT param_text('text')") == "SELECT 'it''s'"
    with pytest.raises(parameters.UnknownParameter, match="no value for every day of later"):
        parameters.filled("SELECT param('later')")


def test_every_row_of_the_file_says_what_it_decides() -> None:
    for row in yaml.safe_load(parameters.FILE.read_text(encoding="utf-8")):
        assert row.keys() - {"effective_from"} == {"name", "value", "unit", "note"}, row["name"]
