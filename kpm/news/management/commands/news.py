"""`manage.py news match`: link articles to the securities they name, from a shell."""

from argparse import ArgumentParser
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand

from clients.shared import clock
from kpm.news import services


class Command(BaseCommand):
    """Each verb is one call."""

    help = "Link articles to the securities they name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        match = parser.add_subparsers(dest="verb", required=True).add_parser("match")
        match.add_argument(
            "--again-from", type=date.fromisoformat, help="look again at all articles published since this day"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        day: date | None = options["again_from"]
        begin = datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE)) if day else None
        linked = services.link_news(now=clock.now(), again_from=begin)
        self.stdout.write(f"{linked.articles:,} articles, {linked.new:,} links, {linked.taken_back:,} taken back")
