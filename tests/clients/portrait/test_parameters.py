"""Figures of definitions are data with a day from which they hold."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml

from clients.portrait import parameters
from clients.portrait.parameters import BadParameter

DAY = date(2026, 11, 20)
ROWS = """
- {name: line, value: 3, from: 2026-11-20, unit: count, note: x}
- {name: line, value: 2.5, unit: count, note: x}
- {name: line, value: 4, from: 2026-11-21, unit: count, note: x}
- {name: later, value: 1, from: 2026-11-21, unit: count, note: x}
- {name: text, value: "it's", unit: text, note: x}
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file of parameters of which one has changed."""
    path = tmp_path / "parameters.yaml"
    path.write_text(ROWS, encoding="utf-8")
    monkeypatch.setattr(parameters, "FILE", path)
    parameters.parameters.cache_clear()
    yield path
    parameters.parameters.cache_clear()


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (date(2026, 11, 19), {"line": Decimal("2.5"), "text": "it's"}),
        (DAY, {"line": Decimal(3), "text": "it's"}),
        (date(2026, 11, 21), {"line": Decimal(4), "later": Decimal(1), "text": "it's"}),
    ],
)
def test_the_newest_row_in_force_counts(file: Path, day: date, held: dict[str, object]) -> None:
    assert {name: row.value for name, row in parameters.in_force(day).items()} == held


def test_sql_asks_by_name(file: Path) -> None:
    con = duckdb.connect()
    for statement in parameters.macros(DAY):
        con.execute(statement)

    assert con.execute("SELECT param('line'), param('later'), param_text('text')").fetchone() == (3, None, "it's")


def test_what_is_carried_over_days_gets_undated_values_only(file: Path) -> None:
    assert parameters.filled("SELECT param_text('text')") == "SELECT 'it''s'"
    with pytest.raises(BadParameter, match="No value for every day: later"):
        parameters.filled("SELECT param('later')")


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("- {value: 1}", "needs a name"),
        ("- {name: line, value: true}", "line: needs a name, and a value that is a number or a text"),
        ("- {name: line, value: 1, from: soon}", "line: `from` is a day"),
        ("- {name: line, value: 1}\n- {name: line, value: 2}", "Stated twice for the same day: line"),
    ],
)
def test_a_row_that_no_definition_can_use_is_named(file: Path, row: str, fault: str) -> None:
    file.write_text(row, encoding="utf-8")
    parameters.parameters.cache_clear()

    with pytest.raises(BadParameter, match=fault):
        parameters.parameters()


def test_every_row_of_the_file_says_what_it_decides() -> None:
    for row in yaml.safe_load(parameters.FILE.read_text(encoding="utf-8")):
        assert row.keys() - {"from"} == {"name", "value", "unit", "note"}, row["name"]
