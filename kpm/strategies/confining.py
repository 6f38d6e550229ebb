"""Rows of features of some branches only."""

from collections.abc import Iterable

from clients.org.models import Branch


def confined(relation: str, places: Iterable[Branch | None]) -> str:
    """Return SQL for the rows of clients who belong to all of these branches or those below them; None is everywhere.

    The numbers are ours, so nothing foreign enters.
    """
    bounds = [place.path for place in places if place is not None]
    if not bounds:
        return relation
    below = Branch.objects.all()
    for path in bounds:
        below = below.filter(path__startswith=path)
    numbers = ", ".join(str(int(number)) for number in below.values_list("pk", flat=True)) or "NULL"
    return f"(SELECT * FROM {relation} WHERE branch_id IN ({numbers}))"
