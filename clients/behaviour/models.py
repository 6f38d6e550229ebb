"""Facts that floors above write down because something below needs them. Events themselves live in the lake."""

from django.db import models
from django.db.models.functions import Now

from clients.market.models import Security
from clients.register.models import Client
from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import append_only


class BusinessFact(models.Model):
    """Something that happened upstairs and that features need, written in the same transaction. Append-only."""

    kind = models.CharField(max_length=60)
    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="+")
    security = models.ForeignKey(Security, models.PROTECT, null=True, related_name="+")
    object_id = models.CharField(max_length=80, blank=True)
    properties = models.JSONField(default=dict)
    at = models.DateTimeField()
    arrived_at = models.DateTimeField(db_default=Now())
    idem_key = models.CharField(max_length=160, unique=True)

    row_access = RowAccess(client="client")

    class Meta:
        triggers = append_only()
        indexes = [
            models.Index(fields=["arrived_at"], name="fact_arrived"),
            models.Index(fields=["client", "-at"], name="fact_of_client"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%F %R}"
