"""Whatever people press, in whatever order: nothing runs without two signatures of others; how branches are drawn."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client as Browser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.org.models import Role, User
from kpm.strategies import services
from kpm.strategies.models import Strategy, StrategyVersion
from kpm.strategies.services import approvals, places
from tests import factories
from tests.clients.shared.test_admin import BACKEND
from tests.factories import NOW
from tests.kpm.strategies.launching import business, compliance
from tests.kpm.strategies.test_editing import OTHER, strategy, submitted
from tests.kpm.strategies.test_launching import _in_english, client_of_a_branch, refused
from tests.kpm.strategies.test_library import TASK

__all__ = ["_in_english", "client_of_a_branch", "strategy"]
pytestmark = pytest.mark.django_db


def test_a_branch_signs_and_runs_its_own_strategies_and_no_others(strategy: Strategy) -> None:
    head, place = factories.branch("HQ"), factories.branch("HF01")
    place.parent = head
    place.save()
    elsewhere = factories.branch("NJ01")
    fang = factories.staff("Fang", roles=(Role.BRANCH_AUTHOR,), at=place).user
    assert "copy this one" in refused(services.draft_version, strategy=strategy, by=fang)

    version = services.copy_for_branch(strategy=strategy, by=fang, now=NOW)
    services.submit_version(version=version, by=fang, now=NOW)
    near = factories.staff("Hu", roles=(Role.BUSINESS_APPROVER,), at=place).user
    far = factories.staff("Nan", roles=(Role.BUSINESS_APPROVER,), at=elsewhere).user
    with pytest.raises(services.CannotChange):
        services.approve(version=version, by=far, now=NOW)
    services.approve(version=version, by=near, now=NOW)
    services.approve(version=version, by=factories.staff("Cora", roles=(Role.COMPLIANCE,), at=head).user, now=NOW)
    factories.client(at=place), factories.client(at=elsewhere)
    services.begin_pilot(version=version, by=fang, now=NOW)

    own = Strategy.objects.get(code=f"{TASK}-HF01")
    assert (own.steward_branch, own.status, own.pilot_version) == (place, "pilot", version)
    assert version.steps.get(order=1).drawn == [place.pk]
    company = submitted(strategy, condition=OTHER)
    with pytest.raises(services.CannotChange):
        services.approve(version=company, by=near, now=NOW)


def test_an_author_of_a_region_copies_for_a_branch_below_it_and_for_no_other(
    strategy: Strategy, time_machine: Any
) -> None:
    time_machine.move_to(NOW)
    region, place, elsewhere = (factories.branch(code) for code in ("EAST", "HF01", "NJ01"))
    place.parent = region
    place.save()
    fang = factories.staff("Fang", roles=(Role.BRANCH_AUTHOR,), at=region).user
    assert "An author of a branch" in refused(services.copy_for_branch, strategy=strategy, by=fang, branch=elsewhere)
    browser = Browser(headers={"accept-language": "en"})
    browser.force_login(fang, backend=BACKEND)
    button = f"/admin/strategies/strategy/{strategy.pk}/press/copy_for_branch/"

    asked = browser.post(button).content.decode()
    browser.post(button, {"said": "HF01"})

    assert re.findall(r'<option value="(\w+)">', asked) == ["EAST", "HF01"]
    copies = Strategy.objects.exclude(pk=strategy.pk).values_list("code", "steward_branch__code", "owner")
    assert list(copies) == [(f"{TASK}-HF01", "HF01", "Fang")]


def test_a_larger_share_contains_the_smaller_and_pairs_are_split() -> None:
    alike = list(range(1, 11))

    order = places.in_pairs(alike, "salt")

    assert sorted(order) == alike
    assert len({(branch - 1) // 2 for branch in order[:5]}) == 5  # one of each pair before the second of any
    assert places.in_pairs(alike, "salt") == order != places.in_pairs(alike, "pepper")


ACTS = (
    "draft", "submit", "business", "compliance", "both", "author", "reject", "pilot", "now", "on", "end", "back",
    "pause", "resume", "retire",
)  # fmt: skip


def test_no_way_leads_to_running_without_two_signatures_of_others(strategy: Strategy, client_of_a_branch: None) -> None:
    cast = {
        "author": factories.staff("Ada", roles=(Role.STRATEGY_AUTHOR, *(SIGNERS))).user,
        "business": business(),
        "compliance": compliance(),
        "both": factories.staff("Bo", roles=SIGNERS).user,
    }

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(acts=st.lists(st.sampled_from(ACTS), min_size=4, max_size=14))
    def walk(acts: list[str]) -> None:
        point = transaction.savepoint()
        for act in ["draft", "submit", *acts]:
            _act(act, strategy, cast)
            _assert_sound()
        transaction.savepoint_rollback(point)

    walk()


SIGNERS = (Role.BUSINESS_APPROVER, Role.COMPLIANCE)


def _act(act: str, strategy: Strategy, cast: dict[str, User]) -> None:
    """One step of somebody, refused or not."""
    newest = StrategyVersion.objects.order_by("-number")[0]
    oldest, ada = StrategyVersion.objects.order_by("number")[0], cast["author"]
    signing = {"now": NOW, "by": cast["both"], "reason": "because"}
    steps: dict[str, Callable[[], object]] = {
        "draft": lambda: services.draft_version(strategy=strategy, by=ada, now=NOW),
        "submit": lambda: services.submit_version(version=newest, by=ada, now=NOW),
        "reject": lambda: services.reject(version=newest, by=cast["both"], now=NOW, comment="no"),
        "pilot": lambda: services.begin_pilot(version=newest, by=ada, now=NOW),
        "now": lambda: services.launch_now(version=newest, **signing),
        "on": lambda: services.roll_on(strategy=strategy, by=cast["both"], now=NOW),
        "end": lambda: services.end_rollout(strategy=strategy, **signing),
        "back": lambda: services.roll_back(version=oldest, **signing),
        "pause": lambda: services.pause(strategy=strategy, by=ada, now=NOW),
        "resume": lambda: services.resume(strategy=strategy, by=ada, now=NOW),
        "retire": lambda: services.retire(strategy=strategy, by=ada, now=NOW, reason="over"),
        **{who: lambda who=who: services.approve(version=newest, by=cast[who], now=NOW) for who in cast},
    }
    try:
        with transaction.atomic():
            steps[act]()
    except services.CannotChange:
        return


def _assert_sound() -> None:
    for place in places.running("after_settlement"):
        version = place.version
        if version.number == 1:
            continue  # the installation's
        signed = list(version.approvals.filter(decision="approve").values_list("role", "by"))
        assert {role for role, _by in signed} >= {"business", "compliance"}
        assert len({by for _role, by in signed}) == len(signed)
        assert not {by for _role, by in signed} & approvals.writers(version)
