"""`manage.py first_administrator`: the one login that nobody inside can make, because nobody is inside yet."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from clients.org import services
from clients.org.models import Staff
from clients.shared import clock


class Command(BaseCommand):
    """Everybody else is hired in the administration, by somebody who has a name there."""

    help = "Make the first administrator and the head office. Refused as soon as there is an administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("staff_no", metavar="STAFF_NO", help="what he logs in with")
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--branch", default="HQ", metavar="CODE", help="the branch he belongs to (HQ)")
        parser.add_argument("--branch-name", default="总部", metavar="NAME", help="its name when it has to be made")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with translation.override("en"):  # commands speak English, the rules for passwords too
                staff = self._appoint(options)
        except services.NotTheFirst as fault:
            raise CommandError(str(fault)) from fault
        except ValidationError as fault:
            raise CommandError(" ".join(fault.messages)) from fault
        self.stdout.write(f"{staff.name} logs in at /admin/ as {staff.staff_no}.")

    def _appoint(self, options: dict[str, Any]) -> Staff:
        return services.appoint_first_administrator(
            staff_no=options["staff_no"], name=options["name"], password=_password(),
            branch_code=options["branch"], branch_name=options["branch_name"], now=clock.now(),
        )  # fmt: skip


def _password() -> str:
    """Asked twice from a person, read as one line from a pipe; never an argument, which others could list."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass("Password: ")
    if getpass("Once more: ") != first:
        raise CommandError("The two passwords differ; nobody was appointed.")
    return first
