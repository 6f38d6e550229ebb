"""Saving segments, and handing out lists of their clients: asked for by one, decided by another, every download kept.

Denied by default: nobody gets a list that a second person did not approve, and only who asked for it may take it away.
"""

import csv
import io
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clients.org.models import Branch, Role, Staff, User
from clients.org.standing import standing_of
from clients.portrait import selectors as portrait
from clients.register.models import Client
from clients.shared import clock, queue
from kpm.strategies import segmenting
from kpm.strategies.models import Segment, SegmentDownload, SegmentExport
from kpm.strategies.services.editing import faults_of_text

KEPT = timedelta(days=7)  # how long the list of an export can be taken away
State = SegmentExport.State


class BadSegment(ValueError):
    """A segment that cannot be saved; `field` names what is wrong, the text says why."""

    def __init__(self, field: str, text: str) -> None:
        self.field = field
        super().__init__(text)


class NotAllowed(Exception):
    """This person may not do this to a list now; the text says why and what would be right."""


@transaction.atomic
def save_segment(*, name: str, condition: str, branch: Branch | None, by: User, now: datetime) -> Segment:
    """This will save a condition under a name, for a branch or (None) the company. Raises BadSegment."""
    return _kept(Segment(name=name.strip(), condition=condition.strip(), branch=branch, owner=by, created_at=now))


@transaction.atomic
def change_segment(*, segment: Segment, name: str, condition: str, by: User, now: datetime) -> Segment:
    """This will give a segment another name or condition; lists keep the condition for which they were asked.

    Raises BadSegment, and NotAllowed for whoever neither owns it nor supervises its branch.
    """
    row = _mine(segment, by, now)
    row.name, row.condition = name.strip(), condition.strip()
    return _kept(row)


@transaction.atomic
def delete_segment(*, segment: Segment, by: User, now: datetime) -> None:
    """This will delete a segment that nothing names; its history remains. Raises NotAllowed, with who uses it."""
    row = _mine(segment, by, now)
    names = sorted({str(one.asked_by.staff.name) for one in row.exports.select_related("asked_by__staff")})
    if names:
        said = _("It stays, because lists of it were asked for by: %(names)s. Their trail must be kept.")
        raise NotAllowed(said % {"names": _(", ").join(names)})
    row.delete()


def may_change(segment: Segment, by: User, now: datetime) -> bool:
    """Whether a person may change or delete a segment: its owner, and supervisors of its branch or one above it."""
    staff = _staff(by)
    if staff is None or not segmenting.role_of(by, segmenting.WRITERS, now):
        return False
    if segment.owner_id == by.pk:
        return True
    place = segment.branch
    heads = segmenting.role_of(by, {Role.SUPERVISOR}, now)
    return heads and place is not None and place.path.startswith(staff.branch.path)


def _mine(segment: Segment, by: User, now: datetime) -> Segment:
    """The row, locked, for who may change it."""
    row = Segment.objects.select_for_update().filter(pk=segment.pk).first()
    if row is None:
        raise NotAllowed(_("This segment is there no longer."))
    if not may_change(row, by, now):
        raise NotAllowed(_("Only its owner or a supervisor of its branch changes or deletes a segment."))
    return row


def _kept(row: Segment) -> Segment:
    """Save what was typed. Raises BadSegment."""
    if not row.name:
        raise BadSegment("name", _("Give the segment a name."))
    if faults := faults_of_text(row.condition):
        raise BadSegment("condition", " ".join(faults))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as twice:
        raise BadSegment("name", _("There is a segment of this name already. Choose another name.")) from twice
    return row


