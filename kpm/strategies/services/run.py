"""One slot of a day: match every live version, judge, publish. Killed anywhere and run again, it ends the same.

Features come from the lake; everything from matching to the published run is one database transaction, so a run
that dies leaves only its row in state `running`, which the next call takes up again.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from functools import partial

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet

from clients.market.calendar import calendar
from clients.portrait import selectors as portrait
from clients.portrait import services as features
from clients.shared import clock
from clients.shared.advisory import Space
from kpm.engine.match import Broken
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.models import Hit, Run, RunStep, StrategyVersion
from kpm.strategies.models.runs import AFTER_SETTLEMENT, EVENT, IN_SESSION, OF_TODAY, PRE_OPEN, WITHIN_THE_DAY
from kpm.strategies.services.breaker import hold
from kpm.strategies.services.breaker import said as released
from kpm.strategies.services.finding import find
from kpm.strategies.services.judge import judge
from kpm.strategies.services.lines import write_lines
from kpm.strategies.services.places import Place, confine, running
from kpm.strategies.services.publish import NotRunning, publish
from kpm.strategies.services.stepping import Steps
from kpm.strategies.services.withdrawing import over, withdraw

log = logging.getLogger(__name__)
LONGEST_IMPORT = timedelta(minutes=15)


class NoFeatures(Exception):
    """The features of the day are not complete, so nothing may be concluded from them."""


def run_slot(*, day: date, slot: str = AFTER_SETTLEMENT, now: datetime) -> Run:
    """This will run every live version scheduled for `slot` over the features of `day`; the published run.

    The same input again returns the run that is already published. Raises NoFeatures when the day has none, and
    NotRunning when the attempt was declared failed before its turn came: nothing of it is published.
    """
    rows = slot if slot in OF_TODAY else ""
    snapshot = portrait.feature_version(day, rows)
    if snapshot is None:
        raise NoFeatures(f"There are no features for {day}; run the features step first.")
    places = running(slot)
    known = "\n".join([snapshot, *sorted(portrait.failed_groups(day, rows))])
    run = _begin(day, slot, _input_hash(known, places), now)
    if run.state == Run.State.PUBLISHED:
        return run
    with transaction.atomic(), connection.cursor() as cursor:
        # Two workers with the same slot: the second waits here and then finds the run published.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [Space.RUN, f"{day}:{slot}"])
        run.refresh_from_db()
        if run.state == Run.State.RUNNING:
            _do(cursor, run, places, now)
    run.refresh_from_db()
    if run.state == Run.State.FAILED:
        raise NotRunning(f"{run} was declared failed meanwhile: {run.error} Nothing of it is published; run it again.")
    return run


def run_within_the_day(*, slot: str = EVENT, now: datetime) -> Run | None:
    """This will run a slot for the clients of whom something arrived since its last run; None when nothing did.

    Before the first night, while another worker is at it, from a change of the feature catalogue until the next night,
    and until a state that cannot be carried on is mended, nothing happens. Of a feature group whose file fails only the
    versions that read it rest.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [Space.WITHIN_THE_DAY, slot])
        if not cursor.fetchone()[0]:
            return None
        try:
            return _unless_at_fault(slot, lambda: _within_the_day(slot, now))
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [Space.WITHIN_THE_DAY, slot])


def _unless_at_fault(slot: str, work: Callable[[], Run | None]) -> Run | None:
    try:
        return work()
    except features.OtherCatalogue as fault:
        log.warning("%s", fault)
    except features.CannotCarryOn as fault:
        log.error("the slot %s rests until this is mended: %s", slot, fault)
    return None


def run_morning(*, slot: str = PRE_OPEN, now: datetime, seen: datetime | None = None) -> Run | None:
    """This will run a slot of the morning for everybody, on last night's features with what came since; None when not.

    `seen` is the moment up to which rows must have arrived where a morning of the past is lived again, whose rows were
    noted by a later clock. Before the opening nothing runs on a day without trading; once the day's own features are
    there, its morning is over. As within the day nothing happens before the first night and until a fault is mended.
    """
    day = clock.shanghai_day(now)
    night = portrait.last_feature_day(day)
    if night is None or night == day or (slot == PRE_OPEN and not calendar().is_open(day)):
        return None
    return _unless_at_fault(slot, lambda: _morning(slot, day, night, now, seen or now))


def _morning(slot: str, day: date, night: date, now: datetime, seen: datetime) -> Run:
    features.compute_morning(slot=slot, day=day, night=night, cutoff=seen)
    return run_slot(day=day, slot=slot, now=now)


