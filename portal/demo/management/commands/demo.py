"""`manage.py demo`: build the sample branch."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clients.market.calendar import last_trading_day
from clients.shared import clock
from portal.demo import branch
from portal.secretfiles import read_or_make


class Command(BaseCommand):
    """Files made by the project itself, taken in by the importer."""

    help = "Build the sample branch from files made here and taken in by `manage.py import`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--clients", type=int, default=30)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        day = last_trading_day(now)
        password = read_or_make(settings.VAR, "demo-password", characters=10)
        secret = settings.VAR / "secrets" / "demo-password"
        try:
            branch.build(
                folder=settings.VAR / "sample", day=day, clients=options["clients"], seed=options["seed"],
                password=password, now=now,
            )  # fmt: skip
        except ValueError as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(
            f"Sample branch of {options['clients']} clients up to {day}; the password of all is in {secret}"
        )
