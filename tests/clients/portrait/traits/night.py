"""Nights with traits, and what they conclude of a client."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from clients.portrait import catalogue, services
from clients.portrait.event_states import EVENT_DAYS, VISIT_DAYS
from clients.portrait.selectors import Concluded
from clients.portrait.traits import publishing, reading, wide
from clients.portrait.traits.trait import Trait
from clients.register.models import Client
from tests.clients.portrait.world import DAY, now

EVE = DAY - timedelta(days=1)  # a Thursday


def short(patch: pytest.MonkeyPatch, *traits: Trait) -> None:
    """Let nights conclude only these traits of what clients did on screen and declared, and compute little else."""
    chosen = tuple(one for one in catalogue.features() if one.group in ("account", "client", "portrait"))
    patch.setattr(catalogue, "features", lambda: chosen)
    patch.setattr(services, "STATES", ())
    patch.setattr(services, "LATE_STATES", ())
    patch.setattr(services, "DAY_TABLES", (EVENT_DAYS, VISIT_DAYS))
    for module in (publishing, reading, wide):
        patch.setattr(module, "TRAITS", traits)


def night(day: date = DAY, cutoff: datetime | None = None) -> str:
    """Mirror, compute and conclude; the version of the traits."""
    moment = cutoff or now()
    services.mirror_day(day=day, cutoff=moment)
    services.compute_features(day=day, cutoff=moment)
    return services.update_traits(day=day, cutoff=moment)


def of(client: Client, trait: str, day: date = DAY) -> Concluded:
    """What is concluded of a client in one trait."""
    portrait = reading.portrait_of(client.pk, day)
    assert portrait is not None
    return next(one for one in portrait.traits if one.name == trait)


def values(client: Client, day: date = DAY) -> dict[str, Any]:
    """The value of each trait of a client."""
    portrait = reading.portrait_of(client.pk, day)
    return {one.name: one.value for one in portrait.traits} if portrait else {}
