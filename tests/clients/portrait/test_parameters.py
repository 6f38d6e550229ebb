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
- {name: line, value: 3, from: 2026-11-20}
- {name: line, value: 2.5}
- {name: line, value: 4, from: 2026-11-21}
- {name: later, value: 1, from: 2026-11-21}
- {name: text, value: "it's"}
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
    assert {name: row.value for name, row in parameters.in_force(day).items()} == held


@pytest.mark.usefixtures("file")
def test_sql_asks_by_name() -> None:
    con = duckdb.connect()
    for statement in parameters.macros(DAY):
        con.execute(statement)

    assert con.execute("SELECT param('line'), param('later'), param_text('text')").fetchone() == (3, None, "it's")


def test_names_are_found_in_the_text() -> None:
    sql = "SELECT param('line'), param('later'), param_text('nothing')"

    assert parameters.asked(sql) == {"line", "later", "nothing"}


@pytest.mark.usefixtures("file")
def test_what_is_carried_over_days_gets_only_values_that_hold_for_all() -> None:
    assert parameters.filled("SELECT param_text('text')") == "SELECT 'it''s'"
    with pytest.raises(parameters.BadParameter, match="No value for every day: later"):
        parameters.filled("SELECT param('later')")


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("- {name: line, value: true}", "line: needs a name, and a value"),
        ("- {value: 1}", "needs a name"),
        ("- {name: line, value: 1, from: soon}", "`from` is a day"),
        ("- {name: line, value: 1}\n- {name: line, value: 2}", "Stated twice for the same day: line"),
    ],
)
def test_a_row_that_no_definition_can_use_is_named(file: Path, rows: str, fault: str) -> None:
    file.write_text(rows, encoding="utf-8")

    with pytest.raises(parameters.BadParameter, match=fault):
        parameters.parameters()


def test_every_row_of_the_file_says_what_it_decides() -> None:
    for row in yaml.safe_load(parameters.FILE.read_text(encoding="utf-8")):
        assert row.keys() - {"from"} == {"name", "value", "unit", "note"}, row["name"]
