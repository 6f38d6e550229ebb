"""Segments: a saved condition over features and traits, and lists of its clients that left the house's pages."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.org.models import Branch
from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import append_only, history

SIGNED = Q(decided_by__isnull=False, decided_at__isnull=False)


@history("SegmentHistory")
class Segment(models.Model):
    """A condition that somebody gave a name. It holds no client: who is in it is asked of the features of a day.

    It belongs to a branch and the branches below it, or without one to the company.
    """

    name = models.CharField(_("name"), max_length=80)
    condition = models.TextField(_("condition"))
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("branch")
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner"))
    created_at = models.DateTimeField(_("created"))

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(fields=["branch", "name"], nulls_distinct=False, name="segment_named_once"),
        ]

    def __str__(self) -> str:
        return self.name


class SegmentExport(models.Model):
    """One list of the clients of a segment: asked for by one person, decided by another, then made by a job.

    The row keeps who did each step and when; a history of it would keep the list. `condition` is what was asked for,
    whatever becomes of the segment. `place` is whose clients it holds: the branch of
    who asked, with those below it. `content` is the list itself and is gone again after a few days.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("waits for a second person")
        REFUSED = "refused", _("refused")
        APPROVED = "approved", _("being made")
        MADE = "made", _("ready")
        GONE = "gone", _("deleted after its time")

    segment = models.ForeignKey(Segment, models.PROTECT, related_name="exports", verbose_name=_("segment"))
    condition = models.TextField(_("condition"))
    place = models.ForeignKey(Branch, models.PROTECT, related_name="+", verbose_name=_("branch"))
    reason = models.CharField(_("what it is for"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    made_at = models.DateTimeField(_("made"), null=True)
    day = models.DateField(_("data of"), null=True)
    clients = models.PositiveIntegerField(_("clients"), null=True)
    content = models.TextField(_("content"), blank=True, editable=False)

    row_access = RowAccess(branch="place")

    class Meta:
        verbose_name = _("list of a segment")
        verbose_name_plural = _("lists of segments")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="asked", decided_by__isnull=True) | ~Q(state="asked") & SIGNED,
                name="segment_export_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="segment_export_by_two"
            ),
            models.CheckConstraint(condition=Q(state="made") | Q(content=""), name="segment_export_content"),
        ]

    def __str__(self) -> str:
        return f"{self.segment} {self.asked_at:%F}"


class SegmentDownload(models.Model):
    """Somebody took a list away."""

    export = models.ForeignKey(
        SegmentExport, models.PROTECT, related_name="downloads", verbose_name=_("list of a segment")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    at = models.DateTimeField(_("at"))

    row_access = RowAccess(branch="export__place")

    class Meta:
        verbose_name = _("download of a list")
        verbose_name_plural = _("downloads of lists")
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.export} {self.at:%F %T}"
