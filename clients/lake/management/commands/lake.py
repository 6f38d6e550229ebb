"""`manage.py lake accept-loss`: go on without days that nobody can bring back."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clients.lake import losses, paths
from clients.lake.manifest import BrokenManifest
from clients.shared import clock


class Command(BaseCommand):
    """What a person decides about the lake; everything else it does by itself."""

    help = "Decide about the lake: accept that published days are lost and in no backup."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verb = verbs.add_parser("accept-loss", help="give up days that the lake has lost; restore a backup if you can")
        verb.add_argument("table", metavar="TABLE", help="as the message of the loss names it, for example positions")
        verb.add_argument("day", metavar="DAY", type=_day, help="YYYY-MM-DD")
        verb.add_argument("last", metavar="LAST", type=_day, nargs="?", help="with it: all lost days from DAY to LAST")

    def handle(self, *args: Any, **options: Any) -> None:
        table, first = options["table"], options["day"]
        try:
            given_up = losses.accept_loss(table, first=first, last=options["last"] or first, now=clock.now())
        except (losses.NothingLost, BrokenManifest, paths.BadName) as fault:
            raise CommandError(str(fault)) from fault
        for day, rows in given_up.items():
            self.stdout.write(f"{table} of {day}: given up, {rows:,} rows or more")
        self.stdout.write("The next `manage.py day` copies what the record still has of them.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is no date; write it as YYYY-MM-DD, for example 2026-11-20.") from error
