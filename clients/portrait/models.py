"""What clients say about their portrait."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.register.models import Client
from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import append_only


class Declaration(models.Model):
    """A client's own word on one trait: its value, or an objection to concluding it at all. The newest row counts."""

    OBJECTION, TAKEN_BACK = "", "-"  # in place of a value: "do not conclude this", and "conclude it yourself again"

    client = models.ForeignKey(Client, models.PROTECT, related_name="declarations")
    trait = models.CharField(_("trait"), max_length=30)
    value = models.CharField(_("value"), max_length=60, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    arrived_at = models.DateTimeField(auto_now_add=True)

    row_access = RowAccess(client="client")

    class Meta:
        triggers = append_only()
        indexes = [models.Index(fields=["client", "trait", "-at"], name="declaration_newest")]

    def __str__(self) -> str:
        return f"{self.trait} {self.value or 'objected'} {self.at:%F}"
