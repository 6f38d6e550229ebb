"""A small sample branch: staff by our services, everything else from files taken in by `manage.py import`."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.core.management import call_command

from advisory.dispatch.library import publish_texts
from clients.market.calendar import calendar
from clients.org import selectors as org
from clients.org import services as org_services
from clients.register import selectors as register
from clients.register import services as register_services
from kpm.strategies import services as strategy_services
from kpm.strategies.services.library import read_library
from portal.demo.sample import write_sample

PAST_TRADING_DAYS = 250


@dataclass(frozen=True)
class Person:
    """A member of staff of the sample branch."""

    staff_no: str
    name: str
    branch: str
    roles: tuple[str, ...]
    licence: str = ""

    @property
    def phone(self) -> str:
        """An office number of nobody: the last four digits are the staff number."""
        return f"0551-6000{self.staff_no[1:]}"


# Numbers and addresses of nobody.
BRANCHES = [
    ("HF01", "合肥示例营业部", "合肥市示例区示范路 1 号", "0551-60000100"),
    ("NJ01", "南京示例营业部", "南京市示例区示范路 2 号", "025-60000200"),
]
HEAD_OFFICE = ("HQ", "示例证券总部")
STAFF = [
    Person("E0101", "周明远", "HF01", ("manager",)),
    Person("E0102", "许知行", "HF01", ("manager",)),
    Person("E0103", "林清如", "HF01", ("adviser", "manager"), "S0000000000103"),
    Person("E0109", "何立诚", "HF01", ("supervisor",)),
    Person("E0201", "苏文澜", "NJ01", ("manager",)),
    Person("E0202", "程子衿", "NJ01", ("adviser",), "S0000000000202"),
    Person("E0301", "罗晓晴", "HQ", ("call_centre",)),
    Person("E0901", "高朗", "HQ", ("compliance",)),
    Person("E0902", "管知远", "HQ", ("administrator", "service_ops")),
    Person("E0904", "方思远", "HQ", ("strategy_author",)),
    Person("E0905", "宋衡", "HQ", ("business_approver",)),
    Person("E0906", "戴安", "HQ", ("operator",)),
    Person("E0108", "白芷", "HF01", ("branch_author",)),
    Person("E0107", "贺闻远", "HF01", ("business_approver",)),
]

SWITCHED_ON = ("GRW-TRD-001", "MAT-TRD-016")  # off in the library; the cast of the sample turns on them


def build(*, folder: Path, day: date, clients: int, seed: int, password: str, now: datetime) -> None:
    """This will make the branch as of `day`: staff, strategies, files, import, logins; twice changes nothing."""
    hire_staff(password=password, on=date(day.year - 3, 1, 4))
    load_strategies(now=now)
    days = calendar().window(day, PAST_TRADING_DAYS)
    for kind, file in write_sample(folder, trading_days=days, clients=clients, seed=seed):
        call_command("import", kind, str(file), verbosity=0)
    for client in register.without_login():
        register_services.open_login(client=client, password=password)


def hire_staff(*, password: str, on: date) -> None:
    """This will make branches and staff that are not there yet."""
    head = org_services.open_branch(code=HEAD_OFFICE[0], name=HEAD_OFFICE[1])
    places = {head.code: head}
    for code, name, address, phone in BRANCHES:
        places[code] = org_services.open_branch(code=code, name=name, address=address, phone=phone, parent=head)
    for person in (person for person in STAFF if org.staff_by_number(person.staff_no) is None):
        org_services.hire(
            staff_no=person.staff_no, name=person.name, branch=places[person.branch], roles=list(person.roles),
            password=password, on=on, adviser_licence=person.licence, phone=person.phone,
        )  # fmt: skip


def load_strategies(*, now: datetime) -> None:
    """This will load the shipped strategies with their texts and playbooks; those that the story needs are on too."""
    entries = read_library()
    for entry in (entry for entry in entries if entry.code in SWITCHED_ON):
        entry["active_by_default"] = True
    strategy_services.load_library(entries=entries, now=now)
    publish_texts(entries=entries, now=now)
