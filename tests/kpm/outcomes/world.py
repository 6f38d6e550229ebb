"""Hits as runs leave them, and the settled days round their windows."""

from datetime import UTC, date, datetime
from typing import Any

from clients.portrait import services as portrait
from clients.register.models import Client
from clients.shared import clock
from kpm.strategies.models import Hit, Run, Stage, StrategyVersion
from tests.kpm.strategies.rounds import version

SERVED = date(2026, 11, 17)  # a Tuesday
CLOSED = date(2026, 11, 20)  # the Friday on which a window of three days ends
__all__ = ["CLOSED", "SERVED", "hit", "now", "settle", "version"]


def now() -> datetime:
    """The present: rows get their arrival from the database's clock."""
    return datetime.now(UTC)


def settle(*days: date) -> None:
    """Mirror what the record knows of these days."""
    for day in days:
        portrait.mirror_day(day=day, cutoff=now())


def hit(of: StrategyVersion, client: Client, *, held: bool = False, used_on: date = SERVED, **fields: Any) -> Hit:
    """A hit that was delivered on the evening of `used_on`, or would have been but for the draw."""
    run, _made = Run.objects.get_or_create(
        day=used_on, slot="after_settlement", defaults={"cutoff": now(), "started_at": now()}
    )
    evening = clock.at_shanghai(used_on, datetime.strptime("20:00", "%H:%M").time())
    arm = {"arm": "held_out", "stopped_by": "holdout_strategy", "stage": Stage.UNDER_CAP} if held else {
        "arm": "treated", "delivered_at": evening, "stage": Stage.DELIVERED,
    }  # fmt: skip
    known = {"object_key": "", "occurrence": str(used_on), "would_win": True, **arm, **fields}
    return Hit.objects.create(
        strategy=of.strategy, version=of, client=client, branch=client.branch, run=run, first_day=used_on,
        last_day=used_on, used_on=used_on, **known,
    )  # fmt: skip
