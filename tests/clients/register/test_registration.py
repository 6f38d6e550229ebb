"""A visitor becomes a lead: what is kept, by which name he logs in, and what he cannot find out or disturb."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.db.utils import DataError, InternalError

from clients.org.models import Branch, User
from clients.register import services
from clients.register.backends import ClientBackend
from clients.register.models import Client, Consent, Registration
from tests import factories
from tests.clients.intake.lines import CLIENT
from tests.clients.intake.taking import Take
from tests.factories import NOW, PASSWORD
from tests.together import at_once

MOBILE = "13800001234"
CONSENTS = {"privacy": (True, "v1"), "marketing": (False, "web-1"), "service_push": (True, "web-1")}
backend = ClientBackend()


def register(branch: Branch, key: UUID | None = None, **fields: Any) -> Client:
    """Dan registers himself."""
    known = {"name": "张三", "mobile": MOBILE, "password": PASSWORD, "consents": CONSENTS, "source": "web", **fields}
    return services.register_lead(key=key or uuid4(), branch=branch, by=None, now=NOW, **known)


def nothing_new(before: list[int]) -> bool:
    """Whether the tables are as full as they were."""
    return before == counts()


def counts() -> list[int]:
    """How full the tables are."""
    return [model.objects.count() for model in (User, Client, Registration, Consent)]


@pytest.mark.django_db
def test_a_lead_has_a_number_a_login_a_branch_and_what_he_agreed_to() -> None:
    place = factories.branch()

    lead = register(place)

    lead.refresh_from_db()
    assert (lead.status, lead.kind, lead.name_pinyin, lead.mobile) == ("lead", "individual", "zhang san", MOBILE)
    assert (lead.branch, lead.manager, lead.opened_on) == (place, None, None)
    assert lead.client_no.startswith("WT")
    assert len(lead.client_no) == 10
    assert lead.user is not None
    assert (lead.user.login, lead.user.kind) == (lead.client_no, "client")
    assert Registration.objects.values_list("client", "source", "by", "at").get() == (lead.pk, "web", None, NOW)
    rows = Consent.objects.filter(client=lead).order_by("purpose")
    assert list(rows.values_list("purpose", "given", "version", "channel", "at")) == [
        ("marketing", False, "web-1", "web", NOW),
        ("privacy", True, "v1", "web", NOW),
        ("service_push", True, "web-1", "web", NOW),
    ]


@pytest.mark.django_db
def test_he_logs_in_by_his_number_and_by_nothing_else() -> None:
    lead = register(factories.branch())

    assert backend.authenticate(None, lead.client_no, PASSWORD) == lead.user
    assert backend.authenticate(None, MOBILE, PASSWORD) is None


@pytest.mark.django_db
def test_a_mobile_that_a_client_has_registers_like_any_other_and_that_client_logs_in_by_it_as_before() -> None:
    bob = factories.client("Bob", mobile=MOBILE)

    lead = register(factories.branch())

    assert lead.pk != bob.pk
    assert backend.authenticate(None, MOBILE, PASSWORD) == bob.user


@pytest.mark.django_db
def test_the_same_form_again_is_the_same_lead() -> None:
    place, key = factories.branch(), uuid4()
    first = register(place, key)
    before = counts()

    again = register(place, key)

    assert again.pk == first.pk
    assert nothing_new(before)


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{"name": "李四"}, {"mobile": "13900000000"}, {"password": "another-battery"}])
def test_the_key_of_another_person_registers_nobody_and_opens_nothing(changes: dict[str, str]) -> None:
    place, key = factories.branch(), uuid4()
    register(place, key)
    before = counts()

    with pytest.raises(services.KeyUsed):
        register(place, key, **changes)

    assert nothing_new(before)


@pytest.mark.django_db
def test_a_number_that_a_client_bears_without_a_login_is_passed_over() -> None:
    place = factories.branch()
    first = register(place)
    after = f"WT{int(first.client_no[2:]) + 1:08}"
    factories.client("Old", client_no=after, login=False)

    assert register(place).client_no > after


@pytest.mark.django_db
def test_a_registration_that_fails_leaves_nothing() -> None:
    place, before = factories.branch(), counts()

    with pytest.raises(DataError), transaction.atomic():
        register(place, consents=CONSENTS | {"privacy": (True, "a version that is too long")})

    assert nothing_new(before)


@pytest.mark.django_db
def test_a_number_that_a_member_of_staff_has_is_passed_over() -> None:
    place = factories.branch()
    last = int(register(place).client_no.removeprefix("WT"))
    factories.staff(staff_no=f"WT{last + 1}")

    assert register(place).client_no == f"WT{last + 2}"


@pytest.mark.django_db
def test_a_registration_is_never_changed() -> None:
    register(factories.branch())

    with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
        Registration.objects.update(at=NOW - timedelta(days=1))


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_two_numbers() -> None:
    place = factories.branch()

    leads = at_once(*[lambda: register(place)] * 4)

    assert len({lead.client_no for lead in leads}) == Client.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_the_same_form_twice_at_once_is_one_lead() -> None:
    place, key = factories.branch(), uuid4()

    leads = at_once(*[lambda: register(place, key)] * 3)

    assert len({lead.pk for lead in leads}) == 1
    assert counts() == [1, 1, 1, 3]


def test_the_same_person_imported_later_is_a_client_of_his_own(world: Take) -> None:
    lead = register(Branch.objects.get(code="HF01"), mobile=CLIENT["mobile"])
    state = Client.objects.filter(pk=lead.pk).values().get()

    taken = world("clients", [CLIENT])

    assert taken.counts == (1, 0, 0)
    client = Client.objects.get(client_no=CLIENT["client_no"])
    login = services.open_login(client=client, password=PASSWORD)
    assert Client.objects.filter(pk=lead.pk).values().get() == state
    assert backend.find(CLIENT["mobile"]) == login
    assert backend.find(lead.client_no) == lead.user
