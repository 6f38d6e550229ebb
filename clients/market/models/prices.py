"""Prices: one bar a day, and the last one known within the day."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from clients.market.models.securities import Security
from clients.shared.rowaccess import RowAccess


class DailyBar(models.Model):
    """One day's prices of a security; a closed day never changes except for its adjustment factor."""

    class Status(models.TextChoices):
        TRADING = "trading", _("Trading")
        SUSPENDED = "suspended", _("Suspended")
        FIRST_DAY = "first_day", _("First day")
        NO_LIMIT = "no_limit", _("No limit")

    security = models.ForeignKey(Security, models.PROTECT, related_name="bars", db_index=False)
    day = models.DateField(_("day"))
    open = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    high = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    low = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    close = models.DecimalField(max_digits=18, decimal_places=4)
    prev_close = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    volume = models.DecimalField(max_digits=20, decimal_places=4, help_text="Shares")
    amount = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    limit_up = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    limit_down = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    status = models.CharField(max_length=10, choices=Status)
    adj_factor = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    adjusted = models.BooleanField(default=False, help_text="Prices are forward-adjusted: limits do not apply")
    jump = models.BooleanField(default=False, help_text="A move larger than the board allows: look at the source")
    arrived_at = models.DateTimeField(db_default=Now())

    row_access = RowAccess(configuration=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["security", "day"], name="daily_bar_once")]
        indexes = [models.Index(fields=["day"], name="daily_bar_day")]

    def __str__(self) -> str:
        return f"{self.security_id} {self.day} {self.close}"


class Quote(models.Model):
    """The last price known within the day; without one every page says 收盘 and the bar's day."""

    security = models.OneToOneField(Security, models.CASCADE, related_name="quote")
    at = models.DateTimeField()
    last = models.DecimalField(max_digits=18, decimal_places=4)
    prev_close = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    volume = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    source = models.CharField(max_length=40)
    delay_s = models.PositiveIntegerField()

    row_access = RowAccess(configuration=True)

    def __str__(self) -> str:
        return f"{self.security_id} {self.last} at {self.at}"