@transaction.atomic
def ask_for_list(*, segment: Segment, reason: str, by: User, now: datetime) -> SegmentExport:
    """This will ask a second person for the list of a segment's clients within the branches of who asks.

    Raises NotAllowed without a reason, for a role that may not ask, and for a segment that he does not see.
    """
    staff = _staff(by)
    if staff is None or not segmenting.role_of(by, segmenting.WRITERS, now):
        raise NotAllowed(_("Only analysts and supervisors may ask for a list."))
    if not segmenting.visible(staff).filter(pk=segment.pk).exists():
        raise NotAllowed(_("There is no such segment in your branches."))
    if not reason.strip():
        raise NotAllowed(_("Say what the list is for."))
    return SegmentExport.objects.create(
        segment=segment, condition=segment.condition, place=staff.branch, reason=reason.strip(), asked_by=by,
        asked_at=now,
    )  # fmt: skip


@transaction.atomic
def decide(*, export: SegmentExport, approved: bool, by: User, now: datetime) -> SegmentExport:
    """This will approve or refuse a list; approved it is made by a job. Raises NotAllowed.

    The second person is a supervisor of the same branch or one above it, or compliance, and never who asked.
    """
    row = SegmentExport.objects.select_for_update().get(pk=export.pk)
    if row.state != State.ASKED:
        raise NotAllowed(_("This list has been decided already."))
    if not may_decide(row, by, now):
        raise NotAllowed(_("A second person decides: a supervisor of the branch or of one above it, or compliance."))
    row.state, row.decided_by, row.decided_at = State.APPROVED if approved else State.REFUSED, by, now
    row.save()
    if approved:
        queue.enqueue("strategies.export_segment", row.pk, now=now)
    return row


def may_decide(export: SegmentExport, by: User, now: datetime) -> bool:
    """Whether a person may be the second one of a list."""
    staff = _staff(by)
    if staff is None or by.pk == export.asked_by_id or not segmenting.role_of(by, segmenting.DECIDERS, now):
        return False
    return export.place.path.startswith(staff.branch.path)


@transaction.atomic
def make_list(*, export: SegmentExport, now: datetime) -> SegmentExport:
    """This will write the list of an approved export from the newest features; any other stays as it is.

    Lists whose time is over are deleted on the way. Raises NoFeatures while there are none.
    """
    _clear(now)
    row = SegmentExport.objects.select_for_update().get(pk=export.pk)
    if row.state != State.APPROVED:
        return row
    row.day = portrait.last_feature_day(clock.shanghai_day(now))
    if row.day is None:
        raise portrait.NoFeatures("There are no features yet, so there is no list to make.")
    places = [row.place, row.segment.branch] if row.segment.branch else [row.place]
    numbers = _numbers(segmenting.client_ids(row.condition, places, row.day))
    row.clients, row.content, row.state, row.made_at = len(numbers), _csv(numbers), State.MADE, now
    row.save()
    return row


def _numbers(ids: list[int]) -> list[str]:
    """Client numbers; sensitive clients stand on no list, as nobody sees them without a grant."""
    seen = Client.objects.filter(pk__in=ids, sensitive=False)
    return list(seen.order_by("client_no").values_list("client_no", flat=True))


def _csv(numbers: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([["client_no"], *([number] for number in numbers)])
    return out.getvalue()


def _clear(now: datetime) -> None:
    over = SegmentExport.objects.filter(state=State.MADE, made_at__lt=now - KEPT)
    over.update(state=State.GONE, content="")


@transaction.atomic
def take_away(*, export: SegmentExport, by: User, now: datetime) -> str:
    """This will note the download and return the list as CSV. Raises NotAllowed for everybody but who asked for it,
    for a list that is not there, and for one whose time is over."""
    row = SegmentExport.objects.select_for_update().get(pk=export.pk)
    if by.pk != row.asked_by_id or not segmenting.role_of(by, segmenting.WRITERS, now):
        raise NotAllowed(_("Only the person who asked for a list may take it away."))
    if row.state != State.MADE or row.made_at is None or row.made_at < now - KEPT:
        raise NotAllowed(_("This list is not there: not approved, not made yet, or deleted after its time."))
    SegmentDownload.objects.create(export=row, by=by, at=now)
    return row.content


def _staff(user: User) -> Staff | None:
    who = standing_of(user)
    return who.staff if who else None
