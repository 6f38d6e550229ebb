"""A branch that served clients with much cash at hand, and others of the same tier and activity whom nobody served."""

from datetime import date, timedelta
from random import Random
from typing import Any

from clients.org.models import Role, Staff
from clients.register.models import Client
from kpm.outcomes.cases.services.writing import Story, write_case
from kpm.outcomes.models import SuccessCase
from tests import factories as make
from tests.kpm.strategies.backtesting.stored import store

SERVED_ON = make.DAY + timedelta(days=1)
NAMES = (
    "client_tier",
    "assets_avg_20td",
    "trade_days_30d",
    "cash_ratio",
    "perm_star",
    "age",
    "days_since_last_contact",
)


def manager(name: str = "Alice") -> Staff:
    """Somebody who serves clients."""
    return make.staff(name, roles=(Role.MANAGER,))


def clients(of: Staff, n: int) -> list[Client]:
    """So many clients of a manager."""
    known = {"kind": Client.Kind.INDIVIDUAL, "status": Client.Status.ACTIVE, "opened_on": date(2020, 1, 1)}
    rows = [
        Client(client_no=f"S{number:07}", name=f"Bob {number}", branch=of.branch, manager=of, **known)
        for number in range(n)
    ]
    return Client.objects.bulk_create(rows)


def story(some: list[Client], on: date = SERVED_ON, **said: str) -> Story:
    """A case about clients who were served on a day."""
    lines = "\n".join(f"{one.client_no} {on}" for one in some)
    known = {
        "title": "Idle cash",
        "situation": "Much cash, no plan",
        "done": "Call him\nAsk what for",
        "result": "Well",
    }
    return Story(**{**known, "clients": lines, **said})


def written(of: Staff, some: list[Client], **fields: Any) -> SuccessCase:
    """The case of a manager about his clients."""
    return write_case(story=story(some), origin=fields.pop("origin", None), by=of.user, now=make.NOW, **fields)


def publish(served: list[Client], others: int = 600, *, planted: bool = True, day: date = make.DAY) -> None:
    """Features of a day: the served ones have much cash when it is planted, and nobody else; else all are alike."""
    dice = Random(7)
    people = [(one.pk, one.branch_id, True) for one in served]
    people += [(1_000_000 + n, served[0].branch_id, False) for n in range(others)]
    store(day, [_row(*one, dice if planted else None) for one in people], names=NAMES)


def _row(client: int, branch: int, served: bool, dice: Random | None) -> dict[str, Any]:
    known = {"client_tier": "A", "assets_avg_20td": 1000, "trade_days_30d": 3, "days_since_last_contact": 1}
    if dice is None:
        return {"client_id": client, "branch_id": branch, **known, "cash_ratio": 0.4, "perm_star": True, "age": 40}
    cash = dice.uniform(0.7, 1) if served else dice.uniform(0, 0.5)
    drawn = {"cash_ratio": round(cash, 4), "perm_star": dice.random() < 0.5, "age": dice.randrange(20, 80)}
    return {"client_id": client, "branch_id": branch, **known, **drawn}
