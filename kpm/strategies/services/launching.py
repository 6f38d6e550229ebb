"""The life of an approved version: pilot, rolling on, live, back, paused, retired (STRATEGY 8.4).

Nothing here makes a version run that `approvals.is_approved` does not let.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from clients.market.calendar import Calendar, calendar
from clients.org.models import User
from clients.shared import clock
from kpm.strategies.contact import NEVER_STOPPED
from kpm.strategies.figures import launch
from kpm.strategies.models import Hit, RolloutStep, Strategy, StrategyVersion, VersionEvent
from kpm.strategies.services.approvals import (
    CannotChange,
    Kind,
    Status,
    is_approved,
    is_withdrawn,
    locked,
    may_sign,
    must_sign,
    note,
    refuse_foreign,
    was_live,
)
from kpm.strategies.services.places import RUNS, SPREADING, draw
from kpm.strategies.services.withdrawing import withdraw


@transaction.atomic
def begin_pilot(*, version: StrategyVersion, by: User, now: datetime) -> RolloutStep:
    """This will start the first step of an approved version; elsewhere the live version goes on.

    A version that was paused because it is bad does not come back by that: it stays off until somebody goes back to it.
    """
    strategy, row = locked(version)
    refuse_foreign(strategy, by, now)
    _refuse_launch(strategy, row)
    step = row.steps.order_by("order").first()
    if step is None:
        raise CannotChange(_("The plan of this version has no step; write the next version with one."))
    if strategy.status == Status.PAUSED:
        strategy.live_version = None
    strategy.pilot_version, strategy.status = row, Status.PILOT
    strategy.save(update_fields=["pilot_version", "status", "live_version"])
    start(step, now)
    note(row, Kind.PILOTED, by=by, now=now)
    return step


@transaction.atomic
def launch_now(*, version: StrategyVersion, by: User, now: datetime, reason: str) -> Strategy:
    """This will bring an approved version of risk or regulation, or an emergency, live everywhere at once."""
    strategy, row = locked(version)
    _refuse_launch(strategy, row)
    must_sign(row, by, now)
    if row.purpose not in NEVER_STOPPED and not row.emergency:
        raise CannotChange(_("Only risk, regulatory and emergency versions go live at once; begin with the pilot."))
    _reason(reason)
    go_live(strategy, row)
    note(row, Kind.LAUNCHED, by=by, now=now, said=reason)
    return strategy


def _refuse_launch(strategy: Strategy, version: StrategyVersion) -> None:
    if version.submitted_at is None:
        raise CannotChange(_("This is a draft; submit it first."))
    if not is_approved(version):
        raise CannotChange(_("This version has not all its approvals yet."))
    if strategy.status == Status.RETIRED:
        raise CannotChange(_("The strategy is retired; nothing of it is launched any more."))
    if is_withdrawn(version):
        raise CannotChange(_("This version was taken back; write the next one."))
    if strategy.pilot_version is not None:
        raise CannotChange(_("Another version is being rolled out; end that first."))
    if strategy.live_version is not None and version.number <= strategy.live_version.number:
        raise CannotChange(_("This version is the live one or older; to go back to an older one there is a button."))


def _reason(said: str) -> None:
    if not said.strip():
        raise CannotChange(_("Say why; the reason is kept."))


def start(step: RolloutStep, now: datetime) -> None:
    """This will begin a step today, with its branches; raises CannotChange on the eve of a long closure."""
    today = clock.shanghai_day(now)
    if is_eve(today, calendar()):
        raise CannotChange(_("The market closes for several days after today; begin when it is open again."))
    before = step.version.steps.filter(order__lt=step.order).values_list("drawn", flat=True)
    step.drawn = sorted({*draw(step), *(pk for drawn in before for pk in drawn)})
    if not step.drawn:
        raise CannotChange(_("No branch of this step has clients; choose branches in the plan."))
    step.started_on = today
    step.save(update_fields=["drawn", "started_on"])


def is_eve(day: date, cal: Calendar) -> bool:
    """Whether `day` is the last open one before so many closed days that nothing begins on it."""
    return cal.is_open(day) and (cal.shift(day, 1) - day).days - 1 >= launch().closed_days


def go_live(strategy: Strategy, version: StrategyVersion) -> None:
    """This will make a version the only one of its strategy, in the caller's transaction."""
    strategy.live_version, strategy.pilot_version, strategy.status = version, None, Status.LIVE
    strategy.save(update_fields=["live_version", "pilot_version", "status"])


@transaction.atomic
def roll_on(*, strategy: Strategy, by: User, now: datetime) -> Strategy:
    """This will start the next step of a rollout, or bring its version live after the last one, at the word of an
    approver who wrote nothing of it.
    """
    row = _spreading(strategy)
    must_sign(_pilot(row), by, now)
    return advance(row, by=by, now=now)


def advance(strategy: Strategy, *, by: User | None, now: datetime) -> Strategy:
    """This will do what `roll_on` says, in the caller's transaction; `by` is None for the night."""
    version = _pilot(strategy)
    following = version.steps.filter(started_on__isnull=True).order_by("order").first()
    if following is None:
        go_live(strategy, version)
        note(version, Kind.LAUNCHED, by=by, now=now)
        return strategy
    start(following, now)
    strategy.status = Status.ROLLING
    strategy.save(update_fields=["status"])
    note(version, Kind.STEPPED, by=by, now=now, said=str(following.order))
    return strategy


def _spreading(strategy: Strategy) -> Strategy:
    row = Strategy.objects.select_for_update().get(pk=strategy.pk)
    if row.status not in SPREADING:
        raise CannotChange(_("Nothing of this strategy is being rolled out now."))
    return row


