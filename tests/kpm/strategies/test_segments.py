"""Segments: counted within one's branches, compared, and handed out only after a second person has agreed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import translation

from clients.org.models import Branch, Role, Staff
from clients.portrait import catalogue
from clients.register.models import Account, Client
from clients.shared.models import Job
from kpm.engine.problem import ConditionError
from kpm.strategies import segmenting, services
from kpm.strategies.models import Segment, SegmentDownload, SegmentExport
from tests import factories as make
from tests.clients.portrait.world import run
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db
ALL, OLD, NORMAL = "account_age_days > 0", "account_age_days > 365", "account_age_days <= 365"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@dataclass
class House:
    """A company with two branches; Alice is an analyst of the company, Dora supervises the north, Cyd the south."""

    company: Branch
    north: Branch
    south: Branch
    alice: Staff
    dora: Staff
    cyd: Staff
    clients: list[Client]


@pytest.fixture
def house(settings: object, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> House:
    """Three clients in the north, of whom one is new and one sensitive, and one in the south; features of one day."""
    settings.LAKE_DIR = tmp_path / "lake"  # type: ignore[attr-defined, operator]
    chosen = tuple(one for one in catalogue.features() if one.group == "account")
    monkeypatch.setattr(catalogue, "features", lambda: chosen)
    company = make.branch("HQ")
    north, south = make.branch("N1", parent=company), make.branch("S1", parent=company)
    people = [
        make.staff(name, at=at, roles=(role,))
        for name, at, role in [
            ("Alice", company, Role.ANALYST), ("Dora", north, Role.SUPERVISOR), ("Cyd", south, Role.SUPERVISOR)
        ]
    ]  # fmt: skip
    clients = [make.client(name, at=at) for name, at in zip("BEFG", [north, north, north, south], strict=True)]
    for number, client in enumerate(clients):
        make.account(client, kind=Account.Kind.FUND, opened_on=DAY - timedelta(days=10 if number == 0 else 900))
    Client.objects.filter(pk=clients[2].pk).update(sensitive=True)
    run()
    return House(company, north, south, *people, clients)


def segment(house: House, condition: str = ALL, name: str = "Everybody", branch: Branch | None = None) -> Segment:
    """A segment that Alice has saved."""
    return services.save_segment(name=name, condition=condition, branch=branch, by=house.alice.user, now=NOW)


def test_clients_are_counted_within_the_branches_of_who_asks(house: House) -> None:
    everybody, old = segment(house), segment(house, OLD, "Old", house.north)

    whole = segmenting.tally(everybody, house.company, DAY)
    part = segmenting.tally(everybody, house.south, DAY)
    bounded = segmenting.tally(old, house.company, DAY)
    nobody = segmenting.tally(old, house.south, DAY)

    assert whole is not None and part is not None and bounded is not None and nobody is not None  # noqa: PT018
    assert [(branch.code, n) for branch, n in whole.branches] == [("N1", 3), ("S1", 1)]
    assert (whole.day, whole.matched, sorted(whole.sample)) == (DAY, 4, [client.pk for client in house.clients])
    assert (part.matched, part.sample) == (1, (house.clients[3].pk,))
    assert (bounded.matched, bounded.not_matched, bounded.unknown) == (2, 1, 0)
    assert (nobody.matched, nobody.branches) == (0, ())


def test_segments_are_compared_with_others(house: House) -> None:
    everybody = segment(house)
    old, new = segment(house, OLD, "Old"), segment(house, NORMAL, "New")
    gone = segment(house, OLD, "Gone")
    Segment.objects.filter(pk=gone.pk).update(condition="no_such_feature > 1")
    gone.refresh_from_db()

    found = segmenting.overlaps(old, [everybody, new, gone], house.company, DAY)

    assert [(one.other.name, one.both, one.mine, one.theirs) for one in found] == [
        ("Everybody", 3, 0, 1),
        ("New", 0, 3, 1),
    ]


def test_people_see_the_segments_of_their_branches_and_of_the_company(house: House) -> None:
    for name, branch in (("company", None), ("north", house.north), ("south", house.south)):
        segment(house, name=name, branch=branch)

    seen = {who.name: [one.name for one in segmenting.visible(who)] for who in (house.alice, house.dora, house.cyd)}

    assert seen == {
        "Alice": ["company", "north", "south"], "Dora": ["company", "north"], "Cyd": ["company", "south"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "condition", "field"),
    [
        (" ", ALL, "name"),
        ("Everybody", ALL, "name"),
        ("x", "account_age_days >", "condition"),
        ("x", "no_such_feature = 1", "condition"),
        ("x", "1=1; DROP TABLE segment", "condition"),
        ("x", "client_id IN (SELECT 1)", "condition"),
    ],
)
def test_what_cannot_be_a_segment_is_refused_with_its_field(
    house: House, name: str, condition: str, field: str
) -> None:
    segment(house)

    with pytest.raises(services.BadSegment) as refused:
        segment(house, condition, name)

    assert refused.value.field == field
    assert Segment.objects.count() == 1


def test_a_condition_that_no_longer_fits_is_told_and_not_guessed(house: House) -> None:
    row = segment(house)
    row.condition = "no_such_feature > 1"

    with pytest.raises(ConditionError):
        segmenting.tally(row, house.company, DAY)

    assert segmenting.tally(segment(house, OLD, "Old"), house.company, DAY) is not None


def asked(house: House, by: Staff | None = None) -> SegmentExport:
    """Alice, or somebody else, has asked for a list of old clients."""
    row = Segment.objects.filter(name="Old").first() or segment(house, OLD, "Old")
    return services.ask_for_list(segment=row, reason="A letter", by=(by or house.alice).user, now=NOW)


def test_a_list_is_asked_for_approved_made_and_taken_away(house: House) -> None:
    ceo = make.staff("Zoe", at=house.company, roles=(Role.SUPERVISOR,))
    export = asked(house)
    services.decide(export=export, approved=True, by=ceo.user, now=NOW)
    job = Job.objects.get(name="strategies.export_segment")
    made = services.make_list(export=export, now=NOW)

    content = services.take_away(export=made, by=house.alice.user, now=NOW)

    numbers = sorted(house.clients[n].client_no for n in (1, 3))  # the third is sensitive
    assert content.splitlines() == ["client_no", *numbers]
    assert (job.argument, made.clients, made.day, made.state) == (str(export.pk), 2, DAY, "made")
    assert list(SegmentDownload.objects.values_list("export", "by", "at")) == [(export.pk, house.alice.user.pk, NOW)]


def test_a_list_holds_the_clients_of_who_asked_alone(house: House) -> None:
    head = make.staff("Zoe", at=house.company, roles=(Role.COMPLIANCE,))
    export = asked(house, house.cyd)
    services.decide(export=export, approved=True, by=head.user, now=NOW)

    made = services.make_list(export=export, now=NOW)

    assert made.content.splitlines() == ["client_no", house.clients[3].client_no]


def test_only_a_second_person_above_or_compliance_decides(house: House) -> None:
    export = asked(house, house.dora)
    others = [
        house.dora,  # himself
        house.cyd,  # of another branch
        house.alice,  # no role that decides
        make.staff("Mia", at=house.north),  # a manager
    ]

    for who in others:
        with pytest.raises(services.NotAllowed, match="A second person decides"):
            services.decide(export=export, approved=True, by=who.user, now=NOW)

    export.refresh_from_db()
    assert (export.state, export.decided_by, Job.objects.filter(name="strategies.export_segment").count()) == (
        "asked", None, 0,
    )  # fmt: skip


def test_what_was_refused_is_never_made_and_not_decided_again(house: House) -> None:
    head = make.staff("Zoe", at=house.company, roles=(Role.COMPLIANCE,))
    export = services.decide(export=asked(house), approved=False, by=head.user, now=NOW)

    made = services.make_list(export=export, now=NOW)
    with pytest.raises(services.NotAllowed, match="decided already"):
        services.decide(export=export, approved=True, by=head.user, now=NOW)
    with pytest.raises(services.NotAllowed, match="not there"):
        services.take_away(export=export, by=house.alice.user, now=NOW)

    assert (made.state, made.content, SegmentDownload.objects.count()) == ("refused", "", 0)


def test_a_list_is_his_who_asked_and_gone_after_its_time(house: House) -> None:
    head = make.staff("Zoe", at=house.company, roles=(Role.COMPLIANCE, Role.ANALYST))
    export = services.decide(export=asked(house), approved=True, by=head.user, now=NOW)
    services.make_list(export=export, now=NOW)
    late = NOW + timedelta(days=8)

    with pytest.raises(services.NotAllowed, match="Only the person who asked"):
        services.take_away(export=export, by=head.user, now=NOW)
    with pytest.raises(services.NotAllowed, match="not there"):
        services.take_away(export=export, by=house.alice.user, now=late)
    services.make_list(export=export, now=late)

    export.refresh_from_db()
    assert (export.state, export.content, SegmentDownload.objects.count()) == ("gone", "", 0)


def test_who_may_not_ask_gets_nothing(house: House) -> None:
    mia, row = make.staff("Mia", at=house.north), segment(house, branch=house.south)

    for who, reason, said in [
        (mia, "A letter", "Only analysts and supervisors"),
        (house.dora, "A letter", "no such segment"),
        (house.cyd, " ", "what the list is for"),
    ]:
        with pytest.raises(services.NotAllowed, match=said):
            services.ask_for_list(segment=row, reason=reason, by=who.user, now=NOW)

    assert SegmentExport.objects.count() == 0


def test_a_segment_of_which_lists_were_asked_for_stays_and_says_by_whom(house: House) -> None:
    row = segment(house)
    services.ask_for_list(segment=row, reason="A letter", by=house.dora.user, now=NOW)

    with pytest.raises(services.NotAllowed, match="asked for by: Dora"):
        services.delete_segment(segment=row, by=house.alice.user, now=NOW)

    assert Segment.objects.filter(pk=row.pk).exists()


def test_a_changed_segment_leaves_the_condition_of_its_lists(house: House) -> None:
    row = segment(house, OLD)
    export = services.ask_for_list(segment=row, reason="A letter", by=house.dora.user, now=NOW)

    services.change_segment(segment=row, name="New", condition=NORMAL, by=house.alice.user, now=NOW)

    export.refresh_from_db()
    assert (export.condition, Segment.objects.get().condition) == (OLD, NORMAL)


def test_supervisors_change_segments_of_their_own_branches_alone(house: House) -> None:
    north = segment(house, branch=house.north)

    with pytest.raises(services.NotAllowed):
        services.change_segment(segment=north, name="Mine", condition=ALL, by=house.cyd.user, now=NOW)
    services.change_segment(segment=north, name="Theirs", condition=ALL, by=house.dora.user, now=NOW)

    assert Segment.objects.get().name == "Theirs"
