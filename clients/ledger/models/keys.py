"""Keys of tables whose rows come by the hundred thousand."""

from typing import Any

from django.db import models


def loose_key(to: type[models.Model], **options: Any) -> Any:
    """A key that the importer's merge has already checked: no constraint, no index of its own."""
    return models.ForeignKey(to, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False, **options)
