"""`manage.py demo`: a branch that lives through the real services; `--sample` builds the small one of tests."""

import gc
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from clients.market.calendar import OutsideCalendar, going_by, last_trading_day, seeded
from clients.shared import clock
from portal.demo import branch
from portal.demo.life.beside import Failed
from portal.demo.life.living import Lived, Living, Refused
from portal.demo.life.plan import OtherBranch, Plan
from portal.demo.life.replay import BadBars
from portal.operations import day as business
from portal.secretfiles import read_or_make

CLIENTS, DAYS, SEED = 2000, 60, 7
SAMPLE_CLIENTS, SAMPLE_SEED = 30, 1
FRESH_OBJECTS = 100_000  # between two searches for cycles: at Python's 700 they take a twentieth of a day


class Command(BaseCommand):
    """Started again it goes on at the next day; a finished branch stays as it is."""

    help = "Build a simulated branch: two years of past from files, then business days lived through the services."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--clients", type=_number, help=f"how many clients ({CLIENTS:,}; {SAMPLE_CLIENTS} sampled)")
        parser.add_argument("--days", type=_number, default=DAYS, help="business days to live, up to the last settled")
        parser.add_argument("--seed", type=int, help="all chance is drawn from it")
        parser.add_argument("--until", type=_number, metavar="N", help="stop after the N-th day; a later call goes on")
        parser.add_argument("--bars", type=Path, metavar="FILE", help="replay these real daily bars on shifted dates")
        parser.add_argument("--past", action="store_true", help="only write the files of the past; asks no database")
        parser.add_argument("--sample", action="store_true", help="the small sample, without a lived day")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["past"]:
            with going_by(seeded()):
                self._write_past(options, last_trading_day(clock.now()))
            return
        if not connection.introspection.table_names():
            raise CommandError("The database has no tables yet: run manage.py migrate first.")
        now = clock.now()
        password = read_or_make(settings.VAR, "demo-password", characters=10)
        build = self._sample if options["sample"] else self._branch
        try:
            build(options, last_trading_day(now), password, now)
        except (ValueError, OtherBranch, OutsideCalendar, Refused, BadBars, Failed) as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"The password of all demo logins is in {settings.VAR / 'secrets' / 'demo-password'}")

    def _sample(self, options: dict[str, Any], day: date, password: str, now: datetime) -> None:
        clients, seed = options["clients"] or SAMPLE_CLIENTS, options["seed"] or SAMPLE_SEED
        branch.build(
            folder=settings.VAR / "sample", day=day, clients=clients, seed=seed, password=password, now=now
        )  # fmt: skip
        self.stdout.write(f"Sample branch of {clients} clients up to {day}")

    def _write_past(self, options: dict[str, Any], day: date) -> None:
        try:
            with _few_searches():
                _living(options, day, "").write_past()
        except (OtherBranch, OutsideCalendar, Refused, BadBars) as fault:
            raise CommandError(str(fault)) from fault

    def _branch(self, options: dict[str, Any], day: date, password: str, _now: datetime) -> None:
        life = _living(options, day, password)
        began = time.monotonic()
        with _few_searches():
            for lived in life.live(options["until"]):
                self.stdout.write(f"{_told(lived, life.plan)} ({time.monotonic() - began:.1f} s)")
                self.stdout.flush()
                began = time.monotonic()


def _living(options: dict[str, Any], day: date, password: str) -> Living:
    seed = SEED if options["seed"] is None else options["seed"]
    bars = str(options["bars"].resolve()) if options["bars"] else ""
    wanted = Plan(options["clients"] or CLIENTS, options["days"], seed, day, bars)
    return Living(settings.DEMO_DIR, wanted, password=password, run_day=business.live)


@contextmanager
def _few_searches() -> Iterator[None]:
    """Let Python search for cycles seldom. What is loaded by now stays, but for the end of the process.

    There DuckDB reports everything that is still frozen as lost, which would hide what a failed demo said last.
    """
    gc.freeze()
    gc.set_threshold(FRESH_OBJECTS)
    try:
        yield
    finally:
        gc.unfreeze()


def _told(lived: Lived, plan: Plan) -> str:
    if lived.day is None:
        return f"{plan.clients:,} clients and two years of past up to {plan.past()[-1]}"
    return f"day {lived.number} of {lived.days}: {lived.day}"


def _number(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise ValueError(f"{text} is not a whole number from 1 on")
    return int(text)
