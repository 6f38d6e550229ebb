"""`manage.py strategies load|check|preview|explain`: the library and the studio from a shell."""

from argparse import ArgumentParser
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clients.portrait import selectors as portrait
from clients.shared import clock
from kpm.engine.explain import explain
from kpm.engine.problem import ConditionError
from kpm.engine.words import say
from kpm.strategies import selectors, services
from kpm.strategies.members import member_of
from kpm.strategies.models import Strategy, StrategyVersion
from kpm.strategies.services.library import Fault, Reading, read_files
from kpm.strategies.services.library.report import lines, report, said


class Command(BaseCommand):
    """Each verb is one call."""

    help = "Load strategy files, check them, preview a strategy on a day, explain one client."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        for name in ("load", "check"):
            verb = verbs.add_parser(name)
            verb.add_argument("file", nargs="?", type=Path, help="default: the shipped library")
        for name in ("preview", "explain"):
            verb = verbs.add_parser(name)
            verb.add_argument("code")
            verb.add_argument("--day", type=date.fromisoformat, help="default: the newest day with features")
            if name == "explain":
                verb.add_argument("--client", type=int, required=True, help="surrogate client id")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['verb']}")(options)
        except ConditionError as fault:
            raise CommandError(str(fault)) from fault

    def _load(self, options: dict[str, Any]) -> None:
        reading = _read(options["file"])
        loaded = services.load_library(entries=reading.entries, now=clock.now())
        for what in ("new", "changed", "unchanged"):
            codes = getattr(loaded, what)
            self.stdout.write(f"{what:<10} {len(codes):>4}  {'' if what == 'unchanged' else ', '.join(codes)}")
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

    def _explain(self, options: dict[str, Any]) -> None:
        day, version = _day(options), _version(options["code"])
        row = portrait.feature_row(day, options["client"])
        if row is None:
            raise CommandError(f"Client {options['client']} has no features on {day}.")
        condition = member_of(version).condition
        found = explain(condition, row)
        self.stdout.write(f"{version} on {day}: {found.truth}")
        for leaf in found.leaves:
            self.stdout.write(f"  {leaf.truth!s:<6} {say(leaf, condition.features)}")


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
