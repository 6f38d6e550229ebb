"""Rows and addresses for sweeps over every page of the admin."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from model_bakery import baker

from advisory.taskqueue.models import PlaybookVersion
from clients.org.models import AccessLog, User
from clients.register.models import Client
from kpm.strategies.models import StrategyVersion
from tests import factories
from tests.clients.org.rows import about
from tests.factories import NOW


def registered() -> list[type[Model]]:
    """Every model that the admin shows, by label."""
    return sorted(admin.site._registry, key=lambda model: model._meta.label)


def a_row(model: type[Model], client: Client) -> Any:
    """One row of a model; of a model about clients, one about this client."""
    access = getattr(model, "row_access", None)
    if access and access.on_client("pk"):
        return about(client, model)
    if model is User:
        return factories.staff("Somebody").user
    if model is AccessLog:
        return AccessLog.objects.create(staff=factories.staff("Somebody"), client_id=client.pk, action="x", at=NOW)
    if model is PlaybookVersion:
        return factories.playbook()
    if model is StrategyVersion:
        return baker.make(StrategyVersion, condition="cash_ratio > 0.5", submitted_at=None)
    if model is PeriodicTask:
        every = IntervalSchedule.objects.create(every=1, period="hours")
        return PeriodicTask.objects.create(name="hourly", task="shared.sweep", interval=every)
    return baker.make(model, **FIXED.get(model._meta.label, {}))


FIXED: dict[str, dict[str, Any]] = {
    "collect.WriteKey": {"kind": "public", "value": "a key that anybody may read"},
    "market.TradingDay": {"exchange_id": "OTC"},
    "market.BoardRule": {"effective_from": date(2020, 1, 1)},
    "market.Product": {"risk_level": 3},
    "org.Cover": {"starts_at": NOW, "ends_at": NOW.replace(hour=5)},
    "register.SuitabilityRule": {"product_level": 3, "effective_from": date(2020, 1, 1)},
    "strategies.GoalRate": {"rate": 0.05},
    "strategies.Segment": {"condition": "cash_ratio > 0.5"},
    "strategies.UniversalDraw": {"from_day": date(2026, 1, 5), "to_day": date(2026, 7, 5), "pct": 1},
    "strategies.Suppression": {"count": 1, "window": 20, "duration": 20},
    "strategies.ServiceStop": {"reason": "a drill", "from_at": NOW, "scope": "company"},
    "django_celery_beat.SolarSchedule": {"latitude": 31, "longitude": 121, "event": "sunrise"},
    "django_celery_beat.ClockedSchedule": {"clocked_time": NOW},
}


def pages_of(model: type[Model], row: Any) -> Iterator[tuple[str, str]]:
    """The pages of one model: list, add, change, history, delete; each with its address."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    yield "list", reverse(f"{name}_changelist")
    yield "add", reverse(f"{name}_add")
    for page in ("change", "history", "delete"):
        yield page, reverse(f"{name}_{page}", args=[row.pk])
