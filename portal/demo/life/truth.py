"""What nobody but a judge may know: what a client is like, whom which strategy helps, who is skilled, who leaves.

It is drawn from the seed and kept in one file that only its owner reads. The people of the branch act by it; nothing
that decides or serves may read it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from portal.demo.life.figures import figures
from portal.demo.life.plan import Plan, read_json, write_json
from portal.demo.life.residents import Resident
from portal.demo.life.staff import BRANCHES, WORKING
from portal.demo.life.temper import TRAITS
from portal.demo.sample.dice import dice

FILE = "truth.json"
ONLY_THE_OWNER = 0o600


@dataclass(frozen=True)
class Truth:
    """All by client number: `helped` gives the codes of the strategies that help him, `traits` his values (temper.py).

    `leaves` is the day on which he would close his account if nobody kept him, `arrives` the one on which his
    securities come from another broker; neither holds who does not move. Skill is in per cent, by staff number.
    """

    kinds: dict[str, str]
    helped: dict[str, frozenset[str]]
    skill: dict[str, int]
    branch_effect: dict[str, int]
    traits: dict[str, dict[str, str]]
    leaves: dict[str, date]
    arrives: dict[str, date]

    def helps(self, client_no: str, strategy: str) -> bool:
        """Whether a strategy helps a client."""
        return strategy in self.helped.get(client_no, frozenset())

    def trait(self, client_no: str, name: str, on: date) -> str:
        """Return a trait of a client as it is on a day: we are the main broker of whoever has moved here."""
        moved = self.arrives.get(client_no)
        return "main" if name == "broker" and moved and moved <= on else self.traits[client_no][name]

    def skill_of(self, staff_no: str, branch: str) -> int:
        """Return the chance in per cent that a person of a branch does what helps."""
        return min(100, max(0, self.skill[staff_no] + self.branch_effect.get(branch, 0)))


def tell(folder: Path, plan: Plan, residents: Iterable[Resident], strategies: Sequence[str]) -> Truth:
    """This will draw the truth, or read the one that is kept already, and return it."""
    if not (folder / FILE).exists():
        write_json(folder / FILE, _drawn(plan, residents, sorted(strategies)), mode=ONLY_THE_OWNER)
    return read(folder)


def read(folder: Path) -> Truth:
    """Return the truth that is kept in the folder of a branch; for the judge. Raises FileNotFoundError without one."""
    kept = read_json(folder / FILE)
    if kept is None:
        raise FileNotFoundError(f"{folder / FILE}: no truth is kept there.")
    return _read(kept)


def _drawn(plan: Plan, residents: Iterable[Resident], codes: list[str]) -> dict[str, Any]:
    everybody = list(residents)
    low, high = figures()["staff"]["skill"]
    worst, best = figures()["branch_effect"]
    return {
        "seed": plan.seed,
        "strategies": codes,
        "clients": {one.client_no: _of_client(plan, one, codes) for one in everybody},
        "traits": list(TRAITS),
        "tempers": {one.client_no: [getattr(one.temper, name) for name in TRAITS] for one in everybody},
        "leaves": {one.client_no: _iso(one.moves.leaves_on) for one in everybody},
        "arrives": {one.client_no: _iso(one.moves.arrives_on) for one in everybody},
        "skill": {one.staff_no: dice(plan.seed, "skill", one.staff_no).randint(low, high) for one in WORKING},
        "branch_effect": {row[0]: dice(plan.seed, "effect", row[0]).randint(worst, best) for row in BRANCHES},
    }


def _of_client(plan: Plan, one: Resident, codes: list[str]) -> list[str]:
    """His kind, and a bit for each strategy, as hexadecimal digits; some react to nothing at all."""
    rng = dice(plan.seed, "truth", one.number)
    deaf = rng.randrange(100) < int(figures()["holdouts"])
    bits = sum((not deaf and rng.randrange(100) < one.manner.helped) << k for k in range(len(codes)))
    return [one.kind, f"{bits:x}"]


def _read(kept: dict[str, Any]) -> Truth:
    codes = kept["strategies"]
    helped = {
        number: frozenset(code for k, code in enumerate(codes) if int(bits, 16) >> k & 1)
        for number, (_kind, bits) in kept["clients"].items()
    }
    kinds = {number: kind for number, (kind, _bits) in kept["clients"].items()}
    traits = {number: dict(zip(kept["traits"], values, strict=True)) for number, values in kept["tempers"].items()}
    moves = (_days(kept[name]) for name in ("leaves", "arrives"))
    return Truth(kinds, helped, kept["skill"], kept["branch_effect"], traits, *moves)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _days(kept: dict[str, str | None]) -> dict[str, date]:
    return {number: date.fromisoformat(day) for number, day in kept.items() if day}
