"""Every import is a row: which file, what came of it, and where the rejected lines are."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.shared.rowaccess import RowAccess


class ImportRun(models.Model):
    """One run of the importer. A run whose process died is shown as broken off; it has changed nothing."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused as a whole")
        FAILED = "failed", _("Failed")
        BROKEN_OFF = "broken_off", _("Broken off")

    kind = models.CharField(_("kind"), max_length=30)
    file_name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    options = models.JSONField(_("options"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    started_by = models.CharField(_("by"), max_length=60)
    lines = models.BigIntegerField(_("lines"), default=0)
    accepted = models.BigIntegerField(_("accepted"), default=0)
    unchanged = models.BigIntegerField(_("unchanged"), default=0)
    rejected = models.BigIntegerField(_("rejected"), default=0)
    money = models.DecimalField(_("sum of money"), max_digits=30, decimal_places=2, null=True)
    clients = models.BigIntegerField(_("distinct clients"), null=True)
    codes = models.JSONField(_("rejected by code"), default=dict)
    notes = models.JSONField(_("notes"), default=dict)
    reject_file = models.CharField(_("reject file"), max_length=500, blank=True)
    error = models.TextField(_("error"), blank=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"
