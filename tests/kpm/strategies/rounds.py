"""Strategies and found rows made by hand, so that judging can be tested without features."""

from collections.abc import Iterable
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from clients.market.calendar import calendar
from clients.register.models import Client
from kpm.strategies.models import CapacityBudget, Hit, Run, Strategy, StrategyVersion
from kpm.strategies.services.finding import FOUND
from kpm.strategies.services.judge import judge
from kpm.strategies.services.publish import publish

DAY = date(2026, 11, 19)


def version(code: str, **fields: Any) -> StrategyVersion:
    """A submitted version of a strategy of its own; a service task of the client's manager unless told otherwise."""
    family = fields.pop("family", code)
    strategy = Strategy.objects.create(
        code=code, name_zh=code, name_en=code, lifecycle="growth", business="trading", family=family
    )
    said = {
        "purpose": "service", "action": "task", "handler": "client_manager", "condition": "TRUE", "value": 100,
        "submitted_at": timezone.now(),
    }  # fmt: skip
    return StrategyVersion.objects.create(strategy=strategy, number=1, **{**said, **fields})


def budget(pool: str, capacity: int, day: date = DAY) -> None:
    """What a pool (or a person, `staff:<id>`) can take of what the data of a day find: on the next trading day."""
    work_day = calendar().shift(day, 1)
    CapacityBudget.objects.update_or_create(day=work_day, pool=pool, defaults={"capacity": capacity})


@contextmanager
def round_of(
    found: Iterable[tuple[StrategyVersion, Client]],
    *,
    day: date,
    now: datetime,
    evidence: str = "{}",
    prefers: str | None = None,
) -> Any:
    """Judge these rows in a transaction of their own, and lend the cursor over the working table `m`."""
    rows = list(found)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS found")
        cursor.execute(FOUND)
        for of, client in rows:
            row = [of.pk, client.pk, evidence, prefers]
            cursor.execute("INSERT INTO found VALUES (%s, %s, NULL, %s, '', %s)", row)
        judge(cursor, {of for of, _client in rows}, day=day, now=now, cal=calendar())
        yield cursor


def run(
    found: Iterable[tuple[StrategyVersion, Client]], *, now: datetime, day: date = DAY, evidence: str = "{}",
    unjudged: Iterable[StrategyVersion] = (),
) -> Run:  # fmt: skip
    """Judge and publish these rows as a run of the day; the `unjudged` versions run too and could not be judged."""
    rows = list(found)
    attempt = Run.objects.filter(day=day).count() + 1
    done = Run.objects.create(day=day, slot="after_settlement", attempt=attempt, cutoff=now, started_at=now)
    with round_of(rows, day=day, now=now, evidence=evidence) as cursor:
        blind = [of.pk for of in unjudged]
        publish(cursor, done, sorted({of.pk for of, _client in rows}), day=day, now=now, unjudged=blind)
    done.refresh_from_db()
    return done


def stops(done: Run) -> dict[tuple[str, str], str]:
    """Where each hit of a run stopped, by strategy and client name; "" for one within capacity."""
    rows = Hit.objects.filter(run=done).values_list("strategy__code", "client__name", "stopped_by")
    return {(code, name): reason for code, name, reason in rows}
