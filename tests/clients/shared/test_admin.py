"""What every admin page of the house is made from: scoped rows and choices, buttons that call services."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client as Browser
from django.urls import reverse
from django_celery_beat.models import PeriodicTask

from clients.org.models import Branch, Cover, Role, Staff
from clients.register.models import Client
from clients.shared.admin import HouseAdmin
from clients.shared.beat import RowScheduler
from clients.shared.models import Job
from portal.celery import app
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
BACKEND = "clients.org.backends.StaffBackend"


def browser(*roles: str, name: str = "Alice") -> Browser:
    """A browser in which somebody with these roles is logged in."""
    found = Browser()
    found.force_login(factories.staff(name, roles=roles).user, backend=BACKEND)
    return found


def text(answer: Any) -> str:
    return str(answer.content.decode())


def failed_job(**fields: Any) -> Job:
    return Job.objects.create(
        **{"name": "x.y", "created_at": NOW, "state": "failed", "attempts": 5, "finished_at": NOW, **fields}
    )


def test_a_page_of_ours_is_made_from_the_one_base() -> None:
    own = {model: page for model, page in admin.site._registry.items() if hasattr(model, "row_access")}

    assert [model._meta.label for model, page in own.items() if not isinstance(page, HouseAdmin)] == []
    assert len(own) > 35


def test_lists_searches_and_choices_hold_what_the_reader_may_see() -> None:
    """Logins of clients are in the same table as those of staff; the administrator never gets them."""
    admin_of_it = browser(Role.ADMINISTRATOR)
    factories.client("Bob", client_no="C0000123")
    dora = factories.staff("Dora", staff_no="E0777")

    page = text(admin_of_it.get("/admin/org/user/"))
    found = admin_of_it.get("/admin/org/user/?q=C0000123").context["cl"].result_count
    names = {"app_label": "org", "model_name": "cover", "field_name": "absent", "term": "E0777"}
    choices = admin_of_it.get("/admin/autocomplete/", names).json()["results"]

    assert "E0777" in page
    assert "C0000123" not in page
    assert found == 0
    assert [choice["id"] for choice in choices] == [str(dora.pk)]


def test_a_key_to_rows_one_may_not_see_offers_none(rf: Any) -> None:
    """Compliance reads clients, the administrator does not: the same key gives both what is theirs."""
    bob = factories.client("Bob")
    task_page = admin.site._registry[Client]
    request = rf.get("/admin/")

    offered = {}
    for role in (Role.ADMINISTRATOR, Role.COMPLIANCE):
        request.user = factories.staff("Alice", roles=(role,)).user
        key = Client.accounts.rel.field  # type: ignore[attr-defined]
        offered[role] = list(task_page.formfield_for_foreignkey(key, request).queryset)  # type: ignore[union-attr]

    assert offered == {Role.ADMINISTRATOR: [], Role.COMPLIANCE: [bob]}


def test_a_failed_job_is_put_back_in_line_by_its_button() -> None:
    row, done = failed_job(), failed_job(name="x.z", state="done")
    somebody = browser(Role.ADMINISTRATOR)

    page = text(somebody.get(f"/admin/shared/job/{row.pk}/change/"))
    answer = somebody.post(f"/admin/shared/job/{row.pk}/press/retry/", follow=True)

    row.refresh_from_db()
    assert "/press/retry/" in page
    assert "/press/retry/" not in text(somebody.get(f"/admin/shared/job/{done.pk}/change/"))
    assert (row.state, row.attempts) == ("waiting", 0)
    assert "重新排队" in text(answer) or "Back in line" in text(answer)


def test_a_job_whose_twin_waits_is_not_put_in_line_twice() -> None:
    row = failed_job()
    failed_job(state="waiting", attempts=0)

    browser(Role.ADMINISTRATOR).post(f"/admin/shared/job/{row.pk}/press/retry/")

    row.refresh_from_db()
    assert row.state == "failed"


@pytest.mark.parametrize(("role", "status"), [(Role.COMPLIANCE, 403), (Role.SERVICE_OPS, 403), (Role.MANAGER, 403)])
def test_a_button_is_for_those_who_configure_the_table(role: str, status: int) -> None:
    row = failed_job()

    answer = browser(role).post(f"/admin/shared/job/{row.pk}/press/retry/")

    row.refresh_from_db()
    assert answer.status_code == status
    assert row.state == "failed"


@pytest.mark.parametrize("what", ["another verb", "a state without the button", "no such row", "get"])
def test_a_button_that_is_not_there_cannot_be_pressed(what: str) -> None:
    somebody, row, done = browser(Role.ADMINISTRATOR), failed_job(), failed_job(name="x.z", state="done")
    address = {
        "another verb": f"/admin/shared/job/{row.pk}/press/delete/",
        "a state without the button": f"/admin/shared/job/{done.pk}/press/retry/",
        "no such row": "/admin/shared/job/4711/press/retry/",
        "get": f"/admin/shared/job/{row.pk}/press/retry/",
    }[what]

    answer = somebody.get(address) if what == "get" else somebody.post(address)

    row.refresh_from_db()
    assert answer.status_code == (405 if what == "get" else 404)
    assert row.state == "failed"


@pytest.mark.django_db(transaction=True)
def test_a_schedule_is_put_in_line_as_beat_does_and_offers_our_jobs() -> None:
    RowScheduler(app=app)
    row = PeriodicTask.objects.get(name="strategies after settlement")
    somebody = browser(Role.ADMINISTRATOR)

    page = text(somebody.get(f"/admin/django_celery_beat/periodictask/{row.pk}/change/"))
    somebody.post(
        reverse("admin:django_celery_beat_periodictask_changelist"),
        {"action": "run_tasks", "_selected_action": [row.pk]},
    )

    job = Job.objects.get()
    assert "taskqueue.sweep_lapsed" in page
    assert (job.name, job.argument, job.state) == ("strategies.run_slot", "after_settlement", "waiting")


def test_nothing_is_deleted_where_a_page_does_not_say_so() -> None:
    somebody = browser(Role.ADMINISTRATOR)
    place, other = factories.branch("A"), factories.staff("Dora")
    cover = Cover.objects.create(
        absent=other, cover=Staff.objects.exclude(pk=other.pk).first(), starts_at=NOW, ends_at=NOW + timedelta(hours=1)
    )

    refused = somebody.post(f"/admin/org/branch/{place.pk}/delete/", {"post": "yes"})
    done = somebody.post(f"/admin/org/cover/{cover.pk}/delete/", {"post": "yes"})

    assert (refused.status_code, done.status_code) == (403, 302)
    assert Branch.objects.filter(pk=place.pk).exists()
    assert not Cover.objects.exists()
