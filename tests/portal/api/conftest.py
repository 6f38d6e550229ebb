"""A client with everything the interface shows, and a program that speaks for him."""

from datetime import date
from typing import Any

import pytest
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from clients.org.models import Licence, Role
from clients.register.models import Client, RiskAssessment
from tests import factories
from tests.factories import NOW


@pytest.fixture(autouse=True)
def _now(time_machine: Any) -> None:
    """The factories' present."""
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def bob() -> Client:
    """Bob, looked after by Alice."""
    place = factories.branch("HF01", name="合肥营业部")
    alice = factories.staff("Alice", staff_no="E0107", at=place, roles=(Role.ADVISER,), phone="0551-6000000")
    Licence.objects.create(staff=alice, kind="adviser", number="S0010101", valid_from=date(2020, 1, 1))
    client = factories.client(
        "张三丰", client_no="C0000123", manager=alice, mobile="13800001234", id_no="340104199003071234",
        email="zhang@x.com", address="安徽省合肥市蜀山区1号",
    )  # fmt: skip
    RiskAssessment.objects.create(client=client, level=4, assessed_on=date(2025, 11, 22), valid_to=date(2026, 11, 21))
    return client


@pytest.fixture
def program(bob: Client) -> APIClient:
    """Bob's program, with his token, asking in English."""
    found = APIClient(headers={"accept-language": "en"})
    found.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.create(user=bob.user)}")
    return found