def _within_the_day(slot: str, now: datetime) -> Run | None:
    day = clock.shanghai_day(now)
    night = portrait.last_feature_day(day)
    done = Run.objects.filter(slot=slot, state__in=[Run.State.PUBLISHED, Run.State.SUPERSEDED])
    last = done.order_by("-cutoff").first()
    # An import stamps its rows when it begins and shows them when it is done: what began before is looked at again.
    since = last.cutoff - LONGEST_IMPORT if last else clock.at_shanghai(day, time())
    if slot == IN_SESSION:  # what an evening's files brought was looked at that night
        since = max(since, clock.at_shanghai(day, time()))
    if night is None or not features.compute_slot(slot=slot, day=day, night=night, cutoff=now, since=since):
        return None
    run = run_slot(day=day, slot=slot, now=now)
    # Nothing had changed since the last run: it is that run, and has now seen what arrived until now.
    Run.objects.filter(pk=run.pk, cutoff__lt=now).update(cutoff=now)
    return run


def _begin(day: date, slot: str, inputs: str, now: datetime) -> Run:
    """The published or unfinished run of this very input, else a new attempt."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [Space.RUN_BEGINS, f"{day}:{slot}"])
        attempts = Run.objects.filter(day=day, slot=slot)
        _fail_abandoned(cursor, attempts.filter(state=Run.State.RUNNING).exclude(input_hash=inputs), day, slot)
        same = attempts.filter(input_hash=inputs, state__in=[Run.State.PUBLISHED, Run.State.RUNNING]).first()
        return same or Run.objects.create(
            day=day, slot=slot, attempt=attempts.count() + 1, input_hash=inputs, cutoff=now, started_at=now,
            catalogue_version=catalogue().version,
        )  # fmt: skip


def _fail_abandoned(cursor: CursorWrapper, running: QuerySet[Run], day: date, slot: str) -> None:
    """What began with another input will not be taken up again, unless somebody is at it this moment."""
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [Space.RUN, f"{day}:{slot}"])
    if cursor.fetchone()[0]:
        running.update(state=Run.State.FAILED, error="The input changed before this attempt was done.")


def _input_hash(known: str, places: list[Place]) -> str:
    said = (f"{place.version.pk}:{place.version.condition_hash}:{place.said}" for place in places)
    parts = [known, catalogue().version, released(places), *said]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _do(cursor: CursorWrapper, run: Run, places: list[Place], now: datetime) -> None:
    versions = [place.version for place in places]
    cal, whole = calendar(), run.slot not in WITHIN_THE_DAY
    blind = _blind(versions, run)
    sound = [version for version in versions if version.pk not in {fault.version for fault in blind}]
    steps = Steps(run, now)
    broken = find(cursor, sound, steps, run.day, run.slot if run.slot in OF_TODAY else "") + blind
    confine(cursor, places)
    RunStep.objects.filter(run=run, step="match").update(error=_told(versions, broken))
    judged = [version.pk for version in sound if version.pk not in {fault.version for fault in broken}]
    guard = partial(hold, run=run, places=places, now=now)
    judge(
        cursor, versions, day=run.day, now=now, cal=cal, whole=whole, today=run.slot in OF_TODAY, steps=steps,
        guard=guard,
    )  # fmt: skip
    with steps.doing("lines") as done:
        done.rows_out = write_lines(cursor, run, [fault.version for fault in broken] if whole else [])
    gone = over(versions)
    with steps.doing("publish") as done:
        rest = [version.pk for version in versions if version.pk not in judged]
        done.rows_out = publish(
            cursor, run, judged if whole else [], day=run.day, now=now, whole=whole, unjudged=rest
        )  # fmt: skip
        withdraw(hits=Hit.objects.filter(run=run, version__in=gone), reason="rolled_back", now=now)


def _blind(versions: list[StrategyVersion], run: Run) -> list[Broken]:
    """Versions that read a feature which is unknown for everybody, each with the feature and why.

    Its source brought nothing, the file of its group failed, or nothing fills it yet. They are not judged, and nothing
    of theirs is withdrawn.
    """
    unknown = portrait.blind_within(portrait.last_feature_day(run.day) or run.day, run.slot, run.day)
    return [Broken(version.pk, _why(version, unknown)) for version in versions if _why(version, unknown)]


def _why(version: StrategyVersion, unknown: Mapping[str, str]) -> str:
    """What is unknown of what a version reads; features of one file are named together."""
    reasons: dict[str, list[str]] = {}
    for name in sorted(unknown.keys() & set(version.features)):
        reasons.setdefault(unknown[name], []).append(name)
    return "; ".join(f"{', '.join(names)}: {reason}" for reason, names in reasons.items())


def _told(versions: list[StrategyVersion], broken: list[Broken]) -> str:
    """One line for each version that was not judged, by its strategy's code."""
    names = {version.pk: f"{version.strategy.code} v{version.number}" for version in versions}
    return "\n".join(f"{names[fault.version]}: {_one_line(fault.reason)}" for fault in broken)


def _one_line(text: str) -> str:
    return " ".join(text.split())
