"""Who did what to a version: the trail from which four eyes are decided (STRATEGY 3.1, approvals)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import append_only
from kpm.strategies.models.strategy import StrategyVersion


class VersionEvent(models.Model):
    """One act of one person on a version; never changed, never removed."""

    class Kind(models.TextChoices):
        DRAFTED = "drafted", _("Drafted")
        EDITED = "edited", _("Edited")
        SUBMITTED = "submitted", _("Submitted")
        LAUNCHED = "launched", _("Launched")
        ROLLED_BACK = "rolled_back", _("Rolled back to")
        PAUSED = "paused", _("Paused")
        RESUMED = "resumed", _("Resumed")

    version = models.ForeignKey(StrategyVersion, models.PROTECT, related_name="events", verbose_name=_("version"))
    kind = models.CharField(_("what was done"), max_length=12, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    note = models.CharField(_("note"), max_length=500, blank=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("event of a version")
        verbose_name_plural = _("events of a version")
        constraints = [
            # An approval is one person's word: he does not give it twice.
            models.UniqueConstraint(
                fields=["version", "by"], condition=models.Q(kind="launched"), name="one_approval_a_person"
            )
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.version} {self.get_kind_display()}"
