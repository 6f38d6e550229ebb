"""What a page says of a version on its way, and which sources a strategy waits for."""

import pytest
from django.utils.translation import override

from clients.portrait import selectors as portrait
from kpm.strategies import services, states, waiting
from kpm.strategies.models import Strategy, StrategyVersion
from tests.factories import NOW
from tests.kpm.strategies.launching import business, compliance
from tests.kpm.strategies.test_editing import OTHER, draft, strategy

__all__ = ["strategy"]
pytestmark = pytest.mark.django_db


def said(number: int) -> str:
    """The state of a version in English."""
    with override("en"):
        return states.state_of(StrategyVersion.objects.get(number=number))


def test_the_state_follows_a_version_from_its_draft_to_its_end(strategy: Strategy) -> None:
    version = draft(strategy, condition=OTHER)
    seen = [said(2)]

    services.submit_version(version=version, by=version.author, now=NOW)
    seen.append(said(2))
    services.approve(version=version, by=business(), now=NOW)
    seen.append(said(2))
    services.approve(version=version, by=compliance(), now=NOW)
    seen.append(said(2))
    services.launch_now(version=version, by=business("Ben"), now=NOW, reason="at once")
    seen += [said(2), said(1)]
    services.pause(strategy=strategy, by=version.author, now=NOW)
    seen.append(said(2))
    services.roll_back(version=StrategyVersion.objects.get(number=1), by=business("Bo"), now=NOW, reason="bad")
    seen += [said(2), said(1)]

    assert seen == [
        "Draft", "waits for the signature of: Business, Compliance", "waits for the signature of: Compliance",
        "Approved", "Live", "ran before", "Paused", "Taken back", "Live",
    ]  # fmt: skip


def test_a_version_that_was_sent_back_says_so(strategy: Strategy) -> None:
    version = draft(strategy, condition=OTHER)
    services.submit_version(version=version, by=version.author, now=NOW)
    services.reject(version=version, by=business(), now=NOW, comment="too many")

    assert said(2) == "Sent back"


def test_a_strategy_waits_for_the_sources_of_what_runs_or_else_of_its_newest_version(strategy: Strategy) -> None:
    name, source = sorted(portrait.waiting_features().items())[0]
    newer = draft(strategy, condition=OTHER)
    StrategyVersion.objects.filter(pk=newer.pk).update(
        features=[name, "cash_available"], occurrence_from="nobody_knows"
    )
    live = waiting.waiting_strategies()

    Strategy.objects.update(live_version=None)
    alone = waiting.waiting_strategies()

    assert (live, alone) == ({}, {strategy.pk: f"{source} | key:nobody_knows"})
    with override("en"):
        assert waiting.said(alone[strategy.pk]) == f"{source}, the object of nobody_knows"
        assert waiting.said("") == ""
