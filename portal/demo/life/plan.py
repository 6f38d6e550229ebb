"""What was asked for and how far it is: files of the branch's own folder, so that a killed demo goes on."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from clients.market.calendar import calendar
from portal.demo.life.figures import figures

PLAN, PROGRESS = "plan.json", "progress.json"


class OtherBranch(Exception):
    """Another branch lives in this folder."""


@dataclass(frozen=True)
class Plan:
    """A branch: how many clients, how many lived days up to `last`, and what all chance is drawn from.

    `bars` names the file of real bars that are replayed on shifted dates; empty for simulated prices. `seen` is how
    many days before the lived ones are told day by day with what clients did on screen; 0 for what the figures say.
    """

    clients: int
    days: int
    seed: int
    last: date
    bars: str = ""
    seen: int = 0

    def lived(self) -> list[date]:
        """Return the days that are lived, ascending."""
        return calendar().window(self.last, self.days)

    def has_morning(self, number: int) -> bool:
        """Whether the slots of the morning are run on the lived day with this number: on the last ones only."""
        return self.days - number < int(figures()["mornings"])

    def walked(self) -> list[date]:
        """Return every trading day from the beginning of the past, ascending."""
        return calendar().window(self.last, self.days + max(self.seen, int(figures()["past"]["days"])))

    def daily(self) -> int:
        """Return how many days before the lived ones are told day by day."""
        return self.seen or int(figures()["past"]["daily"])

    def seen_from(self) -> date:
        """Return the first day of the past whose files tell what clients did on screen."""
        return self.past()[-(self.seen or int(figures()["past"]["events"]))]

    def past(self) -> list[date]:
        """Return the days of the past that files tell of: daily at its end, then weekly, then now and then."""
        past = figures()["past"] | {"daily": self.daily()}
        before = self.walked()[: -self.days][::-1]
        return sorted(day for back, day in enumerate(before) if _kept(back, past))


def _kept(back: int, past: Mapping[str, int]) -> bool:
    if back < past["daily"]:
        return True
    return back % 5 == 0 if back < past["weekly"] else back % past["sparse"] == 0


@dataclass(frozen=True)
class Progress:
    """How many days have been lived, of how many; `day` is the newest one. `bars`: as in the plan."""

    lived: int
    days: int
    day: date | None = None
    bars: str = ""

    @property
    def done(self) -> bool:
        """Whether all days have been lived."""
        return self.lived >= self.days


def settle(folder: Path, wanted: Plan) -> Plan:
    """This will keep the plan in the folder, or return the one that lives there if it asks for the same branch.

    The days of a branch are those of its first start, however late it is finished. Raises OtherBranch.
    """
    known = read_plan(folder)
    if known is None:
        write_json(folder / PLAN, {**asdict(wanted), "last": wanted.last.isoformat()})
        return wanted
    asked, there = ({**asdict(plan), "last": None} for plan in (wanted, known))
    if asked != there:
        was = " ".join(f"--{name} {value}" for name, value in asdict(known).items() if name != "last" and value)
        raise OtherBranch(f"In {folder} lives a branch made with {was}; ask for that one, or give another folder.")
    return known


def read_plan(folder: Path) -> Plan | None:
    """Return the plan of the branch in a folder; None when there is none."""
    found = read_json(folder / PLAN)
    return Plan(**{**found, "last": date.fromisoformat(found["last"])}) if found else None


def progress(folder: Path) -> Progress | None:
    """Return how far the branch in a folder is, without asking the database; None when there is none."""
    plan, found = read_json(folder / PLAN), read_json(folder / PROGRESS) or {"lived": 0, "day": None}
    if plan is None:
        return None
    day = date.fromisoformat(found["day"]) if found["day"] else None
    return Progress(found["lived"], plan["days"], day, plan["bars"])


def note(folder: Path, lived: int, day: date) -> None:
    """This will keep that so many days have been lived, up to `day`."""
    write_json(folder / PROGRESS, {"lived": lived, "day": day.isoformat()})


def write_json(path: Path, values: Any, *, mode: int = 0o644) -> None:
    """Write a file whole or not at all, readable as `mode` says from its first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    draft.touch(mode=mode)
    draft.write_text(json.dumps(values, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    draft.replace(path)


def read_json(path: Path) -> Any:
    """Return what a file holds; None when it is not there."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
