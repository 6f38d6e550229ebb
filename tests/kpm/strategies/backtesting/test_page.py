"""The page of a back-test in the administration, from the button of its version on."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser

from clients.org.models import Role
from kpm.strategies.backtesting import services
from kpm.strategies.models import BackTest
from tests import factories as make
from tests.kpm.strategies import rounds
from tests.kpm.strategies.backtesting.stored import days, store

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lake(settings: Any, tmp_path: Path) -> None:
    settings.LAKE_DIR = tmp_path


def test_the_page_says_what_would_have_been_hit(client: Browser) -> None:
    first, second = days(2)
    for day in (first, second):
        store(day, [{"client_id": at, "branch_id": make.branch("HF01").pk, "cash_ratio": 0.9} for at in range(3)])
    of = rounds.version("IDLE", condition="cash_ratio > 0.5", action="push", handler="system")
    test = services.ask(version=of, days=2, by=None, now=make.NOW)
    services.perform(test=test, now=make.NOW)
    goal = {"n": 3, "reached": 1, "rate": 0.3333, "bounds": [0.0615, 0.7923]}
    BackTest.objects.filter(pk=test.pk).update(goal={"window": 5, "open": 0, "hits": goal, "others": goal})
    client.force_login(make.staff("Dora", roles=(Role.SERVICE_OPS,)).user)

    page = client.get(
        f"/admin/strategies/backtest/{test.pk}/change/", headers={"accept-language": "en"}
    ).content.decode()

    assert "Over 2 trading days this version would have hit 3 different clients" in page
    assert "6 in all, 3.0 a day on average, from 3 to 3" in page
    assert "33.3 % (6.2–79.2 %)" in page
    assert "No live strategy met any of them." in page


def test_an_author_of_a_branch_sees_and_asks_for_those_of_his_branch_only(client: Browser) -> None:
    [day] = days(1)
    store(day, [{"client_id": 1, "branch_id": make.branch("HF01").pk, "cash_ratio": 0.9}])
    of = rounds.version("IDLE", condition="cash_ratio > 0.5")
    test = services.ask(version=of, days=1, by=None, now=make.NOW)
    services.perform(test=test, now=make.NOW)
    page, press = f"/admin/strategies/backtest/{test.pk}/change/", f"/admin/strategies/strategyversion/{of.pk}/press"
    client.force_login(make.staff("Bob", roles=(Role.BRANCH_AUTHOR,), at=make.branch("HF01")).user)

    foreign = client.get(page).status_code
    client.post(f"{press}/backtest/")
    asked = BackTest.objects.count()
    of.strategy.steward_branch = make.branch("HF01")
    of.strategy.save()

    assert (foreign, asked) == (302, 1)
    assert client.get(page).status_code == 200
