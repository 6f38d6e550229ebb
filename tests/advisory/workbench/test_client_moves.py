"""Whether a client arrives or leaves, as a part of his page: its steps, its figures, and who is spared."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from clients.org.models import AccessLog, Staff
from clients.portrait.traits.wide import COLUMNS
from clients.portrait.traits.wide import TABLE as TRAIT_ROWS
from clients.register.models import Client, Consent
from tests import factories as make
from tests.advisory.workbench.test_client import answer, desk_of, put, was_there
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lake(settings: Any, tmp_path: Path, time_machine: Any) -> None:
    settings.LAKE_DIR = tmp_path / "lake"
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def alice() -> Staff:
    return make.staff("Alice")


@pytest.fixture
def bob(alice: Staff) -> Client:
    client = make.client("王小明", manager=alice, assets_elsewhere=Decimal(30_000))
    columns = {"client_id": "BIGINT", "assets_avg_20td": "DECIMAL(20,6)"}
    put("features", DAY, [{"client_id": client.pk, "assets_avg_20td": Decimal(10_000)}], columns)
    put(
        TRAIT_ROWS, DAY,
        [{"day": DAY, "client_id": client.pk, "clarity": 0.2, "trait_churn": "leaves", "trait_churn_confidence": 0.6}],
        dict(COLUMNS),
    )  # fmt: skip
    was_there(client)
    return client


def part(staff: Staff, of: Client) -> str:
    """What the page fetches."""
    found = desk_of(staff).get(f"/desk/clients/{of.pk}/moves/")
    assert found.status_code == 200
    return found.content.decode()


def test_steps_hazard_and_share_are_told_and_the_opening_is_written_down(alice: Staff, bob: Client) -> None:
    told = part(alice, bob)

    log = AccessLog.objects.get()
    assert "查看佣金费率" in told
    assert "25%" in told
    assert "6.9%" in told  # 1 - 0.4 ** (7 / 90)
    assert (log.staff, log.client_id, log.action) == (alice, bob.pk, "client_moves")


def test_what_he_did_on_screen_is_left_out_when_he_does_not_agree(alice: Staff, bob: Client) -> None:
    answer(bob, Consent.Purpose.BEHAVIOUR, given=False)

    assert "查看佣金费率" not in part(alice, bob)


def test_nothing_is_told_of_who_wants_no_conclusions(alice: Staff, bob: Client) -> None:
    answer(bob, Consent.Purpose.PERSONALISATION, given=False)

    told = part(alice, bob)

    assert "客户不接受画像" in told
    assert "25%" not in told


def test_who_may_not_see_him_gets_nothing_and_nothing_is_written(bob: Client) -> None:
    found = desk_of(make.staff("Charlie")).get(f"/desk/clients/{bob.pk}/moves/")

    assert found.status_code == 404
    assert not AccessLog.objects.exists()
