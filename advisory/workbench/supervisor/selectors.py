"""Whom the branches of a supervisor serve, weighed by what the clients pay.

Served is who saw or answered at least one service in the last trading days: a message that he read, a task whose
result says that he was reached. A reminder to his manager is none. Everything lies within the supervisor's subtree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from advisory.taskqueue.models import Disposition
from advisory.workbench.supervisor import reasons
from clients.behaviour.models import BusinessFact
from clients.ledger.models import CommissionMonth
from clients.ledger.services import first_month
from clients.market.calendar import calendar
from clients.org import access
from clients.org.models import Staff, User
from clients.register.models import Client
from clients.shared import clock, masking
from clients.shared.masking import Level
from kpm.outcomes.selectors import stopped_early
from kpm.strategies.models import Hit

SERVED_WITHIN = 20  # trading days
PAID_WITHIN = 12  # months, the present one among them


@dataclass(frozen=True)
class Times:
    """Commission counts from the month `paid_since`, services from the day `served_since`."""

    paid_since: date
    served_since: date


@dataclass(frozen=True)
class Share:
    """Commission of the clients who were served, and of all, in CNY."""

    served: Decimal
    total: Decimal

    @property
    def ratio(self) -> Decimal | None:
        """The served share; unknown when nobody paid."""
        return self.served / self.total if self.total > 0 else None


@dataclass(frozen=True)
class Unserved:
    """A client whom nobody served; his name as this person may read it."""

    client: Client
    name: str
    commission: Decimal
    why: reasons.Words


def times(now: datetime) -> Times:
    """Return from when on commission and services count."""
    today = clock.shanghai_day(now)
    return Times(first_month(today, PAID_WITHIN), calendar().window(today, SERVED_WITHIN)[0])


def served_share(user: User, staff: Staff, when: Times, now: datetime) -> Share:
    """Return how much of the commission comes from clients who were served."""
    found = _paid(user, staff, when, now).aggregate(
        total=Sum("amount"), served=Sum("amount", filter=Q(client_id__in=_served(when)))
    )
    return Share(found["served"] or Decimal(0), found["total"] or Decimal(0))


def unserved(user: User, staff: Staff, when: Times, now: datetime) -> QuerySet[Any, Any]:
    """Return the clients whom nobody served, as `client_id` and `commission`, the largest first."""
    rows = _paid(user, staff, when, now).exclude(client_id__in=_served(when))
    summed = rows.values("client_id").annotate(commission=Sum("amount"))
    return summed.filter(commission__gt=0).order_by("-commission", "client_id")


def shown(user: User, rows: Sequence[dict[str, Any]], when: Times, now: datetime) -> list[Unserved]:
    """Return what a page says of these clients: name, commission, why, in the order given."""
    ids = [row["client_id"] for row in rows]
    clients = Client.objects.select_related("manager", "branch").in_bulk(ids)
    why = _why(ids, when, now)
    level = access.field_level(user, "name", now=now)
    return [
        Unserved(client, _name(client, level), row["commission"], why.get(client.pk, reasons.NO_HIT))
        for row in rows
        if (client := clients.get(row["client_id"]))
    ]


def _paid(user: User, staff: Staff, when: Times, now: datetime) -> QuerySet[CommissionMonth]:
    below = CommissionMonth.objects.filter(client__branch__path__startswith=staff.branch.path)
    return below.filter(access.scope(user, CommissionMonth, now=now), month__gte=when.paid_since)


def _served(when: Times) -> QuerySet[BusinessFact, Any]:
    """The clients with a service that they saw or answered. Nothing arrives before it happened."""
    since = clock.at_shanghai(when.served_since, time.min)
    reached = Disposition.objects.filter(kind=Disposition.Kind.CONTACT, reached=True).values_list("code", flat=True)
    seen = Q(kind="message_read") | Q(kind="task_result", properties__contact__in=list(reached))
    facts = BusinessFact.objects.filter(seen, client__isnull=False, at__gte=since, arrived_at__gte=since)
    return facts.values("client_id")


def _why(ids: list[int], when: Times, now: datetime) -> dict[int, reasons.Words]:
    """Of each client the hit that came nearest to serving him; before the record keeps one, what the lake says."""
    hits = Hit.objects.filter(client__in=ids, last_day__gte=when.served_since).select_related("version")
    nearest = hits.order_by("client_id", "-stage", "-last_day", "-pk").distinct("client_id")
    found = {hit.client_id: reasons.of_hit(hit) for hit in nearest}
    others = [pk for pk in ids if pk not in found]
    early = stopped_early(others, since=when.served_since, until=clock.shanghai_day(now))
    return found | {pk: reasons.of_code(code) for pk, code in early.items()}


def _name(client: Client, level: Level) -> str:
    """Somebody whose role says nothing of names reads the first character."""
    return masking.apply(level, client.name, masking.mask_name) or masking.mask_name(client.name)