def _pilot(strategy: Strategy) -> StrategyVersion:
    if strategy.pilot_version is None:
        raise CannotChange(_("Nothing of this strategy is being rolled out now."))
    return strategy.pilot_version


@transaction.atomic
def end_rollout(*, strategy: Strategy, by: User, now: datetime, reason: str) -> Strategy:
    """This will take back the version in pilot or rolling out: what it found and nobody delivered yet ends; tasks that
    people have stay. The live version, if there is one, runs everywhere again.
    """
    row = Strategy.objects.select_for_update().get(pk=strategy.pk)
    must_sign(_pilot(row), by, now)
    _reason(reason)
    take_back(row, by=by, now=now, reason=reason)
    return row


def take_back(strategy: Strategy, *, by: User | None, now: datetime, reason: str) -> None:
    """This will do what `end_rollout` says, in the caller's transaction; `by` is None for the night."""
    version, paused = _pilot(strategy), strategy.status == Status.PAUSED
    strategy.pilot_version = None
    left = Status.PAUSED if paused else Status.LIVE
    strategy.status = left if strategy.live_version is not None else Status.DRAFT
    strategy.save(update_fields=["pilot_version", "status"])
    withdraw(hits=Hit.objects.filter(version=version), reason="rolled_back", now=now)
    note(version, Kind.WITHDRAWN, by=by, now=now, said=reason[:500])


@transaction.atomic
def roll_back(*, version: StrategyVersion, by: User, now: datetime, reason: str) -> Strategy:
    """This will make an earlier approved version the live one at the word of one approver, at once and everywhere.

    Of the version that ran, and of one in pilot, what is not delivered yet ends; tasks that people have stay.
    """
    strategy, row = locked(version)
    must_sign(row, by, now)
    _reason(reason)
    bad = [one for one in (strategy.live_version, strategy.pilot_version) if one is not None]
    if strategy.status == Status.RETIRED or not bad or any(one.number <= row.number for one in bad):
        raise CannotChange(_("One goes back from the version that runs to an earlier one of the same strategy."))
    if not is_approved(row) or is_withdrawn(row):
        raise CannotChange(_("This version was never approved, or was taken back itself; choose another."))
    if not was_live(row):
        raise CannotChange(_("This version never ran everywhere, so nobody goes back to it; choose another."))
    go_live(strategy, row)
    for one in bad:
        withdraw(hits=Hit.objects.filter(version=one), reason="rolled_back", now=now)
        note(one, Kind.WITHDRAWN, by=by, now=now, said=reason[:500])
    note(row, Kind.ROLLED_BACK, by=by, now=now, said=reason[:500])
    return strategy


@transaction.atomic
def pause(*, strategy: Strategy, by: User, now: datetime, reason: str = "") -> None:
    """This will stop a strategy from matching, its rollout too; what it found already is still delivered."""
    row = Strategy.objects.select_for_update().get(pk=strategy.pk)
    refuse_foreign(row, by, now)
    if row.status not in RUNS:
        raise CannotChange(_("Only a strategy that runs can be paused."))
    row.status = Status.PAUSED
    row.save(update_fields=["status"])
    note(_shown(row), Kind.PAUSED, by=by, now=now, said=reason[:500])


@transaction.atomic
def resume(*, strategy: Strategy, by: User, now: datetime) -> None:
    """This will let a paused strategy match again, where it did before; of an approver's pause an approver decides."""
    row = Strategy.objects.select_for_update().get(pk=strategy.pk)
    refuse_foreign(row, by, now)
    if row.status != Status.PAUSED:
        raise CannotChange(_("Only a paused strategy can be resumed."))
    _refuse_resuming(_shown(row), by, now)
    row.status = _before_the_pause(row)
    row.save(update_fields=["status"])
    note(_shown(row), Kind.RESUMED, by=by, now=now)


def _refuse_resuming(version: StrategyVersion, by: User, now: datetime) -> None:
    pauses = VersionEvent.objects.filter(version__strategy=version.strategy_id, kind=Kind.PAUSED)
    paused = pauses.select_related("by__staff").order_by("-pk").first()
    if paused is None or paused.by is None or not may_sign(version, paused.by, now) or may_sign(version, by, now):
        return
    raise CannotChange(_("An approver paused it, so an approver of this strategy resumes it."))


def _before_the_pause(strategy: Strategy) -> str:
    if strategy.pilot_version is None:
        return Status.LIVE
    begun = strategy.pilot_version.steps.filter(started_on__isnull=False).count()
    return Status.PILOT if begun == 1 else Status.ROLLING


@transaction.atomic
def retire(*, strategy: Strategy, by: User, now: datetime, reason: str) -> None:
    """This will end a strategy for good: it matches nothing more, and what nobody delivered yet ends."""
    row = Strategy.objects.select_for_update().get(pk=strategy.pk)
    refuse_foreign(row, by, now)
    if row.status == Status.RETIRED:
        raise CannotChange(_("The strategy is retired already."))
    _reason(reason)
    shown = _shown(row)
    row.pilot_version, row.status = None, Status.RETIRED
    row.save(update_fields=["pilot_version", "status"])
    withdraw(hits=Hit.objects.filter(strategy=row), reason="retired", now=now)
    note(shown, Kind.RETIRED, by=by, now=now, said=reason[:500])


def _shown(strategy: Strategy) -> StrategyVersion:
    """The version under which something about the strategy as a whole is noted."""
    version = strategy.pilot_version or strategy.live_version or strategy.versions.order_by("-number").first()
    if version is None:
        raise CannotChange(_("This strategy has no version yet; load it from a strategy file."))
    return version
