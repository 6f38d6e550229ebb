"""The night's pass, the preview and the evaluator for one client find the same clients, for every condition."""

from random import Random

import duckdb
import pytest

from kpm.engine.check import Condition
from kpm.engine.explain import explain
from kpm.engine.match import Member, Source, match_into
from kpm.strategies import funnels
from kpm.strategies.models import Strategy, StrategyVersion
from tests.factories import DAY
from tests.kpm.engine import generate

QUICK = {"conditions": 25, "rows": 40}
LONG = {"conditions": 500, "rows": 60}
Found = list[set[int]]


@pytest.fixture(autouse=True)
def _nobody_was_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a strategy has left in the record decides nothing about who matches."""
    monkeypatch.setattr(funnels, "hits_before", lambda *args, **options: [])
    monkeypatch.setattr(funnels, "calendar", lambda: None)


def of_night(source: Source, drawn: list[Condition]) -> Found:
    """What one pass over all conditions finds."""
    members = [Member(number, condition) for number, condition in enumerate(drawn)]
    assert match_into(source, members, into="hits_now") == []
    found: Found = [set() for _ in drawn]
    for version, client in source.con.execute("SELECT version, client_id FROM hits_now").fetchall():
        found[version].add(client)
    return found


def of_preview(source: Source, drawn: list[Condition]) -> tuple[Found, Found]:
    """Whom the preview of each condition finds, and of whom it says that he is unknown."""
    version = StrategyVersion(strategy=Strategy(pk=1), strategy_id=1, occurrence="client", purpose="service")
    found, unknown = [], []
    for condition in drawn:
        rows = funnels.judged_rows(source, Member(0, condition), version, DAY, None, [], judged=False)
        said = source.con.execute(f"{rows} SELECT client_id, c, client_id IN (SELECT client_id FROM judged) FROM base")
        answers = said.fetchall()
        assert all(judged == (c is True) for _client, c, judged in answers)
        found.append({client for client, c, _judged in answers if c})
        unknown.append({client for client, c, _judged in answers if c is None})
    return found, unknown


def compare(seed: int, conditions: int, rows: int) -> None:
    random = Random(seed)
    clients = [generate.row(random) for _ in range(rows)]
    drawn = [generate.condition(random) for _ in range(conditions)]
    con = duckdb.connect()
    generate.table(con, clients)
    source = Source(con, "(SELECT *, 1 AS branch_id FROM feats)")

    previewed, unknown = of_preview(source, drawn)
    truths = [[explain(condition, client).truth for client in clients] for condition in drawn]

    assert of_night(source, drawn) == previewed
    assert [{n for n, truth in enumerate(row) if truth} for row in truths] == previewed
    assert [{n for n, truth in enumerate(row) if truth is None} for row in truths] == unknown


@pytest.mark.parametrize("seed", [20, 21])
def test_three_ways_of_evaluating_agree(seed: int) -> None:
    compare(seed, **QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_three_ways_agree_on_ten_thousand_conditions(seed: int) -> None:
    compare(seed, **LONG)
