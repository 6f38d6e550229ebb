"""The calendar of an exchange, day by day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.market.models.securities import Exchange
from clients.shared.rowaccess import RowAccess


class TradingDay(models.Model):
    """One calendar day of an exchange. Certain rows come from published calendars; provisional ones are a guess."""

    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="days")
    day = models.DateField(_("day"))
    is_open = models.BooleanField(_("open"))
    half_day = models.BooleanField(_("half day"), default=False)
    provisional = models.BooleanField(_("provisional"), default=False)
    number = models.IntegerField(_("running number of open days"), help_text="Of this day or the last open one before")
    note = models.CharField(_("note"), max_length=100, blank=True)
    source = models.CharField(_("source"), max_length=100, blank=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("trading day")
        constraints = [models.UniqueConstraint(fields=["exchange", "day"], name="trading_day_once")]

    def __str__(self) -> str:
        return f"{self.exchange_id} {self.day} {'open' if self.is_open else 'closed'}"
