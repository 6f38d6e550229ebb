"""The client on one page: who may open it, what is written down, what each part says, what is spared."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser

from clients.behaviour import rollup, sessions
from clients.lake.publishing import writing
from clients.lake.reading import open_lake
from clients.org.models import AccessLog, Cover, Role, Staff
from clients.portrait.traits.every import TRAITS
from clients.portrait.traits.signs import SIGNS
from clients.portrait.traits.wide import TABLE as TRAIT_ROWS
from clients.register.models import Client, ClientGrant, Consent, ContactHold
from tests import factories as make
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db
PAGE_QUERIES = 28  # of a client with little: no product, no hit, no night of strategies
CHINESE = {"HTTP_ACCEPT_LANGUAGE": "zh-hans"}


@pytest.fixture(autouse=True)
def lake(settings: Any, tmp_path: Path, time_machine: Any) -> None:
    settings.LAKE_DIR = tmp_path / "lake"
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def alice() -> Staff:
    return make.staff("Alice")


@pytest.fixture
def bob(alice: Staff) -> Client:
    return make.client(
        "王小明", manager=alice, client_no="C0000123", mobile="13800001234", email="bob@example.com",
        id_no="340102199001011234", address="合肥市蜀山区长江西路 1 号", aml_level="high",
    )  # fmt: skip


def desk_of(staff: Staff) -> Browser:
    """The browser of a member of staff."""
    browser = Browser(headers={"accept-language": "zh-hans"})
    browser.force_login(staff.user, backend="clients.org.backends.StaffBackend")
    return browser


def page(staff: Staff, of: Client, **asked: str) -> str:
    """The page of a client as a member of staff reads it."""
    answer = desk_of(staff).get(f"/desk/clients/{of.pk}/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def put(table: str, day: date, rows: list[dict[str, Any]], columns: dict[str, str]) -> None:
    """Publish rows of the bucket of small numbers, NULL where a row says nothing."""
    values = [
        "SELECT "
        + ", ".join(f'CAST({_literal(row.get(name))} AS {kind}) AS "{name}"' for name, kind in columns.items())
        for row in rows
    ]
    with open_lake() as con, writing(table, day) as draft:
        draft.write(con, "bucket=00", " UNION ALL ".join(values))


def _literal(value: Any) -> str:
    return "NULL" if value is None else f"'{value}'"


def concluded(of: Client) -> None:
    """A portrait of two traits: one that rests on money alone, one that rests on the screen."""
    put(
        TRAIT_ROWS, DAY,
        [{
            "client_id": of.pk, "clarity": 0.25, "trait_wealth": "middle", "trait_wealth_confidence": 0.7,
            "trait_wealth_observations": 3, "trait_wealth_latest": DAY, "trait_wealth_since": DAY,
            "trait_platform": "app", "trait_platform_confidence": 0.9, "trait_platform_observations": 5,
            "trait_platform_latest": DAY, "trait_platform_since": DAY,
        }],
        {"client_id": "BIGINT", "clarity": "DOUBLE"} | {
            f"trait_{trait.name}{end}": kind for trait in TRAITS for end, kind in (
                ("", "VARCHAR"), ("_confidence", "DOUBLE"), ("_observations", "BIGINT"), ("_latest", "DATE"),
                ("_since", "DATE"))
        },
    )  # fmt: skip
    screen = next(trait for trait in TRAITS if trait.name == "platform")
    sign = next(name for name, one in screen.signs.items() if one.screen)
    put(
        SIGNS, DAY,
        [{"client_id": of.pk, "trait": "platform", "sign": sign, "observations": 5, "latest": DAY},
         {"client_id": of.pk, "trait": "wealth", "sign": "of_an_older_night", "observations": 1, "latest": DAY}],
        {"client_id": "BIGINT", "trait": "VARCHAR", "sign": "VARCHAR", "value": "VARCHAR", "observations": "BIGINT",
         "latest": "DATE"},
    )  # fmt: skip


def was_there(of: Client) -> None:
    """One visit of twelve minutes that ended on the page of fees, with a sign-in."""
    put(
        sessions.TABLE, DAY,
        [{"day": DAY, "client_id": of.pk, "session": 1, "started_at": "2026-11-20 10:00:00+08", "dwell_ms": 720_000,
          "entry_page": "/home", "exit_page": "/fees", "open_form": "bank_change", "pages": 4, "platform": "ios"}],
        sessions.COLUMNS,
    )  # fmt: skip
    put(
        rollup.EVENT_DAYS, DAY,
        [{"client_id": of.pk, "day": DAY, "meaning": "signed_in", "times": 2},
         {"client_id": of.pk, "day": DAY, "meaning": "commission_page_viewed", "page": "fee", "times": 3,
          "dwell_ms": 90_000}],
        rollup.COLUMNS,
    )  # fmt: skip


def answer(of: Client, purpose: str, given: bool) -> None:
    Consent.objects.create(client=of, purpose=purpose, given=given, at=NOW, version="1", channel="app")


def test_opening_is_written_down_with_what_allowed_it(alice: Staff, bob: Client) -> None:
    page(alice, bob)

    log = AccessLog.objects.get()
    assert (log.staff, log.client_id, log.action, log.reason, log.at) == (alice, bob.pk, "client", "是其客户经理", NOW)


def test_what_allowed_it_is_said_for_cover_grant_supervisor_and_compliance(alice: Staff, bob: Client) -> None:
    span = {"starts_at": NOW - timedelta(days=1), "ends_at": NOW + timedelta(days=1)}
    cover, granted = make.staff("Carol", at=alice.branch), make.staff("Dora")
    Cover.objects.create(absent=alice, cover=cover, **span)
    ClientGrant.objects.create(
        client=bob, staff=granted, reason="通话中", granted_at=NOW, expires_at=NOW + timedelta(hours=1)
    )
    head = make.staff("Erin", at=alice.branch, roles=(Role.SUPERVISOR,))
    checker = make.staff("Fay", roles=(Role.COMPLIANCE,))

    for person in (cover, granted, head, checker):
        page(person, bob)

    reasons = list(AccessLog.objects.order_by("pk").values_list("reason", flat=True))
    assert reasons == ["代 Alice 值班", "获准查看：通话中", "主管其营业部", "合规"]


def test_who_may_not_see_him_finds_no_such_page_and_nothing_is_written(alice: Staff, bob: Client) -> None:
    others = [make.staff("Charlie", at=alice.branch), make.staff("Olga", roles=(Role.ADVISER,))]

    answers = [desk_of(person).get(f"/desk/clients/{bob.pk}/").status_code for person in others]

    assert answers == [404, 404]
    assert desk_of(alice).get("/desk/clients/999999999999/").status_code == 404
    assert not AccessLog.objects.exists()


def test_a_day_that_is_none_is_not_found(alice: Staff, bob: Client) -> None:
    assert desk_of(alice).get(f"/desk/clients/{bob.pk}/?until=yesterday").status_code == 404
    assert not AccessLog.objects.exists()


def test_personal_fields_are_masked_by_role(alice: Staff, bob: Client) -> None:
    checker = make.staff("Fay", roles=(Role.COMPLIANCE,))

    mine, checked = page(alice, bob), page(checker, bob)

    assert "138****1234" in mine
    assert "b***@example.com" in mine
    assert "合肥市蜀山区****" in mine
    assert "3401" not in mine
    assert "反洗钱" not in mine
    assert "340***********1234" in checked
    assert "反洗钱等级" in checked
    for text in (mine, checked):
        assert "13800001234" not in text
        assert "C0000123" not in text
        assert "长江西路" not in text


def test_a_call_centre_agent_sees_neither_amounts_nor_what_is_concluded(bob: Client) -> None:
    agent = make.staff("Gina", roles=(Role.CALL_CENTRE,))
    ClientGrant.objects.create(
        client=bob, staff=agent, reason="来电", granted_at=NOW, expires_at=NOW + timedelta(hours=1)
    )
    make.position(bob)
    concluded(bob)
    was_there(bob)

    answered = desk_of(agent).get(f"/desk/clients/{bob.pk}/")

    assert (answered.context["assets"], answered.context["known"]) == (None, None)
    assert answered.context["timeline"].days == []


def test_now_names_holds_work_and_unread_messages(alice: Staff, bob: Client) -> None:
    ContactHold.objects.create(client=bob, kind="complaint", reason="佣金投诉")
    ContactHold.objects.create(client=bob, kind="legal", until=NOW - timedelta(days=1))
    task, done = make.task(bob, assignee=alice), make.task(make.client(manager=alice), assignee=alice)
    message = make.message(bob)
    make.message(bob, read_at=NOW)

    text = page(alice, bob)

    assert "佣金投诉" in text
    assert str(task.uid) in text
    assert str(done.uid) not in text
    assert text.count(message.title) == 3  # unread above, both in the timeline


def test_assets_are_those_of_the_last_settled_day(alice: Staff, bob: Client) -> None:
    make.position(bob, quantity=Decimal(1_000), last_price=Decimal(45), cost_price=Decimal(40))
    make.cash(bob, 5_000)

    answered = desk_of(alice).get(f"/desk/clients/{bob.pk}/").context["assets"]

    assert (answered.day, answered.now.total, answered.count) == (DAY, Decimal("50000.00"), 1)
    assert [(row.security.name, part) for row, part in answered.parts()] == [("贵州茅台", Decimal("0.9"))]


def test_what_he_did_on_screen_and_what_is_concluded(alice: Staff, bob: Client) -> None:
    concluded(bob)
    was_there(bob)

    text = page(alice, bob)

    assert "12 分钟" in text
    assert "/home → /fees" in text
    assert "bank_change" in text
    assert "90%" in text
    assert "清晰度 25%" in text
    assert "2 次登录" in text


def test_who_withdraws_the_analysis_is_spared_at_once(alice: Staff, bob: Client) -> None:
    concluded(bob)
    was_there(bob)
    answer(bob, "behaviour", given=False)

    answered = desk_of(alice).get(f"/desk/clients/{bob.pk}/")

    known = answered.context["known"]
    assert known.screen is None
    assert [one.name for one in known.traits.known] == ["wealth"]
    assert answered.context["timeline"].days == []
    assert "不同意" in answered.content.decode()


def test_who_wants_no_personalisation_is_not_described(alice: Staff, bob: Client) -> None:
    concluded(bob)
    answer(bob, "personalisation", given=False)

    known = desk_of(alice).get(f"/desk/clients/{bob.pk}/").context["known"]

    assert (known.traits, known.services) == (None, [])


def test_the_page_asks_a_pinned_number_of_questions(alice: Staff, bob: Client, django_assert_num_queries: Any) -> None:
    make.position(bob)
    concluded(bob)
    was_there(bob)
    browser = desk_of(alice)
    browser.get(f"/desk/clients/{bob.pk}/")

    with django_assert_num_queries(PAGE_QUERIES):
        browser.get(f"/desk/clients/{bob.pk}/")
