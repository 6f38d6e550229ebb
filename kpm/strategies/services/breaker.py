"""Whether a run found what is usual and what was signed, judged after step 7: else the version is held (STRATEGY 8.3).

The other versions of the run go on. What is held takes no slots, for its clients served or held out, and nothing of it
is delivered until an approver has released it with a reason.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from statistics import median
from typing import Any

from django.db import transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from clients.lake import manifest as manifests
from clients.org.models import User
from clients.portrait import spreads
from clients.register.models import Client
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.contact import NEVER_STOPPED
from kpm.strategies.figures import Breaker, breaker, breaker_of, launch
from kpm.strategies.models import Funnel, Run, Signature, Stage, StrategyHold, StrategyVersion
from kpm.strategies.models.runs import WITHIN_THE_DAY
from kpm.strategies.services.alarms import due
from kpm.strategies.services.approvals import CannotChange, Kind, band, is_installed, must_sign, note
from kpm.strategies.services.places import Place
from kpm.strategies.usual import usual_count

log = logging.getLogger(__name__)
MATCHED = "SELECT version_id, count(*) FROM m GROUP BY 1"
DONE = (Run.State.PUBLISHED, Run.State.SUPERSEDED)
Night = Mapping[str, spreads.Lying]


@dataclass(frozen=True)
class Finding:
    """Something outside of what is usual or signed."""

    kind: str
    what: str
    value: float
    usual: float | None = None
    limit: float | None = None


def hold(cursor: CursorWrapper, run: Run, places: Sequence[Place], now: datetime) -> list[tuple[int, str]]:
    """This will write what a run found amiss, and return the versions that it holds, each with the reason of step 8.

    `m` is the working table of the run, its rows before arbitration.
    """
    cursor.execute(MATCHED)
    matched = dict(cursor.fetchall())
    found = [place for place in places if place.version.pk in matched]
    (tonight, before), homes = _nights(run.day), cache(_clients_by_branch)
    for place in found:
        for finding in _findings(place, run, matched[place.version.pk], tonight, before, homes):
            _keep(place.version, run, finding, now)
    rows = StrategyHold.objects.filter(version__in=[place.version.pk for place in found], released_at__isnull=True)
    return list(rows.order_by("version_id", "kind").distinct("version_id").values_list("version_id", "kind"))


def _nights(day: date) -> tuple[Night, list[Night]]:
    """How the features lie on the last night up to `day`, and on those before it."""
    days = [one for one in manifests.days(spreads.TABLE) if one <= day][-breaker().nights - 1 :]
    lying = [spreads.lying(one) for one in days]
    return (lying[-1], lying[:-1]) if lying else ({}, [])


def _clients_by_branch() -> dict[int, int]:
    rows = Client.objects.exclude(status=Client.Status.CLOSED).values_list("branch")
    return dict(rows.annotate(n=Count("pk")).order_by())


def _findings(
    place: Place, run: Run, matched: int, tonight: Night, before: list[Night], homes: Callable[[], dict[int, int]]
) -> Iterator[Finding]:
    limits = breaker_of(place.version.breaker)
    yield from _signed(place, run, matched)
    yield from _counted(place, run, matched, limits, homes)
    if len(before) >= limits.least_nights:
        for name in place.version.features:
            yield from _moved(name, tonight, before, limits)


def _signed(place: Place, run: Run, matched: int) -> Iterator[Finding]:
    """Until a run over everybody has delivered, it has to find what was signed; the installation signs nothing.

    A slot within the day looks at few clients: it cannot find too few, and says nothing of what the night will find.
    """
    version, some = place.version, run.slot in WITHIN_THE_DAY
    if is_installed(version) or _has_delivered(version):
        return
    signature = version.signatures.order_by("-pk").first()
    if signature is None:
        yield Finding(StrategyHold.Kind.SIGNATURE, "matched", matched)
        return
    here, low, high = _band(signature, place)
    if matched > high or (matched < low and not some):
        yield Finding(StrategyHold.Kind.SIGNATURE, "matched", matched, here, high if matched > high else low)


def _has_delivered(version: StrategyVersion) -> bool:
    reached = Funnel.objects.filter(version=version, step=Stage.WON_ARBITRATION, reason="")
    return reached.exclude(run__slot__in=WITHIN_THE_DAY).exists()


def _band(signature: Signature, place: Place) -> tuple[float, float, float]:
    """What was signed, for the branches in which the version runs."""
    if place.branches is None or not signature.branches:
        return signature.matched, signature.low, signature.high
    here = sum(signature.branches.get(str(branch), 0) for branch in place.branches)
    share, least = (here / signature.matched if signature.matched else 0), launch().band_least
    return here, max(min(signature.low * share, here - least), 0), max(signature.high * share, here + least)


def _counted(
    place: Place, run: Run, matched: int, limits: Breaker, homes: Callable[[], dict[int, int]]
) -> Iterator[Finding]:
    if matched < limits.least_hits:
        return
    past = {} if run.slot in WITHIN_THE_DAY else _past(place, run, limits)
    expected = usual_count(past, run.day, _runs(run, since=min(past))) if len(past) >= limits.least_runs else None
    if expected is not None and matched > limits.times * expected:
        yield Finding(StrategyHold.Kind.BREAKER, "median", matched, expected, limits.times * expected)
    meant = sum(n for branch, n in homes().items() if place.branches is None or branch in place.branches)
    if matched > limits.share * meant:
        yield Finding(StrategyHold.Kind.BREAKER, "share", matched, None, limits.share * meant)


def _runs(run: Run, since: date) -> list[date]:
    """The days from one on, up to that of this run, on which its slot ran."""
    rows = Run.objects.filter(slot=run.slot, state__in=DONE, day__range=(since, run.day))
    return sorted(set(rows.values_list("day", flat=True)))


def _past(place: Place, run: Run, limits: Breaker) -> dict[date, int]:
    """What the version matched on the days of its last runs of this slot, since it runs in these branches."""
    rows = Funnel.objects.filter(version=place.version, step=Stage.MATCHED, reason="", run__slot=run.slot)
    rows = rows.filter(run__state__in=DONE, run__day__lt=run.day)
    begun = place.version.steps.filter(started_on__isnull=False).order_by("-order").values_list("started_on", flat=True)
    if begun:
        rows = rows.filter(run__day__gte=begun[0])
    newest = rows.values("run", "run__day").annotate(n=Sum("n")).order_by("-run")[: limits.runs]
    return {row["run__day"]: row["n"] for row in reversed(newest)}


def _moved(name: str, tonight: Night, before: list[Night], limits: Breaker) -> Iterator[Finding]:
    """A feature that is unknown for many more clients than usual, or whose median is of another size."""
    nights = [night[name] for night in before if name in night and night[name].clients]
    if name not in tonight or len(nights) < limits.least_nights or not tonight[name].clients:
        return
    now, usual = _unknown(tonight[name]), median(_unknown(night) for night in nights)
    if now > usual + limits.unknown_more:
        yield Finding(StrategyHold.Kind.BREAKER, f"unknown:{name}", now, usual, usual + limits.unknown_more)
    middles = [night.median for night in nights if night.median is not None]
    found = tonight[name].median
    if found is None or len(middles) < limits.least_nights or not (typical := median(middles)):
        return
    if not found:
        if abs(typical) > limits.median_times * _least(name):
            yield Finding(StrategyHold.Kind.BREAKER, f"zero:{name}", abs(typical), abs(typical))
        return
    times = max(abs(found / typical), abs(typical / found))
    if times > limits.median_times:
        yield Finding(StrategyHold.Kind.BREAKER, f"size:{name}", times, 1.0, limits.median_times)


def _least(name: str) -> float:
    """What a median of zero counts as: a whole number has nothing between it and one, another may be any size."""
    return 0.5 if name in catalogue() and catalogue()[name].dtype == "int" else 0.0


def _unknown(lying: spreads.Lying) -> float:
    return lying.unknown / lying.clients


def _keep(version: StrategyVersion, run: Run, finding: Finding, now: datetime) -> None:
    """Write a finding, unless a person has released as much before."""
    released = StrategyHold.objects.filter(version=version, kind=finding.kind, what=finding.what)
    most = released.filter(released_at__isnull=False).order_by("-value").values_list("value", flat=True).first()
    seen = most * breaker_of(version.breaker).released_times if most is not None else 0.0
    if finding.kind == StrategyHold.Kind.BREAKER and finding.value <= seen:
        return
    said: dict[str, Any] = {
        "run": run, "value": finding.value, "usual": finding.usual, "limit": finding.limit, "held_at": now,
        "due_at": due(version, now),
    }  # fmt: skip
    _row, created = StrategyHold.objects.get_or_create(
        version=version, kind=finding.kind, what=finding.what, released_at=None, defaults=said
    )
    if created:
        loud = log.error if version.purpose in NEVER_STOPPED else log.warning
        loud("%s is held in %s: %s is %s, usual %s", version, run, finding.what, finding.value, finding.usual)


@transaction.atomic
def release(*, hold: StrategyHold, by: User, now: datetime, reason: str) -> StrategyHold:
    """This will let a held version run again from the next run on, at the word of an approver who wrote nothing of it.

    Of a number outside of the signed band that is a new signature, under the number that was found.
    """
    row = (
        StrategyHold.objects.select_for_update(of=("self",)).select_related("version__strategy", "run").get(pk=hold.pk)
    )
    must_sign(row.version, by, now)
    if row.released_at is not None:
        raise CannotChange(_("This is released already."))
    if not reason.strip():
        raise CannotChange(_("Say why; the reason is kept."))
    row.released_by, row.released_at, row.reason = by, now, reason.strip()[:500]
    row.save(update_fields=["released_by", "released_at", "reason"])
    signs = row.kind == StrategyHold.Kind.SIGNATURE
    if signs:
        _sign_found(row, by, now)
    note(row.version, Kind.SIGNED if signs else Kind.RELEASED, by=by, now=now, said=f"{row.what}: {row.reason}"[:500])
    return row


def _sign_found(row: StrategyHold, by: User, now: datetime) -> None:
    low, high = band(int(row.value), None)
    Signature.objects.create(
        version=row.version, matched=int(row.value), low=low, high=high, run=row.run, by=by, at=now, comment=row.reason
    )


def said(places: Sequence[Place]) -> str:
    """Return what people released or signed of these versions, for the input of a run: it is judged anew after that."""
    versions = [place.version.pk for place in places]
    released = StrategyHold.objects.filter(version__in=versions, released_at__isnull=False).order_by("pk")
    return ",".join(str(pk) for pk in released.values_list("pk", flat=True))
