"""What clients answered to the hits of versions, for the limits that no version may cross (STRATEGY 8.4)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count

from kpm.strategies.models import HitFeedback


@dataclass(frozen=True)
class Answered:
    """Hits that clients answered, and how many of them with each answer."""

    n: int = 0
    by_answer: Mapping[str, int] = field(default_factory=dict)


def answered(versions: Iterable[int], *, until: datetime) -> dict[int, Answered]:
    """Return for versions that were answered what was answered up to a moment; a hit counts once for each answer."""
    rows = HitFeedback.objects.filter(hit__version__in=list(versions), at__lte=until).exclude(response="")
    of = rows.order_by().values("hit__version")
    by_answer: dict[int, dict[str, int]] = defaultdict(dict)
    for row in of.values("hit__version", "response").annotate(n=Count("hit", distinct=True)):
        by_answer[row["hit__version"]][row["response"]] = row["n"]
    totals = of.annotate(n=Count("hit", distinct=True)).values_list("hit__version", "n")
    return {version: Answered(n, by_answer[version]) for version, n in totals}
