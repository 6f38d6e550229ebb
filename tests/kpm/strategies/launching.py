"""A version's way through its approvals, for tests: people who may sign, and steps taken for them."""

from datetime import datetime

from clients.org.models import Role, User
from kpm.strategies import services
from kpm.strategies.models import StrategyVersion
from tests import factories


def business(name: str = "Bea") -> User:
    """Somebody of the head who signs for the business."""
    return factories.staff(name, roles=(Role.BUSINESS_APPROVER,)).user


def compliance(name: str = "Cora") -> User:
    """Somebody of the head who signs for compliance."""
    return factories.staff(name, roles=(Role.COMPLIANCE,)).user


def approved(version: StrategyVersion, now: datetime) -> StrategyVersion:
    """A submitted version, signed by both."""
    services.approve(version=version, by=business(), now=now)
    services.approve(version=version, by=compliance(), now=now)
    return version


def live(version: StrategyVersion, now: datetime) -> StrategyVersion:
    """A submitted version of an emergency or of risk, signed by both and live."""
    approved(version, now)
    services.launch_now(version=version, by=business("Ben"), now=now, reason="at once")
    return version
