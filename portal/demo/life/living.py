"""The loop: the past once, then day after day people act, files come in, the business day is run.

Two clocks: services are told the moment of the lived day; what has arrived is asked as of the real moment, because the
record notes arrivals by the database's clock. Files of later days are not there yet, so nobody sees the future.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from pathlib import Path

from django.db import connection

from advisory.dispatch import services as dispatch
from advisory.dispatch.library import publish_texts
from clients.behaviour import sessions
from clients.intake import screening
from clients.intake import services as intake
from clients.intake.options import Options
from clients.intake.registry import find
from clients.lake.manifest import unsynced
from clients.lake.reading import kept_open
from clients.market.calendar import calendar, going_by
from clients.portrait import services as portrait
from clients.shared import clock
from kpm.strategies import services as strategies
from kpm.strategies.services.library import Entry, read_library
from portal.demo.life import acting, doors, files, plan, staff, truth
from portal.demo.life.beside import beside
from portal.demo.life.figures import figures
from portal.demo.life.hand import second_hand
from portal.demo.life.plan import Plan
from portal.demo.life.replay import Replay
from portal.demo.life.world import World
from portal.embedded.locks import Lock

BY = "demo"
SETTLED = time(19, 30)
MORNINGS = (("pre_open_0830", time(8, 30)), ("daily_0900", time(9)))  # slots with the hour at which beat runs them
PAST_LOCK, PAST_WITHIN = "past.lock", 1200.0  # seconds
MIRRORED = "mirror"  # the step of the day after which the lake has what states are folded from
TRAITS = "traits"  # the step that no later one of the same day reads, so the second hand does it
NAMED = ("securities", "bars", "security_events", "products", "clients", "accounts", "consents")  # by the other kinds
BESIDE = ("product_holdings", "margin", "events")  # about half the time that the others take
RunDay = Callable[..., Iterable[tuple[str, str]]]


class Refused(Exception):
    """A file of the branch was not taken in whole: the branch and the importer disagree."""


@dataclass(frozen=True)
class Lived:
    """What was done last: a day, or the past when `day` is None."""

    number: int
    days: int
    day: date | None


class Living:
    """One branch in one folder."""

    def __init__(self, folder: Path, wanted: Plan, *, password: str, run_day: RunDay) -> None:
        """`run_day(day, now, elsewhere=…)` runs the business day at the clock of that evening.

        It yields each step when it is done, and those `elsewhere` when it is their turn. Raises plan.OtherBranch.
        """
        self.folder, self.password, self.run_day = folder, password, run_day
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.plan = plan.settle(folder, wanted)
        self.days = self.plan.lived()

    def live(self, until: int | None = None) -> Iterator[Lived]:
        """Live up to the day with this number, or to the last; yields after the past and after each day.

        The calendar stays as it is meanwhile: services ask for it thousands of times a day.
        """
        _nobody_waits()
        with unsynced(), going_by(calendar()):
            yield from self._live(until)

    def write_past(self) -> None:
        """This will write the files of the past, unless they are there; it asks the calendar, but no other table."""
        if not files.written(self.folder, None):
            self.world = self._world()
            self._write_past()

    def _world(self) -> World:
        prices = Replay(Path(self.plan.bars), self.plan.walked()) if self.plan.bars else None
        return World(self.plan, prices)

    def _live(self, until: int | None) -> Iterator[Lived]:
        known = plan.progress(self.folder)
        done = known.lived if known else 0
        last = min(until or self.plan.days, self.plan.days)
        if done >= last:
            return
        self.world = self._world()
        entries = read_library()
        people = (one.resident for one in self.world.households)
        self.truth = truth.tell(self.folder, self.plan, people, [entry.code for entry in entries])
        if done == 0:
            with beside(self._write_past):  # before DuckDB is opened: a child has no use for its threads
                self._appoint(entries)
        # The second hand first: like a child it is made without the threads of DuckDB.
        with second_hand(_prepared) as self.hand, kept_open(), screening.kept_open():
            yield from self._days(done, last)

    def _days(self, done: int, last: int) -> Iterator[Lived]:
        if done == 0:
            self._import(None)
            doors.open_doors(self.world, password=self.password)
            yield Lived(0, self.plan.days, None)
        self.world.restore(files.folder_of(self.folder, self.days[done - 1] if done else None))
        for number in range(done + 1, last + 1):
            self._live_day(number)
            yield Lived(number, self.plan.days, self.days[number - 1])

    def _write_past(self) -> None:
        """Another process may be at it: `manage.py up` lets it be done while the tables are made."""
        with Lock(self.folder / PAST_LOCK) as lock:
            if not lock.alone_within(PAST_WITHIN):
                raise Refused(f"Another process has been writing the past into {self.folder} for {PAST_WITHIN:g} s.")
            if not files.written(self.folder, None):
                files.write_past(self.folder, self.world)

    def _appoint(self, entries: list[Entry]) -> None:
        """Staff and strategies, there since the beginning of the past."""
        first = self.plan.walked()[0]
        staff.hire(password=self.password, on=first)
        strategies.load_library(entries=entries, now=_at(first, SETTLED))
        publish_texts(entries=entries, now=_at(first, SETTLED))

    def _live_day(self, number: int) -> None:
        day = self.days[number - 1]
        before = calendar().shift(day, -1)
        if not files.written(self.folder, day):
            if self.plan.has_morning(number):
                self._live_morning(day)
            acting.act(self.world, self.truth, day)
            files.write_day(self.folder, self.world, day, before)
        else:
            self.world.restore(files.folder_of(self.folder, day))
        self._import(day)
        self._run(number, day)
        plan.note(self.folder, number, day)
        if number > 1:
            files.drop(self.folder, before)

    def _live_morning(self, day: date) -> None:
        """Run the slots of the morning; what they find is delivered at once, as on any day."""
        for slot, moment in MORNINGS:
            if strategies.run_morning(slot=slot, now=_at(day, moment), seen=clock.now()):
                dispatch.deliver_pending(now=_at(day, moment))

    def _run(self, number: int, day: date) -> None:
        """Run the business day, and let the second hand do beside it what can be done so.

        Traits move slowly: they are concluded once a week, and every day at the end, which people look at.
        """
        every = int(figures()["traits_every"])
        concludes = number % every == 0 or self.plan.days - number < every
        self.hand.begin(_bring_up_sessions)  # of the files' events, while the record is mirrored
        for step, _said in self.run_day(day, _at(day, SETTLED), elsewhere=(TRAITS,)):
            if step == MIRRORED:
                self.hand.wait()
                self.hand.begin(portrait.fold_ahead, day)
            elif step == TRAITS and concludes:
                self.hand.begin(partial(portrait.update_traits, day=day, cutoff=portrait.cutoff_of(day)))
        self.hand.wait()

    def _import(self, day: date | None) -> None:
        """Take in what files tell: what all others name first, then these in two portions side by side."""
        found = files.written(self.folder, day)
        _take_in([one for one in found if one[0] in NAMED])
        self.hand.begin(_take_in, [one for one in found if one[0] in BESIDE])
        _take_in([one for one in found if one[0] not in NAMED + BESIDE])
        self.hand.wait()


def _take_in(found: list[tuple[str, Path]]) -> None:
    for kind, path in found:
        outcome = intake.import_file(kind=find(kind), path=path, options=Options(), by=BY, now=clock.now())
        if outcome.rejected or outcome.refused:
            raise Refused(f"{path}: {outcome.refused or f'{outcome.rejected} lines, see {outcome.reject_file}'}")


def _bring_up_sessions() -> None:
    sessions.bring_up(sessions.days_of_sources())


@contextmanager
def _prepared() -> Iterator[None]:
    """What the second hand works with, as this process does."""
    _nobody_waits()
    with kept_open(), screening.kept_open():
        yield


def _nobody_waits() -> None:
    """Let nobody wait for the disk: what a failure of the power takes of a simulated branch is lived again."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")


def _at(day: date, moment: time) -> datetime:
    return clock.at_shanghai(day, moment)
