"""What clients tell of themselves: lines of the clients and accounts files, with what their moves changed in them."""

from collections.abc import Iterable, Iterator
from datetime import date

from portal.demo.life import moving
from portal.demo.life.moves import LEAVING
from portal.demo.life.residents import Resident
from portal.demo.life.temper import HUNDRED, shows
from portal.demo.life.wallet import Wallet
from portal.demo.life.world import Household, World
from portal.demo.sample import accounts, people
from portal.demo.sample.dice import dice

WORDS = {
    "employee": ("公司职员", "工程师", "医务人员"), "self_employed": ("个体经营", "自由职业"),
    "public": ("公务员", "事业单位人员", "教师"), "retired": ("退休",), "student": ("学生",), "other": ("其他",),
}  # fmt: skip
UNSPECIFIED = "不便分类的其他从业人员"  # what the form says of who does not tell more; the law asks for something there
UNDESIGNATED = LEAVING.index("undesignated")
NOISE = (80, 120)  # per cent of the truth that a declared sum lies between
Row = dict[str, object]


def clients(world: World, households: Iterable[Household]) -> Iterator[Row]:
    """Yield the lines of the clients file."""
    for one in households:
        gone = {"status": "closed"} if moving.closed(one.resident, one.wallet) else {}
        told = _told(world.plan.seed, one.resident)
        yield from (row | told | gone for row in people.rows([one.resident], _since(world, one), world.plan.seed))


def account_lines(world: World, households: Iterable[Household]) -> Iterator[Row]:
    """Yield the lines of the accounts file."""
    for one in households:
        for row in accounts.rows([one.resident], [], [_since(world, one)]):
            yield row | _state(row, one.resident, one.wallet)


def _since(world: World, one: Household) -> date:
    """The day on which his papers were taken down: that of his first lines, so that later ones repeat them."""
    return max(world.plan.lived()[0], one.resident.opened_on)


def _state(row: Row, resident: Resident, wallet: Wallet) -> Row:
    """What leaving changes: the bank, the designation in Shanghai, in the end everything."""
    if resident.moves.leaving_from is None:
        return {}
    if moving.closed(resident, wallet):
        bank: Row = {"bank": None, "bank_card_tail": None, "depository": "none"} if row["kind"] == "fund" else {}
        return {"status": "closed", "closed_on": resident.moves.leaves_on, "designated": False} | bank
    if row["kind"] == "fund":
        return {"bank": wallet.bank}
    return {"designated": False} if wallet.extra.step > UNDESIGNATED else {}


def _told(seed: int, resident: Resident) -> Row:
    """His occupation and what he has elsewhere; None is what he was not asked, or did not tell."""
    rng, told, second = dice(seed, "told", resident.number), shows()["told"], resident.temper.broker == "second"
    occupation, noise = rng.choice(WORDS[resident.temper.occupation]), rng.randint(*NOISE)
    tells = rng.randrange(HUNDRED) < int(told["occupation"])
    open_hearted = rng.randrange(HUNDRED) < int(told[resident.temper.broker])
    return {
        "occupation": occupation if tells else _untold(seed, resident),
        "brokers_elsewhere": int(second) if open_hearted else None,
        "assets_elsewhere": resident.elsewhere * noise // HUNDRED if open_hearted else None,
    }  # fmt: skip


def _untold(seed: int, resident: Resident) -> str | None:
    """What stands in the record of who did not tell his occupation; nothing where the branch forgot to ask."""
    forgotten = dice(seed, "asked", resident.number).randrange(HUNDRED) < int(shows()["told"]["forgotten"])
    return None if forgotten else UNSPECIFIED
