"""`manage.py day [DATE]`: one business day in the foreground, and its funnel."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Column, Table

from clients.lake.losses import LostDays
from clients.lake.manifest import BrokenManifest
from clients.lake.mirroring import OtherRecord
from clients.market.calendar import OutsideCalendar, ProvisionalDay, calendar, last_trading_day
from clients.portrait.services import CannotCarryOn, NotATradingDay, NotMirrored
from clients.shared import clock
from kpm.strategies import selectors
from kpm.strategies.models import Run, Stage
from kpm.strategies.services import AFTER_SETTLEMENT, FunnelDoesNotSum, NoEnd, NoFeatures, NotRunning
from portal.operations import day as business

REFUSALS = (
    NoFeatures,
    NotATradingDay,
    NotMirrored,
    CannotCarryOn,
    BrokenManifest,
    LostDays,
    OtherRecord,
    OutsideCalendar,
    ProvisionalDay,
    FunnelDoesNotSum,
    NoEnd,
    NotRunning,
)


class Command(BaseCommand):
    """Mirror, features, strategies, delivery; run it again and nothing happens twice."""

    help = "Run one business day (default: the last certain trading day) in the foreground and print its funnel."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("date", nargs="?", type=_day, help="YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        day = options["date"] or last_trading_day(now)
        _refuse_closed(day, clock.shanghai_day(now))
        console = Console(file=cast(IO[str], self.stdout), highlight=False)
        console.print(f"Business day {day}")
        try:
            for name, said in business.live(day, now):
                console.print(f"  {name:<10} {said}", markup=False, soft_wrap=True)
        except REFUSALS as fault:
            raise CommandError(str(fault)) from fault
        run = selectors.published_run(day, AFTER_SETTLEMENT)
        console.print(_funnel(selectors.funnel(run)) if run else "no published run")
        for line in _not_judged(run) if run else ():
            console.print(f"  not judged: {line}", markup=False, soft_wrap=True)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is no date; write it as YYYY-MM-DD, for example 2026-11-20.") from error


def _refuse_closed(day: date, today: date) -> None:
    if day > today:
        raise CommandError(f"{day} lies in the future; nothing of it is settled yet.")
    try:
        if not calendar().is_open(day, certain=True):
            raise CommandError(f"{day} is no trading day; the last one before it is {calendar().last_open(day)}.")
    except (OutsideCalendar, ProvisionalDay) as fault:
        raise CommandError(str(fault)) from fault


def _not_judged(run: Run) -> list[str]:
    """One line for each version that the run left out, with what is wrong."""
    return [line for step in run.steps.exclude(error="").order_by("pk") for line in step.error.splitlines()]


def _funnel(rows: list[dict[str, Any]]) -> Table:
    """Strategies down, steps across by their numbers (the caption names them); what stopped whom comes last."""
    steps = [stage for stage in Stage if stage < Stage.DELIVERED]
    names = ", ".join(f"{stage.value} {stage.name.lower().replace('_', ' ')}" for stage in steps)
    table = Table(Column("strategy", no_wrap=True), *(str(stage.value) for stage in steps), "stopped by", caption=names)
    for code in dict.fromkeys(row["version__strategy__code"] for row in rows):
        own = [row for row in rows if row["version__strategy__code"] == code]
        reached = {row["step"]: row["n"] for row in own if not row["reason"]}
        stopped = ", ".join(f"{row['reason']} {row['n']}" for row in own if row["reason"])
        table.add_row(code, *(str(reached.get(stage, 0)) for stage in steps), stopped)
    return table
