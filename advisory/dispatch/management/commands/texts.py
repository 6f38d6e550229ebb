"""`manage.py texts load|check`: what messages and tasks of the strategy library say."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from advisory.dispatch.library import missing_texts, publish_texts
from clients.shared import clock
from kpm.strategies.services.library import read_files


class Command(BaseCommand):
    """Strategies say whom to serve, texts what he reads: `strategies load` brings the first, this the second."""

    help = "Publish the texts and playbooks of the strategy library, or list what live strategies still lack."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verb = verbs.add_parser("load", help="what the house has put in the place of a text stays")
        verb.add_argument("file", nargs="?", type=Path, help="default: the shipped library")
        verbs.add_parser("check", help="ends with status 1 when a live strategy has nothing to say")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "load":
            self._load(options["file"])
        if lines := missing_texts():
            raise CommandError("\n".join(lines))
        self.stdout.write("Every live strategy has its texts.")

    def _load(self, file: Path | None) -> None:
        try:
            reading = read_files(file)
        except OSError as fault:
            raise CommandError(f"{file} cannot be read: {fault.strerror}.") from fault
        if reading.faults:
            raise CommandError("\n".join(["Nothing was published:", *map(str, reading.faults)]))
        templates, playbooks = publish_texts(entries=reading.entries, now=clock.now())
        self.stdout.write(f"{templates} texts and {playbooks} playbooks of the library are there.")
