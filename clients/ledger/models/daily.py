"""State at the close of a day, replaced per account and day. The record keeps few days of it, the lake all."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from clients.ledger.models.keys import loose_key
from clients.market.models import Product, Security
from clients.register.models import Account, Client
from clients.shared.rowaccess import RowAccess


class Position(models.Model):
    """A holding at the close of a day, replaced per account and day. The record keeps five days, the lake all."""

    day = models.DateField()
    account = loose_key(Account, help_text="The fund account")
    holder_account = loose_key(Account, help_text="The securities account")
    client = loose_key(Client)
    security = loose_key(Security)
    quantity = models.DecimalField(max_digits=20, decimal_places=4)
    available = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    frozen = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    unsettled = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    cost_price = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    last_price = models.DecimalField(max_digits=18, decimal_places=4)
    market_value = models.DecimalField(max_digits=20, decimal_places=2)
    collateral = models.BooleanField(default=False)
    arrived_at = models.DateTimeField(db_default=Now())

    row_access = RowAccess(client="client")

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        constraints = [
            models.UniqueConstraint(fields=["day", "account", "holder_account", "security"], name="position_once")
        ]
        indexes = [models.Index(fields=["client", "-day"], name="position_of_client")]

    def __str__(self) -> str:
        return f"{self.day} {self.quantity}"


class ProductHolding(models.Model):
    """Shares of a product at the close of a day, replaced per account and day. The record keeps five days."""

    day = models.DateField(_("day"))
    account = loose_key(Account, help_text="The fund account")
    client = loose_key(Client, verbose_name=_("client"))
    product = loose_key(Product, verbose_name=_("product"))
    shares = models.DecimalField(_("shares"), max_digits=20, decimal_places=4)
    cost = models.DecimalField(_("cost"), max_digits=20, decimal_places=2, null=True)
    market_value = models.DecimalField(_("market value"), max_digits=20, decimal_places=2)
    arrived_at = models.DateTimeField(db_default=Now())

    row_access = RowAccess(client="client")

    class Meta:
        verbose_name = _("product holding")
        verbose_name_plural = _("product holdings")
        constraints = [models.UniqueConstraint(fields=["day", "account", "product"], name="product_holding_once")]
        indexes = [models.Index(fields=["client", "-day"], name="product_holding_of_client")]

    def __str__(self) -> str:
        return f"{self.day} {self.shares}"


class MarginAccountDay(models.Model):
    """A credit account at the close of a day; `ratio` is the maintenance ratio (1.5 = 150 %), empty without debt."""

    day = models.DateField()
    account = loose_key(Account)
    client = loose_key(Client)
    cash = models.DecimalField(max_digits=20, decimal_places=2)
    collateral_value = models.DecimalField(max_digits=20, decimal_places=2)
    debt = models.DecimalField(max_digits=20, decimal_places=2)
    ratio = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    credit_line = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    warn_line = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    call_line = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    close_line = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    call_day = models.DateField(null=True)
    arrived_at = models.DateTimeField(db_default=Now())

    row_access = RowAccess(client="client")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "account"], name="margin_account_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.ratio}"


class MarginContractDay(models.Model):
    """A financing or short contract at the close of a day."""

    day = models.DateField()
    account = loose_key(Account)
    client = loose_key(Client)
    contract_no = models.CharField(max_length=40)
    kind = models.CharField(max_length=10)
    security = loose_key(Security, null=True)
    opened_on = models.DateField()
    due_on = models.DateField()
    principal = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    quantity = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    outstanding = models.DecimalField(max_digits=20, decimal_places=2)
    interest = models.DecimalField(max_digits=20, decimal_places=2)
    rate = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    extended = models.PositiveSmallIntegerField(null=True)
    status = models.CharField(max_length=12)
    arrived_at = models.DateTimeField(db_default=Now())

    row_access = RowAccess(client="client")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "account", "contract_no"], name="margin_contract_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.contract_no}"


class DroppedDay(models.Model):
    """A day of daily state that the record let go because the lake has it; a late file may bring back some accounts."""

    source = models.CharField(max_length=60, help_text="The table of the record")
    day = models.DateField()
    at = models.DateTimeField()

    row_access = RowAccess(configuration=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "day"], name="dropped_day_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.day}"
