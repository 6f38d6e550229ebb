"""What the pages of success cases show, within what the person asking may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.market.calendar import calendar
from clients.org import access
from clients.org.models import Branch, User
from clients.register.models import Client
from clients.shared import clock
from kpm.outcomes.cases.wording import in_words
from kpm.outcomes.models import CaseSearch, SuccessCase
from kpm.outcomes.selectors import standing
from kpm.strategies.models import Hit, Strategy
from kpm.strategies.models.events import VersionEvent

MOST = 500  # clients that a form is filled with
# Stations of the way from a case to other branches, by what was done to a version of its strategy.
STATIONS = {
    VersionEvent.Kind.SUBMITTED: _("submitted"),
    VersionEvent.Kind.APPROVED: _("approved"),
    VersionEvent.Kind.PILOTED: pgettext_lazy("of a success case", "pilot begun"),
    VersionEvent.Kind.STEPPED: pgettext_lazy("of a success case", "rolled on"),
    VersionEvent.Kind.LAUNCHED: pgettext_lazy("of a success case", "live in the company"),
}


@dataclass(frozen=True)
class Station:
    """One step on the way of a case: when, what, and who did it ("" the system)."""

    at: datetime
    what: str | Promise
    who: str


@dataclass(frozen=True)
class Spread:
    """A branch that the strategy of a case has served clients in: how many, and since when."""

    branch: Branch
    own: bool
    served: int
    since: datetime


def listed() -> QuerySet[SuccessCase]:
    """Return all cases, the newest first, with how many clients each has."""
    return (
        SuccessCase.objects.select_related("branch", "author__staff", "made")
        .annotate(n=Count("clients"))
        .order_by("-pk")
    )


def last_search(case: SuccessCase) -> CaseSearch | None:
    """Return the newest search of a case."""
    return case.searches.first()


def told(search: CaseSearch | None) -> list[dict[str, Any]]:
    """Return the rules of a search with their sentences, and the share of searches that found them again."""
    rules = search.rules if search else []
    return [rule | _beside(rule, _asked_already(search)) for rule in rules]


def _beside(rule: dict[str, Any], known: set[str]) -> dict[str, Any]:
    columns = {one["column"] for one in rule["rule"]}
    return {"words": in_words(rule["rule"]), "again": f"{rule['stable']:.0%}", "repeats": columns <= known}


def _asked_already(search: CaseSearch | None) -> set[str]:
    """The features that the strategy behind a case reads."""
    version = search.case.origin.live_version if search and search.case.origin else None
    return set(version.features) if version else set()


def clients_of(case: SuccessCase, user: User, now: datetime) -> list[int]:
    """Return the clients of a case whom a person may see, by number."""
    seen = Client.objects.filter(access.scope(user, Client, now=now))
    return list(case.clients.filter(client__in=seen).order_by("pk").values_list("client_id", flat=True))


def spread(case: SuccessCase) -> list[Spread]:
    """Return the branches in which the strategy of a case has been delivered, the first one first."""
    if case.made_id is None:
        return []
    rows = _delivered(case).values("branch").annotate(n=Count("pk"), since=Min("delivered_at")).order_by("since")
    branches = Branch.objects.in_bulk([row["branch"] for row in rows])
    return [
        Spread(branch, _own(case, branch), row["n"], row["since"])
        for row in rows
        if (branch := branches[row["branch"]])
    ]


def _delivered(case: SuccessCase) -> QuerySet[Hit]:
    return Hit.objects.filter(strategy=case.made_id, delivered_at__isnull=False)


def _own(case: SuccessCase, branch: Branch) -> bool:
    """The branch that wrote it and those below; what head office wrote belongs to head office alone."""
    below = case.branch.parent_id is not None and branch.path.startswith(case.branch.path)
    return below or branch.pk == case.branch_id


def first_elsewhere(case: SuccessCase) -> datetime | None:
    """Return when the strategy of a case first served a client of another branch; None while it has not."""
    return next((one.since for one in spread(case) if not one.own), None)


def days_to_another_branch(case: SuccessCase) -> int | None:
    """Return the trading days from writing a case to its first service in another branch; None while there is none."""
    at = first_elsewhere(case)
    if at is None:
        return None
    return calendar().count(clock.shanghai_day(case.written_at), clock.shanghai_day(at))


def way(case: SuccessCase) -> list[Station]:
    """Return the steps of people and of the system from the case to other branches, in their order."""
    found = [Station(case.written_at, pgettext_lazy("of a success case", "written"), _name(case.author))]
    found += [Station(one.asked_at, _("searched for what its clients have in common"), _name(one.asked_by))
              for one in case.searches.select_related("asked_by__staff")]  # fmt: skip
    if case.made_id is not None and case.made_at is not None:
        found += [Station(case.made_at, pgettext_lazy("of a success case", "strategy drafted"), _name(case.made_by))]
        found += _of_versions(case)
    if at := first_elsewhere(case):
        found.append(Station(at, _("first client served in another branch"), ""))
    return sorted(found, key=lambda one: one.at)


def _of_versions(case: SuccessCase) -> list[Station]:
    rows = VersionEvent.objects.filter(version__strategy=case.made_id, kind__in=STATIONS).select_related("by__staff")
    return [Station(row.at, STATIONS[VersionEvent.Kind(row.kind)], _name(row.by)) for row in rows]


def _name(user: User | None) -> str:
    staff = getattr(user, "staff", None)
    return staff.name if staff else ""


def good_results(strategy: Strategy, user: User, now: datetime) -> list[tuple[str, date]]:
    """Return clients whom a strategy was delivered to and who reached its goal, as far as a person may see them.

    Each with the day of the delivery, the newest first.
    """
    seen = Client.objects.filter(access.scope(user, Client, now=now))
    reached = standing().filter(value=True).values("hit")
    rows = Hit.objects.filter(Q(pk__in=reached), strategy=strategy, delivered_at__isnull=False, client__in=seen)
    found = rows.order_by("-delivered_at").values_list(F("client__client_no"), "delivered_at")[:MOST]
    return [(number, clock.shanghai_day(at)) for number, at in found]


def lines(found: Iterable[tuple[str, date]]) -> str:
    """Return clients as the form takes them, one a line."""
    return "\n".join(f"{number} {day}" for number, day in found)
