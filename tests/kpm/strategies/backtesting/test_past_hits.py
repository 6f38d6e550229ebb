"""A back-test of lived days finds whom the runs found then, whatever arrived or happened since."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from clients.lake.reading import open_lake, relation
from clients.market.calendar import calendar
from kpm.engine.backtest import replay_into
from kpm.strategies import selectors, services
from kpm.strategies.backtesting import services as backtesting
from kpm.strategies.backtesting.past import open_rows
from kpm.strategies.backtesting.turns import turns_of
from kpm.strategies.occurrences import default_object
from kpm.strategies.services.lines import counted
from tests import factories as make
from tests.clients.portrait.world import trade
from tests.kpm.strategies import branch, rounds
from tests.kpm.strategies.branch import DAY, Sample

pytestmark = pytest.mark.django_db
BEFORE = DAY - timedelta(days=1)
Found = set[tuple[str, date, int, str]]


@pytest.fixture(autouse=True)
def lake(settings: Any, tmp_path: Path) -> None:
    settings.LAKE_DIR = tmp_path


def recorded() -> Found:
    """Strategy, day, client and object of every line that the published runs left."""
    codes = {version.pk: version.strategy.code for version in selectors.live()}
    found: Found = set()
    with open_lake() as con:
        for day in (BEFORE, DAY):
            rows = con.execute(
                f"""SELECT version_id, client_id, object_key FROM {relation("hits_after_settlement", [day])}
                WHERE run_id IN (SELECT unnest(?::BIGINT[]))""",
                [counted(since=day, until=day)],
            )
            found |= {(codes[version], day, client, key) for version, client, key in rows.fetchall()}
    return found


def replayed() -> Found:
    """The same of a back-test."""
    found: Found = set()
    for version in selectors.live():
        with open_rows(version, [BEFORE, DAY]) as rows:
            replay_into(rows.source, rows.member, turns_of(version, rows.past.read, calendar()), into="found")
            told = rows.con.execute("SELECT day, client_id, object_key FROM found").fetchall()
        code, named = version.strategy.code, version.occurrence
        found |= {(code, day, client, key or default_object(named, day)) for day, client, key in told}
    return found


def late_and_future(sample: Sample) -> None:
    """What would have changed who is hit, had it been known: it came after the day, or speaks of a later one."""
    make.cash(sample.concentrated, 9_000_000, day=DAY)
    make.cash(sample.moved, 9_000_000, day=BEFORE)
    trade(sample.quiet, DAY, "9", security=make.security("300001", "SZ"))
    make.position(sample.quiet, make.security("300001", "SZ"), day=calendar().shift(DAY, 1), quantity=Decimal(99_999))


def test_past_hits_are_the_hits_recorded_then() -> None:
    sample = branch.build()
    held = make.security("300001", "SZ")
    make.position(sample.concentrated, held, day=BEFORE, quantity=Decimal(10_000), last_price=Decimal("45.00"))
    make.cash(sample.concentrated, 50_000, day=BEFORE)
    branch.bar("300001", "45.00", "45.00", day=BEFORE)
    for day in (BEFORE, DAY):
        services.run_slot(day=day, now=branch.features(day))
    before = recorded()

    late_and_future(sample)

    assert len(before) == 5
    assert replayed() == before


def test_what_other_live_strategies_met_on_the_same_days_is_told_from_their_lines() -> None:
    sample = branch.build()
    services.run_slot(day=DAY, now=branch.features(DAY))
    other = rounds.version("OTHER", condition="top1_position_ratio >= 0.4", cooldown_n=0)

    test = backtesting.perform(test=backtesting.ask(version=other, days=1, by=None, now=make.NOW), now=make.NOW)

    assert test.result is not None
    met = {sample.concentrated.pk, sample.moved.pk}
    assert test.result["clients"] == len(met)
    assert sorted(test.result["overlap"]) == [[branch.MESSAGE, 1, 0.5, 0.5], [branch.TASK, 1, 0.5, 0.5]]
