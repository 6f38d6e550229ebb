"""`manage.py features check|run|explain`: the features from a shell."""

import difflib
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clients.lake.losses import LostDays
from clients.lake.manifest import BrokenManifest
from clients.lake.mirroring import OtherRecord
from clients.market.calendar import OutsideCalendar, ProvisionalDay, calendar
from clients.portrait import catalogue, checking, selectors, services, sqlfiles
from clients.portrait.catalogue import Feature
from clients.shared import clock

REFUSALS = (
    BrokenManifest,
    LostDays,
    OtherRecord,
    OutsideCalendar,
    ProvisionalDay,
    selectors.NoFeatures,
    services.NotATradingDay,
    services.NotMirrored,
)


class Command(BaseCommand):
    """Each verb is one or two calls."""

    help = "Check the catalogue against its SQL, compute a day's features, explain one feature."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        for name in ("check", "run", "explain"):
            verb = verbs.add_parser(name)
            verb.add_argument("--day", type=date.fromisoformat, help="a trading day; default: the newest")
            if name == "explain":
                verb.add_argument("name", help="the feature")
                verb.add_argument("--client", type=int, help="surrogate client id: show this client's value too")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['verb']}")(options)
        except REFUSALS as fault:
            raise CommandError(str(fault)) from fault

    def _check(self, options: dict[str, Any]) -> None:
        """The files; with --day also the rows published for that day."""
        found = checking.faults(options["day"] or _newest_trading_day())
        if options["day"]:
            found += checking.row_faults(options["day"])
        if found:
            raise CommandError("\n".join(found))
        waiting = selectors.waiting_features()
        computed = len(catalogue.features()) - len(waiting)
        self.stdout.write(f"{computed} features in {len(catalogue.groups())} groups, {len(waiting)} wait, no faults")

    def _run(self, options: dict[str, Any]) -> None:
        day, now = options["day"] or _newest_trading_day(), clock.now()
        for table, rows in services.mirror_day(day=day, cutoff=now).items():
            self.stdout.write(f"{table:<20} {rows:>12,} rows of {day}")
        version = services.compute_features(day=day, cutoff=now)
        stale = selectors.stale_features(day)
        self.stdout.write(f"features of {day}: version {version}")
        if stale:
            self.stdout.write(f"unknown for everybody, their source brought nothing: {', '.join(stale)}")
        for kept in selectors.kept_groups(day).values():
            self.stdout.write(kept)
        if failed := selectors.failed_groups(day):
            raise CommandError("\n".join(["Unknown for everybody, their group failed:", *failed.values()]))

    def _explain(self, options: dict[str, Any]) -> None:
        feature = _feature(options["name"])
        day = options["day"] or selectors.last_feature_day(clock.shanghai_day(clock.now()))
        for line in _described(feature):
            self.stdout.write(line)
        if day is None:
            self.stdout.write("\nNo day has features yet: manage.py features run")
            return
        facts = selectors.feature_facts(day, feature.name)
        self.stdout.write(f"\n{day}: " + ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in facts.items()))
        if options["client"]:
            self.stdout.write(_value(day, feature, options["client"]))


def _newest_trading_day() -> date:
    cal = calendar()
    return cal.last_open(min(clock.shanghai_day(clock.now()), cal.last_certain))


def _feature(name: str) -> Feature:
    found = {feature.name: feature for feature in catalogue.features()}
    if name not in found:
        near = ", ".join(difflib.get_close_matches(name, found)) or "none is near"
        raise CommandError(f"The catalogue has no feature {name}. The nearest names: {near}.")
    return found[name]


def _described(feature: Feature) -> list[str]:
    kind = f"{feature.dtype} {feature.unit}".strip()
    empty = "zero" if feature.zero else "unknown"
    fresh = ", ".join(feature.freshness) or "none"
    return [
        f"{feature.name}: {feature.title_en} ({kind}), group {feature.group}",
        feature.definition,
        f"without rows: {empty}; needs rows of the day: {fresh}; owner: {feature.owner}",
        "",
        f"waits for {feature.waits}" if feature.waits else sqlfiles.group(feature.group).text.rstrip(),
    ]


def _value(day: date, feature: Feature, client_id: int) -> str:
    row = selectors.feature_row(day, client_id)
    if row is None:
        raise CommandError(f"No client {client_id} had a row on {day}.")
    value = "unknown" if row[feature.name] is None else row[feature.name]
    key = row.get(f"{feature.name}__key")
    return f"client {client_id}: {value}" + (f" from {key}" if key else "")
