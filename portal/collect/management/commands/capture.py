"""`manage.py capture again`: take in at once what waited for its client; otherwise the night does it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from clients.shared import clock
from portal.collect import again, compaction


class Command(BaseCommand):
    """What a person may want of capture now; everything else it does by itself."""

    help = "Take in events whose clients the record did not know when they came, and does now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("again", help="take in what waited for its client: of the last 30 days, whole letters only")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        brought = again.bring(now=now)
        compaction.compact(now=now, wait=True)
        self.stdout.write(f"Taken in, since their clients have come: {brought:,} events.")
