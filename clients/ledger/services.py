"""Actions on the ledger beside the import of files."""

from datetime import date

from django.db import transaction

from clients.ledger.models import MarginAccountDay, MarginContractDay, Position


@transaction.atomic
def prune_positions(*, keep_from: date) -> int:
    """This will delete the daily state (positions, margin rows) of days before `keep_from`; the number of rows.

    Call it only for days that the lake has: the record keeps five of them, the lake all.
    """
    daily = (Position, MarginAccountDay, MarginContractDay)
    return sum(model.objects.filter(day__lt=keep_from).delete()[0] for model in daily)
