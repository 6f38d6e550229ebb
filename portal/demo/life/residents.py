"""The clients: drawn from the seed, each of a kind that decides how he lives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from random import Random

from portal.demo.life import moves, temper
from portal.demo.life.figures import Manner, figures, manners
from portal.demo.life.moves import Moves
from portal.demo.life.plan import Plan
from portal.demo.life.staff import DESKS
from portal.demo.life.temper import Temper
from portal.demo.sample.dice import dice, weekday_between
from portal.demo.sample.people import GIVEN, RATES, SURNAMES, VALIDITY, Person
from portal.demo.sample.story import Character

OLD, EXPIRED_IN, UNMANAGED_IN = 900, 12, 15  # days since which accounts may be open; one in so many
LAPSES_IN = 6  # one in so many lets his risk assessment run out some day, the others renew it in time
NEW, NEWER = 5, 240  # days since which an assessment may be valid that does not run out while the branch lives
TOLD = {"STAR": 500_000, "GEM": 100_000, "BSE": 500_000, "ST": 50_000}  # assets that a permission asks for, in CNY
CREDIT_LEVEL = 4  # of risk, which the boards above and a credit account ask for
CONSENT_VERSION = "v1"


@dataclass(frozen=True, kw_only=True)
class Resident(Person):
    """A client of a kind (`figures.yaml`); `elsewhere` is what he has at other brokers, in CNY."""

    kind: str
    temper: Temper
    moves: Moves
    elsewhere: int

    @cached_property
    def manner(self) -> Manner:
        """How clients of his kind live."""
        return manners()[self.kind]

    @property
    def status(self) -> str:
        """active or dormant."""
        return "dormant" if self.kind == "dormant" else "active"

    @property
    def credit(self) -> bool:
        """True when he has a credit account."""
        return self.temper.margin != "none"

    @property
    def level(self) -> int:
        """His risk level, 1 to 5."""
        return self.who.level or 1


def residents(plan: Plan) -> list[Resident]:
    """Return all clients in the order of their numbers, those too who come in the lived days."""
    lived, walked = plan.lived(), plan.walked()
    watched = walked[-(plan.daily() + len(lived)) :]
    return [_resident(n, plan.seed, lived, walked[0], watched) for n in range(1, plan.clients + 1)]


def _resident(n: int, seed: int, lived: Sequence[date], first: date, watched: Sequence[date]) -> Resident:
    rng = dice(seed, "resident", n)
    manner = _manner(rng)
    age, total = rng.randint(*manner.ages), _assets(manner, rng)
    his = temper.drawn(seed, n, kind=manner.name, age=age, assets=total)
    who = _character(n, manner, lived[0].year - age, his, rng)
    opened = _opened(manner, lived, first, rng)
    assets = total if his.broker == "main" else total * int(temper.shows()["second_keeps"]) // 100
    return Resident(
        number=n, who=who, opened_on=opened, assessed_on=_assessed(opened, lived[0], rng),
        first_trade_on=None if manner.name in ("dormant", "newcomer") else opened + timedelta(days=20),
        assets=assets, rate=Decimal(rng.choice(RATES)), permissions=_permissions(his, who, assets), kind=manner.name,
        temper=his, elsewhere=total - assets,
        moves=moves.drawn(seed, n, kind=manner.name, temper=his, opened=opened, watched=watched),
    )  # fmt: skip


def _manner(rng: Random) -> Manner:
    at, reached = rng.randrange(100), 0
    for manner in manners().values():
        reached += manner.share
        if at < reached:
            break
    return manner


def _character(n: int, manner: Manner, year: int, his: Temper, rng: Random) -> Character:
    sex = rng.choice("MF")
    born = date(year, rng.randint(1, 12), rng.randint(1, 28))
    branch, manager = rng.choice(DESKS)
    manager = "" if manner.name == "dormant" or rng.randrange(UNMANAGED_IN) == 0 else manager
    name = rng.choice(SURNAMES) + rng.choice(GIVEN[sex])
    return Character(f"C{n:07d}", name, sex, born, branch, manager, _level(his, rng), manner.name)


def _level(his: Temper, rng: Random) -> int:
    """The level that he declares: mostly one of his appetite's; a credit account asks for one of the highest."""
    levels = temper.shows()["levels" if temper.says(rng, "level") else "beside"][his.risk_appetite]
    declared: int = rng.choice(levels)
    return declared if his.margin == "none" else max(CREDIT_LEVEL, declared)


def _opened(manner: Manner, lived: Sequence[date], first: date, rng: Random) -> date:
    """Newcomers open one after the other from three weeks before the first lived day on, the others long ago."""
    if manner.name != "newcomer":
        return weekday_between(rng, first - timedelta(days=OLD), first - timedelta(days=30))
    days = [None, *lived[int(figures()["newcomers_every"]) - 1 :: int(figures()["newcomers_every"])]]
    chosen = rng.choice(days)
    return chosen or weekday_between(rng, lived[0] - timedelta(days=40), lived[0] - timedelta(days=10))


def _assets(manner: Manner, rng: Random) -> int:
    """Between least and most, most people near the least: the square of an even draw."""
    least, most = manner.assets
    return least + (most - least) * rng.randrange(1000) ** 2 // 1_000_000


def _assessed(opened: date, day: date, rng: Random) -> date:
    if rng.randrange(EXPIRED_IN) == 0:
        return max(opened, day - timedelta(days=rng.randint(300, 700)))
    # Spread over the whole year, so that as many run out in one month as in the next.
    oldest = VALIDITY.days if rng.randrange(LAPSES_IN) == 0 else NEWER
    return max(opened, day - timedelta(days=rng.randint(NEW, oldest)))


def _permissions(his: Temper, who: Character, assets: int) -> tuple[str, ...]:
    codes = [code for code, least in TOLD.items() if assets >= least and (who.level or 0) >= CREDIT_LEVEL]
    return tuple(codes) if his.margin == "none" else (*codes, "MARGIN")


def consents(resident: Resident, seed: int) -> list[dict[str, object]]:
    """Return what a client agreed to when he opened his account."""
    rng = dice(seed, "consents", resident.number)
    at = datetime.combine(resident.opened_on, time(10, 0)) + timedelta(minutes=rng.randint(0, 240))
    return [
        {"client_no": resident.client_no, "purpose": purpose, "version": CONSENT_VERSION, "at": at,
         "given": rng.randrange(100) < share, "channel": "app"}
        for purpose, share in figures()["consents"].items()
    ]  # fmt: skip
