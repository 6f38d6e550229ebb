"""How a lead came to us: he registered himself, or somebody wrote him down."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.register.models.clients import Client
from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import append_only

# Client numbers that this house gives itself; the trading system's files may not bring one (kinds/clients.py).
OWN_PREFIX = "WT"
OWN_NUMBER = f"^{OWN_PREFIX}[0-9]{{8,}}$"


class Registration(models.Model):
    """One registration. Append-only; `key` is made with the form, so that a form sent twice is one registration."""

    class Source(models.TextChoices):
        WEB = "web", _("These pages")
        BRANCH = "branch", _("Branch")

    client = models.OneToOneField(Client, models.PROTECT, related_name="registration", verbose_name=_("client"))
    key = models.UUIDField(unique=True)
    source = models.CharField(_("source"), max_length=10, choices=Source)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text="Empty: he did it himself"
    )
    at = models.DateTimeField(_("at"))

    row_access = RowAccess(client="client")

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.source} {self.at:%F %R}"
