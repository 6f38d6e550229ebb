"""Which hit "Follow one fact" tells: the one of which there is most to tell, its outcome first."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from clients.register.models import Client
from kpm.outcomes.models import Outcome
from kpm.strategies.models import Hit, HitFeedback, StrategyVersion
from portal.demo import selectors
from tests import factories
from tests.kpm.outcomes.world import CLOSED, hit, now, version

pytestmark = pytest.mark.django_db


@pytest.fixture
def of(settings: Any) -> StrategyVersion:
    """A version that reads one enumerated feature and one with a unit in its name."""
    settings.DEMO = True
    condition = "margin_account_status = 'none' AND account_age_days >= 20"
    return version("A", goal="since_hit_login_cnt >= 1", goal_window=3, condition=condition)


def delivered(of: StrategyVersion, client: Client, ago: int, **fields: Any) -> Hit:
    """A delivered hit with its evidence."""
    evidence = {"margin_account_status": "none", "account_age_days": 30}
    at = now() - timedelta(days=ago)
    return hit(of, client, occurrence=f"o{ago}", evidence=evidence, delivered_at=at, **fields)


def answer(of: Hit, response: str) -> None:
    HitFeedback.objects.create(hit=of, contact="reached", response=response, at=now(), idem_key=f"k{of.pk}")
    factories.task(of.client, hit_uid=of.uid)


def close(of: Hit, value: bool | None) -> None:
    reason = "" if value is not None else "unknown"
    Outcome.objects.create(hit=of, window_end=CLOSED, value=value, reason=reason, observed_at=now())


def told() -> Any:
    tale = selectors.tale()
    return tale and tale.hit


def test_a_closed_window_counts_before_a_talk_and_both_before_one(of: StrategyVersion) -> None:
    bob = factories.client("Bob")
    talked = delivered(of, bob, 1)
    answer(talked, "agreed")
    only_talked = told()
    measured = delivered(of, bob, 2)
    close(measured, False)
    only_measured = told()
    both = delivered(of, bob, 3)
    close(both, True)
    answer(both, "not_interested")

    assert [only_talked, only_measured, told()] == [talked, measured, both]


def test_an_unknown_outcome_is_none_and_a_message_is_more_than_no_message(of: StrategyVersion) -> None:
    bob = factories.client("Bob")
    quiet, written = delivered(of, bob, 1), delivered(of, bob, 2)
    answer(quiet, "agreed")
    answer(written, "not_interested")
    close(quiet, None)
    factories.message(bob, hit=written)

    assert told() == written


def test_the_page_speaks_in_words_and_not_in_codes(of: StrategyVersion) -> None:
    close(delivered(of, factories.client("Bob"), 2), True)

    english = Browser(headers={"accept-language": "en"}).get("/demo/fact/").content.decode()
    chinese = Browser(headers={"accept-language": "zh-hans"}).get("/demo/fact/").content.decode()

    assert "Margin account status: none" in english
    assert "Account age days: 30, at least 20" in english
    assert "goal reached" in english
    assert "信用账户状态：无" in chinese
    assert "开户天数：30，不低于 20" in chinese


def test_without_a_hit_there_is_nothing_to_tell() -> None:
    assert told() is None
