"""A simulated branch whose days come as files and whom nobody serves: what it tells of people is all there is.

Two years of money lie before its first day; what clients do on screen is seen from that day on.
"""

from contextlib import ExitStack
from datetime import date, datetime, time
from pathlib import Path

from django.db import connection

from bench.result import NotMeasured
from clients.intake import screening
from clients.intake import services as intake
from clients.intake.options import Options
from clients.intake.registry import find
from clients.lake.manifest import unsynced
from clients.lake.reading import kept_open
from clients.market.calendar import last_trading_day
from clients.shared import clock
from portal.demo.life import files, staff, truth
from portal.demo.life.plan import Plan
from portal.demo.life.truth import Truth
from portal.demo.life.world import World
from portal.demo.sample.dice import dice

BY = "bench"
LAST_DAY_ASKED = date(2026, 8, 31)
SEEN = 1  # days before the first one that tell what was done on screen


class Branch:
    """A branch in a folder; `advance` lives it up to the day with a number."""

    def __init__(self, folder: Path, *, clients: int, days: int, seed: int) -> None:
        self.folder = folder
        last = last_trading_day(datetime.combine(LAST_DAY_ASKED, time(20), tzinfo=clock.SHANGHAI))
        self.plan = Plan(clients, days, seed, last, seen=SEEN)
        self.days, self.lived = self.plan.lived(), 0
        self.world = World(self.plan)
        self.truth: Truth = truth.tell(folder, self.plan, (one.resident for one in self.world.households), [])

    def found(self) -> None:
        """Hire the staff and take in the past."""
        staff.hire(password=f"{dice(self.plan.seed, 'password').getrandbits(128):x}", on=self.plan.walked()[0])
        files.write_past(self.folder, self.world)
        self._take_in(None)

    def advance(self, number: int) -> date:
        """Live up to the day with this number and take in its files day by day; the day."""
        with ExitStack() as stack:
            for context in (unsynced(), kept_open(), screening.kept_open()):
                stack.enter_context(context)
            while self.lived < number:
                day = self.days[self.lived]
                before = self.days[self.lived - 1] if self.lived else self.plan.past()[-1]
                files.write_day(self.folder, self.world, day, before)
                self._take_in(day)
                files.drop(self.folder, day)
                self.lived += 1
        return self.days[number - 1]

    def numbers(self) -> dict[int, str]:
        """Return the client number of each surrogate id."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, client_no FROM register_client")
            return dict(cursor.fetchall())

    def _take_in(self, day: date | None) -> None:
        for kind, path in files.written(self.folder, day):
            done = intake.import_file(kind=find(kind), path=path, options=Options(), by=BY, now=clock.now())
            if done.rejected or done.refused:
                raise NotMeasured(f"{path}: {done.refused or f'{done.rejected} lines rejected'}")
