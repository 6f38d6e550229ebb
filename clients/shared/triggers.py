"""Triggers that several apps put on their tables."""

from collections.abc import Callable
from typing import TypeVar

import pghistory
import pgtrigger
from django.db.models import Model

Table = TypeVar("Table", bound=type[Model])


def append_only() -> list[pgtrigger.Trigger]:
    """Refuse UPDATE and DELETE on a table of facts: a correction is a new line."""
    return [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


def frozen_once(field: str) -> list[pgtrigger.Trigger]:
    """Refuse UPDATE and DELETE of a row from the moment that `field` has a value: what follows is a new row."""
    return [
        pgtrigger.Protect(
            name=f"frozen_once_{field}",
            operation=pgtrigger.Update | pgtrigger.Delete,
            condition=pgtrigger.Q(**{f"old__{field}__isnull": False}),
        )
    ]


def history(name: str) -> Callable[[Table], Table]:
    """Keep every state that a row of the table had, and its end, in the model `name`, where nothing is taken back.

    The lines are written by trigger, so updates of many rows and plain SQL leave their line too.
    """
    kept = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
    return pghistory.track(*kept, model_name=name, append_only=True)  # type: ignore[no-any-return]
