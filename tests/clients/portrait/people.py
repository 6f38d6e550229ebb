"""What clients told us and who spoke with them, for the tests of features: days are counted back from the data day."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from clients.register.models import Client, Consent, RiskAssessment, Touch
from tests.clients.portrait.world import DAY


def ago(days: int) -> date:
    """A day so many natural days before the data day."""
    return DAY - timedelta(days=days)


def noon(days: int) -> datetime:
    """Noon in Shanghai of that day."""
    return datetime.combine(ago(days), time(4), UTC)


def assessed(of: Client, level: int, on: int, valid_for: int, **fields: Any) -> RiskAssessment:
    """One answered questionnaire, valid for so many days after the data day."""
    return RiskAssessment.objects.create(
        client=of, level=level, assessed_on=ago(on), valid_to=ago(-valid_for), **fields
    )


def consent(of: Client, purpose: str, given: bool, day: int, version: str = "v1") -> Consent:
    """One consent given or withdrawn at noon."""
    return Consent.objects.create(client=of, purpose=purpose, given=given, at=noon(day), version=version, channel="app")


def touch(of: Client, day: int, number: str, *, by: Any, reached: bool) -> Touch:
    """One call."""
    return Touch.objects.create(
        client=of, branch=of.branch, channel="phone", purpose="service", started_at=noon(day), staff=by,
        provider_ref=number, reached=reached,
    )  # fmt: skip
