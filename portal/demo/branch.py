"""A small sample branch: staff by our services, everything else from files taken in by `manage.py import`."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.core.management import call_command

from advisory.dispatch.library import publish_texts
from clients.market.calendar import calendar
from clients.org import services as org
from clients.org.models import Branch, Role, Staff
from clients.register import services as register
from clients.register.models import Client
from kpm.strategies import services as strategies
from kpm.strategies.models import Strategy, StrategyVersion
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
    Person("E0101", "周明远", "HF01", (Role.MANAGER,)),
    Person("E0102", "许知行", "HF01", (Role.MANAGER,)),
    Person("E0103", "林清如", "HF01", (Role.ADVISER, Role.MANAGER), "S0000000000103"),
    Person("E0109", "何立诚", "HF01", (Role.SUPERVISOR,)),
    Person("E0201", "苏文澜", "NJ01", (Role.MANAGER,)),
    Person("E0202", "程子衿", "NJ01", (Role.ADVISER,), "S0000000000202"),
    Person("E0301", "罗晓晴", "HQ", (Role.CALL_CENTRE,)),
    Person("E0901", "高朗", "HQ", (Role.COMPLIANCE,)),
    Person("E0902", "管知远", "HQ", (Role.ADMINISTRATOR, Role.SERVICE_OPS)),
]

ADMINISTRATOR = "E0902"
LAUNCHED = ("GRW-TRD-001", "MAT-TRD-016")  # off in the library; the cast of the sample turns on them


def build(*, folder: Path, day: date, clients: int, seed: int, password: str, now: datetime) -> None:
    """This will make the branch as of `day`: staff, strategies, files, import, logins; twice changes nothing."""
    hire_staff(password=password, on=date(day.year - 3, 1, 4))
    load_strategies(now=now)
    days = calendar().window(day, PAST_TRADING_DAYS)
    for kind, file in write_sample(folder, trading_days=days, clients=clients, seed=seed):
        call_command("import", kind, str(file), verbosity=0)
    for client in Client.objects.filter(user__isnull=True).exclude(status=Client.Status.LEAD):
        register.open_login(client=client, password=password)


def hire_staff(*, password: str, on: date) -> None:
    """This will make branches and staff that are not there yet."""
    head, _created = Branch.objects.get_or_create(code=HEAD_OFFICE[0], defaults={"name": HEAD_OFFICE[1]})
    for code, name, address, phone in BRANCHES:
        known = {"name": name, "parent": head, "address": address, "phone": phone}
        Branch.objects.get_or_create(code=code, defaults=known)
    hired = set(Staff.objects.values_list("staff_no", flat=True))
    for person in (person for person in STAFF if person.staff_no not in hired):
        org.hire(
            staff_no=person.staff_no, name=person.name, branch=Branch.objects.get(code=person.branch),
            roles=list(person.roles), password=password, on=on, adviser_licence=person.licence, phone=person.phone,
        )  # fmt: skip


def load_strategies(*, now: datetime) -> None:
    """This will load the shipped strategies with their texts and playbooks, and launch those that the story needs."""
    entries = read_library()
    strategies.load_library(entries=entries, now=now)
    publish_texts(entries=entries, now=now)
    administrator = Staff.objects.get(staff_no=ADMINISTRATOR)
    drafts = StrategyVersion.objects.filter(strategy__code__in=LAUNCHED, strategy__status=Strategy.Status.DRAFT)
    for version in drafts.order_by("strategy__code"):
        strategies.launch_version(version=version, by=administrator.user, now=now)
