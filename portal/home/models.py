"""Copies of their own data that clients asked for."""

import uuid

from django.db import models
from django.db.models import Q

from clients.register.models import Client
from clients.shared.rowaccess import RowAccess


class DataCopy(models.Model):
    """One copy: asked for, ready until it expires, fetched. The row stays when the file has gone: it is the log."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ip = models.GenericIPAddressField(null=True)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    rows = models.PositiveBigIntegerField(null=True)
    size = models.PositiveBigIntegerField(null=True, help_text="Bytes")
    fetched_at = models.DateTimeField(null=True, help_text="When it was first fetched")

    row_access = RowAccess(client="client")

    class Meta:
        indexes = [models.Index(fields=["client", "-asked_at"], name="copy_newest")]
        constraints = [
            models.UniqueConstraint(fields=["client"], condition=Q(ready_at=None), name="one_copy_at_a_time"),
            models.CheckConstraint(
                condition=Q(ready_at=None, expires_at=None, size=None, fetched_at=None)
                | Q(ready_at__isnull=False, expires_at__gt=models.F("ready_at"), size__isnull=False),
                name="copy_ready_or_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.asked_at:%F %R}"
