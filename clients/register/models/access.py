"""Clients granted to a person by name, for a reason and a time."""

from django.db import models

from clients.org.models import Staff
from clients.register.models.clients import Client
from clients.shared.rowaccess import RowAccess


class ClientGrant(models.Model):
    """One client opened to one person until a moment: an active claim, a chat, an advisory contract, a review."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="grants")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=60)
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    row_access = RowAccess(client="client")

    class Meta:
        indexes = [models.Index(fields=["staff", "expires_at"], name="grant_of_staff")]
        constraints = [
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("granted_at")), name="grant_dates")
        ]

    def __str__(self) -> str:
        return f"{self.client_id} to {self.staff_id} until {self.expires_at:%F %R}"
