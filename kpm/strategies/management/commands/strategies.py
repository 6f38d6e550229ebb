"""`manage.py strategies load|check|preview|explain|backtest|replay`: the library and the studio from a shell."""

from argparse import ArgumentParser
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clients.org import services as org
from clients.org.selectors import staff_by_number
from clients.portrait import selectors as portrait
from clients.register import selectors as register
from clients.shared import clock
from kpm.engine.problem import ConditionError
from kpm.engine.words import say
from kpm.strategies import selectors, services
from kpm.strategies.backtesting import services as backtesting
from kpm.strategies.explaining import replaying, telling
from kpm.strategies.funnels import preview_funnel
from kpm.strategies.management.saying import backtested, loaded_lines, stopped
from kpm.strategies.models import Strategy, StrategyVersion
from kpm.strategies.services.library import Fault, Reading, read_files
from kpm.strategies.services.library.report import lines, report, said

DAY = "default: the newest day with features"
WHO = "your staff number: every look at a client is written down"


class Command(BaseCommand):
    """Each verb is one call. What cannot be done is said in a line, with exit status 1."""

    help = "Load strategy files, check them, preview a strategy, explain one client, back-test, replay stored hits."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        for name in ("load", "check"):
            verb = verbs.add_parser(name)
            verb.add_argument("file", nargs="?", type=Path, help="default: the shipped library")
            if name == "load":
                verb.add_argument("--dry-run", action="store_true", help="tell what would change and change nothing")
        for name in ("preview", "explain"):
            verb = verbs.add_parser(name)
            verb.add_argument("code")
            if name == "explain":
                verb.add_argument("client", metavar="CLIENT_NO")
                verb.add_argument("--as", dest="staff", required=True, metavar="STAFF_NO", help=WHO)
            verb.add_argument("--day", type=date.fromisoformat, help=DAY)
        verb = verbs.add_parser("backtest")
        verb.add_argument("code")
        verb.add_argument("--days", type=int, help="trading days up to the newest with features; default: a year")
        verbs.add_parser("replay").add_argument("--day", type=date.fromisoformat, help=DAY)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['verb']}")(options)
        except (ConditionError, portrait.NoFeatures, backtesting.CannotTest) as fault:
            raise CommandError(str(fault)) from fault

    def _load(self, options: dict[str, Any]) -> None:
        reading = _read(options["file"])
        loaded = services.load_library(entries=reading.entries, now=clock.now(), dry_run=options["dry_run"])
        for line in loaded_lines(loaded, dry_run=options["dry_run"]):
            self.stdout.write(line)
        _refuse([*reading.faults, *loaded.faults])

    def _check(self, options: dict[str, Any]) -> None:
        reading = _read(options["file"])
        found = report(reading.entries, reading.faults)
        for line in lines(found):
            self.stdout.write(line)
        states = Counter(Strategy.objects.values_list("status", flat=True))
        self.stdout.write(f"in the record: {said(states) or 'none, load them first'}")
        _refuse(found.faults)

    def _preview(self, options: dict[str, Any]) -> None:
        day, version = _day(options), _version(options["code"])
        counts = selectors.preview(version, day)
        if counts is None:
            raise CommandError(f"There are no features for {day}; run `manage.py day {day}` first.")
        self.stdout.write(
            f"{version} on {day}: matched {counts.matched}, not matched {counts.not_matched}, unknown {counts.unknown}"
        )
        found = preview_funnel(version, day)
        for step in found.steps if found else ():
            self.stdout.write(f"  {step['step'].name.lower():<13} {step['n']:>8,}{stopped(step)}")

    def _explain(self, options: dict[str, Any]) -> None:
        day, version = _day(options), _version(options["code"])
        client = register.client_by_number(options["client"])
        if client is None:
            raise CommandError(f"There is no client {options['client']}; give his client number.")
        who = staff_by_number(options["staff"])
        if who is None or who.left_on is not None:
            raise CommandError(f"Nobody who works here has the staff number {options['staff']}.")
        said = f"{version.strategy.code}, in a shell"
        org.log_access(staff=who, client_id=client.pk, action="explain", reason=said, now=clock.now())
        found = telling.explained(version, client.pk, day=day)
        if found is None:
            raise CommandError(f"Client {options['client']} has no features on {day}.")
        self.stdout.write(f"{version} on {day}: {found.truth}")
        for leaf in [*(found.population.leaves if found.population else ()), *found.condition.leaves]:
            margin = "" if leaf.margin is None else f"  ({leaf.margin:+.2f})"
            self.stdout.write(f"  {leaf.truth!s:<6} {say(leaf, found.features)}{margin}")
        for leaf in found.near.turn if found.near else ():
            self.stdout.write(f"  to change: {say(leaf, found.features)}")
        stop = services.would_stop(version=version, client_id=client.pk, values=found.row, now=clock.now())
        self.stdout.write(f"  first gate that would stop it now: {stop or 'none'}")

    def _backtest(self, options: dict[str, Any]) -> None:
        days = options["days"]
        if days is not None and days < 1:
            raise CommandError("--days takes a number from 1 on.")
        now = clock.now()
        test = backtesting.ask(version=_version(options["code"]), days=days, by=None, now=now)
        test = backtesting.perform(test=test, now=now)
        if test.result is None:
            raise CommandError(test.error)
        for line in backtested(test):
            self.stdout.write(line)

    def _replay(self, options: dict[str, Any]) -> None:
        day, number, wrong = _day(options), 0, []
        for one in replaying.replays(day):
            number += 1
            if one.fault:
                wrong.append(f"{one.hit.version} hit {one.hit.uid} of client {one.hit.client_id}: {one.fault}")
        if wrong:
            raise CommandError("\n".join([f"{len(wrong)} of {number} hits of {day} do not replay:", *wrong]))
        self.stdout.write(f"all {number} stored hits of {day} replay from their evidence")


def _read(path: Path | None) -> Reading:
    try:
        return read_files(path)
    except OSError as fault:
        raise CommandError(f"{path} cannot be read: {fault.strerror}.") from fault


def _refuse(faults: list[Fault]) -> None:
    """End with status 1 and everything that is wrong; what is sound was loaded or counted already."""
    if faults:
        raise CommandError("\n".join([f"{len(faults)} faults:", *map(str, faults)]))


def _version(code: str) -> StrategyVersion:
    versions = StrategyVersion.objects.filter(strategy__code=code).select_related("strategy")
    found = versions.order_by("-number").first()
    if found is None:
        raise CommandError(f"There is no strategy {code}; `manage.py strategies load` loads the library.")
    return found


def _day(options: dict[str, Any]) -> date:
    day = options["day"] or portrait.last_feature_day(clock.shanghai_day(clock.now()))
    if day is None:
        raise CommandError("There are no features yet; run `manage.py day` first.")
    return day
