"""Totals that pages ask for and that nobody should sum up from millions of trades while somebody waits."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.register.models import Client
from clients.shared.rowaccess import RowAccess


class CommissionMonth(models.Model):
    """What a client paid in commission on the executions of a month that stand, in CNY; written at night.

    `seen` is the newest trade that was there when the row was written: the next night begins after it.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    month = models.DateField(help_text="Its first day")
    amount = models.DecimalField(max_digits=20, decimal_places=2)
    seen = models.BigIntegerField()

    row_access = RowAccess(client="client")

    class Meta:
        verbose_name = _("commission of a month")
        verbose_name_plural = _("commission by month")
        constraints = [models.UniqueConstraint(fields=["client", "month"], name="commission_month_once")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.month:%Y-%m} {self.amount}"
