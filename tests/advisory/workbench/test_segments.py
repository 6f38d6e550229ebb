"""The pages of segments: what an analyst and a supervisor see, save, ask for and take away."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from clients.org.models import Role, Staff
from clients.portrait import catalogue
from clients.register.models import Account
from kpm.strategies import services
from kpm.strategies.models import Segment, SegmentDownload, SegmentExport
from tests import factories as make
from tests.clients.portrait.world import run
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db
OLD = "account_age_days > 365"


@pytest.fixture(autouse=True)
def present(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lake of one's own, and few features."""
    settings.LAKE_DIR = tmp_path / "lake"
    chosen = tuple(one for one in catalogue.features() if one.group == "account")
    monkeypatch.setattr(catalogue, "features", lambda: chosen)


def browser_of(staff: Staff) -> Browser:
    browser = Browser()
    browser.force_login(staff.user, backend="clients.org.backends.StaffBackend")
    return browser


def test_one_segment_shows_count_branches_and_a_sample_masked_by_role(time_machine: Any) -> None:
    company = make.branch("HQ", name="Head office")
    north = make.branch("N1", name="North", parent=company)
    alice, dora = make.staff("Alice", at=company, roles=(Role.ANALYST,)), make.staff(at=north, roles=(Role.SUPERVISOR,))
    for name, at in (("王小明", north), ("李大力", company)):
        client = make.client(name, at=at)
        make.account(client, kind=Account.Kind.FUND, opened_on=DAY - timedelta(days=900))
    run()
    row, other = (
        make.segment(name="Old", condition=OLD),
        make.segment(name="Older", condition="account_age_days > 9999"),
    )
    time_machine.move_to(NOW, tick=False)

    by_analyst = browser_of(alice).get(f"/desk/segments/{row.pk}/")
    by_supervisor = browser_of(dora).get(f"/desk/segments/{row.pk}/")

    assert (by_analyst.context["tally"].matched, by_supervisor.context["tally"].matched) == (2, 1)
    assert [line.name for line in by_analyst.context["sample"]] == [None, None]
    assert [line.name for line in by_supervisor.context["sample"]] == ["王**"]
    assert "王小明" not in by_analyst.content.decode() + by_supervisor.content.decode()
    assert [(one.other, one.both, one.mine, one.theirs) for one in by_analyst.context["overlaps"]] == [(other, 0, 2, 0)]


def test_a_segment_is_saved_for_the_branch_of_who_saves_it() -> None:
    dora = make.staff("Dora", roles=(Role.SUPERVISOR,))

    saved = browser_of(dora).post("/desk/segments/", {"name": "Old", "condition": OLD})
    refused = browser_of(dora).post("/desk/segments/", {"name": "Bad", "condition": "nothing > 1"})

    row = Segment.objects.get()
    assert (saved.status_code, saved["Location"]) == (302, f"/desk/segments/{row.pk}/")
    assert (row.name, row.condition, row.branch, row.owner) == ("Old", OLD, dora.branch, dora.user)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["condition"])


def test_a_condition_that_no_longer_fits_is_said_on_the_page() -> None:
    dora = make.staff("Dora", roles=(Role.SUPERVISOR,))
    make.client("Bob", at=dora.branch)
    run()

    page = browser_of(dora).get(f"/desk/segments/{make.segment(condition='no_such_feature > 1').pk}/")

    assert page.status_code == 200
    assert "no_such_feature" in page.context["fault"]
    assert "tally" not in page.context


def test_a_list_goes_through_two_people_and_its_download_is_kept() -> None:
    company = make.branch("HQ")
    alice = make.staff("Alice", at=company, roles=(Role.ANALYST,))
    zoe = make.staff("Zoe", at=company, roles=(Role.COMPLIANCE,))
    client = make.client("Bob", at=company)
    make.account(client, opened_on=DAY - timedelta(days=900))
    run()
    row = make.segment(condition=OLD)
    analyst, officer = browser_of(alice), browser_of(zoe)

    analyst.post(f"/desk/segments/{row.pk}/ask/", {"reason": "A letter"})
    export = SegmentExport.objects.get()
    early = analyst.post(f"/desk/segments/lists/{export.pk}/take/")
    own = analyst.post(f"/desk/segments/lists/{export.pk}/decide/", {"answer": "yes"})
    undecided = SegmentExport.objects.get().state
    officer.post(f"/desk/segments/lists/{export.pk}/decide/", {"answer": "yes"})
    services.make_list(export=export, now=NOW + timedelta(days=1))
    taken = analyst.post(f"/desk/segments/lists/{export.pk}/take/")
    by_officer = officer.post(f"/desk/segments/lists/{export.pk}/take/")

    assert (early.status_code, own.status_code, undecided) == (302, 302, "asked")
    assert (taken.status_code, taken.content.decode()) == (200, f"client_no\n{client.client_no}\n")
    assert taken["Content-Disposition"] == f'attachment; filename="segment-{row.pk}-{export.pk}.csv"'
    assert by_officer.status_code == 302
    assert [line.by for line in SegmentDownload.objects.all()] == [alice.user]


def test_what_belongs_to_another_branch_is_not_there() -> None:
    dora, elsewhere = make.staff("Dora", roles=(Role.SUPERVISOR,)), make.branch()
    row = make.segment(branch=elsewhere)
    export = make.segment_export(row, elsewhere)
    browser = browser_of(dora)

    answers = [
        browser.get(f"/desk/segments/{row.pk}/"),
        browser.post(f"/desk/segments/{row.pk}/ask/", {"reason": "x"}),
        browser.post(f"/desk/segments/lists/{export.pk}/decide/", {"answer": "yes"}),
        browser.post(f"/desk/segments/lists/{export.pk}/take/"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 404]
    assert (SegmentExport.objects.count(), SegmentExport.objects.get().state) == (1, "asked")
    assert SegmentDownload.objects.count() == 0


def test_the_owner_changes_a_segment_and_deletes_it() -> None:
    dora = make.staff("Dora", roles=(Role.SUPERVISOR,))
    row = make.segment(name="Old", branch=dora.branch, owner=dora.user)
    browser, typed = browser_of(dora), {"name": "Older", "condition": OLD}

    changed = browser.post(f"/desk/segments/{row.pk}/change/", typed)
    refused = browser.post(f"/desk/segments/{row.pk}/change/", {"name": "Bad", "condition": "nothing > 1"})

    row.refresh_from_db()
    assert (changed.status_code, row.name, row.condition) == (302, "Older", OLD)
    assert (refused.status_code, list(refused.context["changes"].errors)) == (422, ["condition"])
    assert browser.post(f"/desk/segments/{row.pk}/delete/").status_code == 302
    assert not Segment.objects.exists()


def test_whoever_neither_owns_it_nor_heads_its_branch_changes_nothing() -> None:
    company = make.branch("HQ")
    zoe, alice = make.staff("Zoe", at=company, roles=(Role.COMPLIANCE,)), make.staff("Al", roles=(Role.ANALYST,))
    row = make.segment(name="Old")

    for person in (zoe, alice):
        browser = browser_of(person)
        browser.post(f"/desk/segments/{row.pk}/change/", {"name": "Mine", "condition": OLD})
        browser.post(f"/desk/segments/{row.pk}/delete/")
        assert browser.get(f"/desk/segments/{row.pk}/").context["changes"] is None

    assert Segment.objects.get().name == "Old"
