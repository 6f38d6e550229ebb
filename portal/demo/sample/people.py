"""The clients: the cast of the story first, then ordinary people with invented names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from portal.demo.sample import story
from portal.demo.sample.dice import dice, nearest, weekday_between
from portal.demo.sample.idnumbers import credit_code, id_number

AREAS = {"HF01": "340101", "NJ01": "320101", "WH01": "420101"}
STREETS = {"HF01": "安徽省合肥市蜀山区示例路", "NJ01": "江苏省南京市鼓楼区样例街", "WH01": "湖北省武汉市武昌区演示路"}
DESKS = (("HF01", "E0101"), ("HF01", "E0102"), ("NJ01", "E0201"))
SURNAMES = "赵钱孙李周吴郑王冯陈蒋沈杨朱秦许何吕张孔曹严华金魏陶姜谢邹章苏潘葛范彭鲁韦马苗方"
GIVEN = {
    "M": (
        "承泽",
        "景明",
        "致远",
        "浩然",
        "思齐",
        "子墨",
        "云舒",
        "怀瑜",
        "启航",
        "立诚",
        "博文",
        "弘毅",
        "嘉树",
        "远山",
    ),
    "F": (
        "清扬",
        "知夏",
        "语桐",
        "婉宁",
        "书瑶",
        "念初",
        "安澜",
        "映雪",
        "佳禾",
        "晓岚",
        "若楠",
        "锦书",
        "疏影",
        "雨薇",
    ),
}
OCCUPATIONS = ("教师", "工程师", "个体经营", "公司职员", "医务人员", "退休", "自由职业", "公务员")
LEVELS = (2, 3, 3, 4, 4, 5)
ASSETS = (60_000, 90_000, 150_000, 250_000, 400_000, 700_000, 1_200_000, 2_600_000)
RATES = ("0.000200", "0.000250", "0.000300", "0.000500")
FOR_EVER = date(9999, 12, 31)
VALIDITY = timedelta(days=364)  # an assessment is good for one year
PERMISSION_ASSETS = {"GEM": 120_000, "STAR": 600_000, "BSE": 700_000, "ST": 60_000}
PERMISSION_LEVEL = 4
QUIET_SINCE = {story.QUIET_STARTER.client_no: 24, story.QUIET_REFUSER.client_no: 33}


@dataclass(frozen=True)
class Person:
    """One client as the branch knows him, and `assets`, the CNY with which he starts."""

    number: int
    who: story.Character
    opened_on: date
    assessed_on: date | None
    first_trade_on: date | None
    assets: int
    rate: Decimal
    permissions: tuple[str, ...] = ()

    @property
    def client_no(self) -> str:
        """The client number."""
        return self.who.client_no

    @property
    def status(self) -> str:
        """active, dormant or closed."""
        return {story.DORMANT.client_no: "dormant", story.CLOSED.client_no: "closed"}.get(self.client_no, "active")

    @property
    def credit(self) -> bool:
        """True when he has a credit account."""
        return self.who in story.CREDIT

    @property
    def valid_to(self) -> date | None:
        """Last day of his risk assessment."""
        return None if self.assessed_on is None else self.assessed_on + VALIDITY


def people(days: Sequence[date], clients: int, seed: int) -> list[Person]:
    """Return the clients in the order of their numbers."""
    names = _names(dice(seed, "names"))
    numbers = range(1, clients + 1)
    return [_person(n, _character(n, names, days[-1], dice(seed, "who", n)), days, seed) for n in numbers]


def quiet_day(client_no: str, days: Sequence[date]) -> int:
    """Return the index of the day on which one of the two quiet starters made his only trade."""
    return nearest(days, days[-1] - timedelta(days=QUIET_SINCE[client_no]))


def rows(persons: Sequence[Person], data_date: date, seed: int) -> Iterator[dict[str, object]]:
    """Yield the lines of the clients file."""
    for person in persons:
        yield _row(person, data_date, dice(seed, "papers", person.number))


def _names(rng: Random) -> dict[str, list[str]]:
    taken = {character.name for character in story.CAST}
    pairs = {sex: [s + g for s in SURNAMES for g in given if s + g not in taken] for sex, given in GIVEN.items()}
    for names in pairs.values():
        rng.shuffle(names)
    return pairs


def _character(n: int, names: dict[str, list[str]], data_date: date, rng: Random) -> story.Character:
    if n <= len(story.CAST):
        return story.CAST[n - 1]
    sex = rng.choice("MF")
    born = date(data_date.year - rng.randint(25, 76), rng.randint(1, 12), rng.randint(1, 28))
    pool = names[sex]
    name = pool[n % len(pool)]
    branch, manager = rng.choice(DESKS)
    return story.Character(f"C{n:07d}", name, sex, born, branch, manager, rng.choice(LEVELS), "ordinary client")


def _person(n: int, who: story.Character, days: Sequence[date], seed: int) -> Person:
    rng = dice(seed, "person", n)
    opened = _opened(who, days, rng)
    assets = 1_200_000 if who in story.CREDIT else rng.choice(ASSETS)
    return Person(
        number=n, who=who, opened_on=opened, assessed_on=_assessed(who, opened, days[-1], rng),
        first_trade_on=_first_trade(who, opened, rng), assets=assets, rate=Decimal(rng.choice(RATES)),
        permissions=_permissions(who, assets, rng),
    )  # fmt: skip


def _opened(who: story.Character, days: Sequence[date], rng: Random) -> date:
    if who in story.QUIET:
        return days[quiet_day(who.client_no, days) - 3]
    grown_up = date(max(2005, (who.born.year if who.born else 0) + 19), 1, 4)
    return weekday_between(rng, grown_up, days[0] - timedelta(days=900))


def _assessed(who: story.Character, opened: date, data_date: date, rng: Random) -> date | None:
    if who.level is None:
        return None
    if who in (story.EXPIRED, story.DORMANT, story.CLOSED):
        return data_date - timedelta(days=500)
    return max(opened, data_date - timedelta(days=rng.randint(20, 300)))


def _first_trade(who: story.Character, opened: date, rng: Random) -> date | None:
    if who in story.QUIET or who is story.UNASSESSED:
        return None
    return weekday_between(rng, opened + timedelta(days=7), opened + timedelta(days=60))


def _permissions(who: story.Character, assets: int, rng: Random) -> tuple[str, ...]:
    if who is story.BIG_MOVE:
        return ("GEM",)
    if (who.level or 0) < PERMISSION_LEVEL or who.born is None:
        return ()
    codes = [code for code, least in PERMISSION_ASSETS.items() if assets >= least and rng.randrange(4)]
    return (*codes, "MARGIN") if who in story.CREDIT else tuple(codes)


def _row(person: Person, data_date: date, rng: Random) -> dict[str, object]:
    who, n = person.who, person.number
    papers = _individual(person, who.born, data_date, rng) if who.born else _organisation(person)
    return papers | {
        "mobile": f"138{n:08d}", "email": f"c{n:07d}@example.com", "address": f"{STREETS[who.branch]}{n}号",
        "branch": who.branch, "manager_no": who.manager_no, "opened_on": person.opened_on,
        "status": person.status, "aml_level": rng.choice(("low", "low", "low", "medium")),
        "risk_level": who.level, "risk_lowest": None if who.level is None else who is story.LOWEST,
        "risk_assessed_on": person.assessed_on, "risk_valid_to": person.valid_to,
        "unified_account": f"19{n:010d}",
    }  # fmt: skip


def _individual(person: Person, born: date, data_date: date, rng: Random) -> dict[str, object]:
    who, n = person.who, person.number
    order = n % 499 * 2 + (1 if who.sex == "M" else 2)
    since, until = _papers(born, data_date, rng)
    return {
        "client_no": who.client_no, "kind": "individual", "name": who.name, "id_type": "id_card",
        "id_no": id_number(AREAS[who.branch], born, order), "id_valid_from": since, "id_valid_to": until,
        "birth_date": born, "sex": who.sex, "nationality": "CHN", "occupation": rng.choice(OCCUPATIONS),
    }  # fmt: skip


def _papers(born: date, data_date: date, rng: Random) -> tuple[date, date]:
    # Ten years for the young, twenty up to 45, then for ever (resident ID card law, article 5).
    since = date(data_date.year - rng.randint(1, 8), rng.randint(1, 12), rng.randint(1, 28))
    age = since.year - born.year
    years = 10 if age < 26 else 20
    return since, FOR_EVER if age > 46 else since.replace(year=since.year + years)


def _organisation(person: Person) -> dict[str, object]:
    who = person.who
    return {
        "client_no": who.client_no, "kind": "organisation", "name": who.name, "id_type": "business_licence",
        "id_no": credit_code(AREAS[who.branch], 70_000_000 + person.number),
        "id_valid_from": person.opened_on, "id_valid_to": FOR_EVER, "birth_date": None, "sex": None,
        "nationality": "CHN", "occupation": None,
    }  # fmt: skip
