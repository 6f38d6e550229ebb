"""The supervisor's first page: the served share of commission, and whom nobody served and why."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import translation

from advisory.workbench.supervisor import reasons, selectors
from clients.behaviour import services as behaviour
from clients.lake.publishing import write_parts, writing
from clients.lake.reading import open_lake
from clients.ledger.models import CommissionMonth
from clients.org.models import Branch, Role, Staff
from clients.register.models import Client
from kpm.strategies.models import Hit, Run, Stage
from kpm.strategies.services.lines import COLUMNS, ORDER
from tests import factories as make
from tests.kpm.outcomes.world import hit, version

pytestmark = pytest.mark.django_db
BACKEND = "clients.org.backends.StaffBackend"
MOST = 12
MONTH = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def _now(time_machine: Any, settings: Any, tmp_path: Any) -> None:
    """The factories' present, and a lake of its own; facts arrive by the database's clock, which is not behind."""
    settings.LAKE_DIR = tmp_path
    time_machine.move_to(make.NOW, tick=False)


@pytest.fixture
def alice() -> Staff:
    """Alice supervises the branch HF, below which HF01 lies."""
    return make.staff("Alice", roles=(Role.SUPERVISOR,), at=make.branch("HF"))


def below(alice: Staff) -> Branch:
    return Branch.objects.get_or_create(code="HF01", defaults={"name": "HF01", "parent": alice.branch})[0]


def paying(name: str, at: Branch, amount: int, month: date = MONTH) -> Client:
    """A client who paid this commission in a month."""
    found = make.client(name, at=at, login=False)
    CommissionMonth.objects.create(client=found, month=month, amount=amount, seen=1)
    return found


def happened(kind: str, to: Client, at: datetime = make.NOW, **properties: str) -> None:
    behaviour.record(kind=kind, idem_key=f"{kind}:{to.pk}", at=at, client_id=to.pk, properties=properties)


def desk(person: Staff) -> Browser:
    browser = Browser(headers={"accept-language": "en"})
    browser.force_login(person.user, backend=BACKEND)
    browser.get("/desk/")
    return browser


def publish(*lines: dict[str, Any]) -> None:
    """The lines that the published run of a day wrote into the lake."""
    run = Run.objects.create(
        day=make.DAY, slot="after_settlement", state=Run.State.PUBLISHED, cutoff=make.NOW, started_at=make.NOW
    )
    with open_lake() as con, writing("hits_after_settlement", make.DAY) as draft:
        con.execute(f"CREATE TEMP TABLE lines ({', '.join(f'{name} {kind}' for name, kind in COLUMNS.items())})")
        rows = [[{**line, "run_id": run.pk}.get(name) for name in COLUMNS] for line in lines]
        con.executemany(f"INSERT INTO lines VALUES ({', '.join('?' * len(COLUMNS))})", rows)
        write_parts(con, draft, "lines", COLUMNS, order=ORDER)


def seen(alice: Staff) -> tuple[selectors.Share, list[tuple[str, Decimal, str]]]:
    """The share, and the list as (client, commission, why)."""
    when = selectors.times(make.NOW)
    rows = list(selectors.unserved(alice.user, alice, when, make.NOW))
    told = selectors.shown(alice.user, rows, when, make.NOW)
    share = selectors.served_share(alice.user, alice, when, make.NOW)
    with translation.override("en"):
        return share, [(row.name, row.commission, str(row.why)) for row in told]


def test_who_saw_or_answered_a_service_counts_and_nobody_else(alice: Staff) -> None:
    place = below(alice)
    reader, reached = paying("Reader", alice.branch, 100), paying("Reached", place, 50)
    missed, reminded, long_ago = paying("Missed", place, 30), paying("Reminded", place, 20), paying("Late", place, 10)
    paying("Elsewhere", make.branch("BJ"), 1000)
    happened("message_read", reader)
    happened("task_result", reached, contact="reached", response="agreed")
    happened("task_result", missed, contact="not_answered")
    happened("message_delivered", reminded)
    happened("message_read", long_ago, at=make.NOW - timedelta(days=60))

    share, rows = seen(alice)

    assert (share.served, share.total) == (150, 210)
    assert share.ratio == Decimal(150) / 210
    assert [(name, paid) for name, paid, _why in rows] == [("Missed", 30), ("Reminded", 20), ("Late", 10)]


def test_twelve_months_count_with_the_present_one(alice: Staff) -> None:
    paying("Bob", alice.branch, 7, date(2025, 12, 1))
    paying("Ben", alice.branch, 9, date(2025, 11, 1))

    share, rows = seen(alice)

    assert (share.total, share.served, share.ratio) == (7, 0, 0)
    assert rows == [("Bob", 7, "no strategy meant him")]


def test_without_commission_there_is_no_share(alice: Staff) -> None:
    share, rows = seen(alice)

    assert (share.ratio, rows) == (None, [])


def test_sensitive_clients_of_other_branches_do_not_exist_here(alice: Staff) -> None:
    secret = paying("Secret", below(alice), 1000)
    Client.objects.filter(pk=secret.pk).update(sensitive=True)

    share, rows = seen(alice)

    assert (share.total, rows) == (0, [])


def test_the_hit_that_came_nearest_says_why(alice: Staff) -> None:
    bob, ben, carl = (paying(name, alice.branch, n) for name, n in (("Bob", 30), ("Ben", 20), ("Carl", 10)))
    of = version("A", action="push")
    hit(of, bob, used_on=make.DAY)
    hit(version("B"), bob, held=True, used_on=make.DAY)
    hit(of, ben, held=True, used_on=make.DAY)
    Hit.objects.create(
        strategy=of.strategy, version=of, client=carl, branch=carl.branch, run=Hit.objects.all()[0].run,
        first_day=make.DAY, last_day=make.DAY, occurrence="x", stage=Stage.WON_ARBITRATION, stopped_by="no_capacity",
    )  # fmt: skip

    _share, rows = seen(alice)

    assert [why for _name, _paid, why in rows] == [
        "message not read", "held out to measure a strategy", "no capacity",
    ]  # fmt: skip


def test_what_the_record_does_not_keep_the_lake_tells(alice: Staff) -> None:
    bob, ben = paying("Bob", alice.branch, 30), paying("Ben", alice.branch, 20)
    line = {"version_id": 1, "client_id": bob.pk, "branch_id": 1, "object_key": "", "occurrence": ""}
    line |= {"arm": "treated", "first_day": make.DAY}
    publish({**line, "stage": 1, "stopped_by": "account_status"}, {**line, "stage": 2, "stopped_by": "no_consent"})

    _share, rows = seen(alice)

    assert rows == [("Bob", 30, "no consent"), ("Ben", 20, "no strategy meant him")]
    assert ben.pk != bob.pk


@pytest.mark.parametrize("code", ["no_consent", "cap_family", "lost_to_stronger", "something_new"])
def test_every_reason_has_words(code: str) -> None:
    assert str(reasons.of_code(code)) != code


def test_the_page_in_twelve_queries_and_in_pages(alice: Staff, django_assert_max_num_queries: Any) -> None:
    for n in range(60):
        paying(f"Client {n:02}", alice.branch, 100 + n)
    browser = desk(alice)

    with django_assert_max_num_queries(MOST):
        page = browser.get("/desk/super/?page=2").content.decode()

    assert page.count("no strategy meant him") == 10
    assert "Client 09" in page
    assert "Client 10" not in page
    assert "0.0%" in page


def test_who_supervises_nothing_gets_no_such_page(alice: Staff) -> None:
    bob = make.staff("Bob", roles=(Role.MANAGER,), at=alice.branch)

    answer, rail = desk(bob).get("/desk/super/"), desk(bob).get("/desk/").content.decode()

    assert answer.status_code == 404
    assert "/desk/super/" not in rail
    assert "/desk/super/" in desk(alice).get("/desk/").content.decode()


def test_the_components_are_in_the_rail_of_administrators_and_of_nobody_else(alice: Staff, settings: Any) -> None:
    bob = make.staff("Bob", roles=(Role.ADMINISTRATOR,), at=alice.branch)

    shown = {person.name: "/desk/components/" in desk(person).get("/desk/").content.decode() for person in (alice, bob)}

    assert shown == {"Alice": False, "Bob": True}
    settings.DEBUG = True
    assert "/desk/components/" in desk(alice).get("/desk/").content.decode()


def test_the_page_says_which_months_are_counted(alice: Staff) -> None:
    paying("Bob", alice.branch, 30)

    page = desk(alice).get("/desk/super/").content.decode()

    assert "Commission of 12 calendar months: from " in page
    assert "to this month, which is not over" in page
