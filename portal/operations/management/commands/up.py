"""`manage.py up [--demo]`: the whole house on one machine, until Ctrl-C."""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.demo.life import plan
from portal.embedded import services
from portal.embedded.places import Unavailable, places
from portal.embedded.supervisor import AlreadyRunning, Supervisor
from portal.operations import house
from portal.secretfiles import read_or_make

LOGINS = [
    ("adviser", "desk/login/", "E0103"),
    ("client manager", "desk/login/", "E0101"),
    ("branch supervisor", "desk/login/", "E0109"),
    ("administrator", "admin/", "E0902"),
]


class Told:
    """Says how far the demo branch is, each time that it is further."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say, self._lived = say, 0

    def tell(self) -> None:
        """Say it when another day has been lived."""
        found = plan.progress(settings.DEMO_DIR)
        if found and found.lived > self._lived:
            self._lived = found.lived
            self._say(f"demo: day {found.lived} of {found.days}")


class Command(BaseCommand):
    """Starts and supervises database, broker, web, worker and beat; stops all of them in order."""

    help = "Start everything on this machine and keep it running. --demo lets a simulated branch live in it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="let a simulated branch live")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            house.check_port(options["port"])
            status = self._run(options["port"], options["demo"])
        except AlreadyRunning as other:
            raise CommandError(str(other)) from other
        except (Unavailable, house.PortTaken) as why:
            raise CommandError(str(why)) from why
        if status:
            raise CommandError("Stopped because a process could not be started; the lines above say which.")

    def _run(self, port: int, demo: bool) -> int:
        began, told = time.monotonic(), Told(self._say)
        where = places(settings.VAR)
        for folder in (settings.LAKE_DIR, settings.VAR / "sample"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            Path(folder).chmod(0o700)  # client data is for the house's own user
        with services.borrowed(settings.VAR) as lent:
            children = house.children(port=port, where=where, demo=demo, addresses=lent.environment())
            return Supervisor(
                children,
                pid_file=where.pid_file("up"),
                say=self._say,
                when_up=lambda: self._welcome(port, demo, time.monotonic() - began),
                tick=lambda: self._tick(lent, told if demo else None),
            ).run()

    def _tick(self, lent: services.Borrowed, told: Told | None) -> None:
        lent.ensure()
        if told:
            told.tell()

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _welcome(self, port: int, demo: bool, seconds: float) -> None:
        base = f"http://{house.HOST}:{port}/"
        self._say(f"Wangting is up after {seconds:.0f} s: {base}  (Ctrl-C stops everything)")
        if demo:
            self._say(f"The demo branch goes on living; follow it on {base}demo/")
            password = read_or_make(settings.VAR, "demo-password", characters=10)
            self._say(f"Demo logins, password {password}:")
            for who, path, login in LOGINS:
                self._say(f"  {login}  {who:<38} {base}{path}")
