"""One row of any model with client data, about a given client: for sweeps over all models."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Model
from model_bakery import baker
from model_bakery.recipe import seq

from clients.register.models import Client

# What a random row of a model must not leave to chance, because the database checks it.
FIXED: dict[str, dict[str, Any]] = {
    "register.ClientGrant": {
        "granted_at": datetime(2020, 1, 1, tzinfo=UTC),
        "expires_at": datetime(2020, 1, 2, tzinfo=UTC),
    },
    "register.RiskAssessment": {"level": 3, "assessed_on": date(2026, 1, 5), "valid_to": date(2027, 1, 4)},
    "ledger.Trade": {"day": date(2026, 11, 20)},
    "ledger.CashFlow": {"day": date(2026, 11, 20)},
    "ledger.ProductHolding": {"product__risk_level": 3},
    "outcomes.Outcome": {"reason": "waits"},
    "strategies.UniversalHoldout": {
        "draw__from_day": seq(date(2000, 1, 1), increment_by=timedelta(days=1)),  # no two begin on the same day
        "draw__to_day": date(2099, 12, 31),
        "draw__pct": 1,
    },
}


def models_with_clients() -> list[type[Model]]:
    """Every model of the house whose rows are about a client."""
    declared = [model for model in apps.get_models() if getattr(model, "row_access", None) is not None]
    return [model for model in declared if model.row_access.on_client("pk")]


def about(client: Client, model: type[Model]) -> Model:
    """A row of `model` about this client, in his branch, with nobody at work on it."""
    access = model.row_access  # type: ignore[attr-defined]
    if access.is_client:
        return client
    given = {access.client: client, **FIXED.get(model._meta.label, {})}
    if access.branch:
        given[access.branch] = client.branch
    return baker.make(model, **given)
