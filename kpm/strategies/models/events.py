"""Who did what to a version: the trail from which four eyes are decided (STRATEGY 3.1, approvals)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import append_only
from kpm.strategies.models.strategy import StrategyVersion


class VersionEvent(models.Model):
    """One act of one person on a version; never changed, never removed."""

    class Kind(models.TextChoices):
        DRAFTED = "drafted", _("Drafted")
        EDITED = "edited", _("Edited")
        SUBMITTED = "submitted", _("Submitted")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Sent back")
        PILOTED = "piloted", pgettext_lazy("of a version", "Pilot begun")
        STEPPED = "stepped", pgettext_lazy("of a version", "Rolled on")
        LAUNCHED = "launched", _("Launched")
        WITHDRAWN = "withdrawn", pgettext_lazy("of a version", "Taken back")
        ROLLED_BACK = "rolled_back", _("Rolled back to")
        SIGNED = "signed", pgettext_lazy("of a version", "New number signed")
        RELEASED = "released", pgettext_lazy("of a version", "Released by a person")
        RETIRED = "retired", _("Retired")
        PAUSED = "paused", _("Paused")
        RESUMED = "resumed", _("Resumed")

    version = models.ForeignKey(StrategyVersion, models.PROTECT, related_name="events", verbose_name=_("version"))
    kind = models.CharField(_("what was done"), max_length=12, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"),
        help_text=_("Nobody: the night, by the rules of the rollout."),
    )  # fmt: skip
    at = models.DateTimeField(_("at"))
    note = models.CharField(_("note"), max_length=500, blank=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("event of a version")
        verbose_name_plural = _("events of a version")
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.version} {self.get_kind_display()}"
