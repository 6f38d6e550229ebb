"""One night for all tests of a module: a world is built, described and gone again; what is left are its rows."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from clients.portrait import catalogue, selectors
from clients.register.models import Client
from tests.clients.portrait.world import DAY, run

Rows = dict[str, dict[str, Any]]


def only(patch: pytest.MonkeyPatch, *groups: str) -> None:
    """Compute only these groups, and the one that the gates need: a night is over sooner."""
    chosen = tuple(feature for feature in catalogue.features() if feature.group in ("account", *groups))
    patch.setattr(catalogue, "features", lambda: chosen)


def rows_of_a_night(build: Callable[[], Mapping[str, Client]], group: str, folder: Path, blocker: Any) -> Rows:
    """Return the row of each client by the name that `build` gives him; the fixture `django_db_setup` must be there."""
    with pytest.MonkeyPatch.context() as patch, blocker.unblock(), override_settings(LAKE_DIR=folder / "lake"):
        only(patch, group)
        with transaction.atomic():
            clients = build()
            run()
            rows = {name: selectors.feature_row(DAY, client.pk) or {} for name, client in clients.items()}
            transaction.set_rollback(True)
    return rows
