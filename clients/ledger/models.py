"""What clients did with money: facts of the settlement system. A fact never changes; a correction is a new line.

Trades and cash flows grow for ever: both tables are partitioned by year (migration 0002). Rows come by the hundred
thousand through `clients/intake`, whose merge joins every account, client and security; so the keys here carry no
constraint and no index of their own (three look-ups and three index writes a row would cost more than the row), and
`client` is repeated on every row, so that neither a page nor the mirror to the lake needs a join.
"""

from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from clients.market.models import Product, Security
from clients.register.models import Account, Client
from clients.shared.rowaccess import RowAccess


def _key(to: type[models.Model], **options: Any) -> Any:
    """A key that the importer's merge has already checked: no constraint, no index of its own."""
    return models.ForeignKey(to, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False, **options)


class Trade(models.Model):
    """One execution. Amounts in `currency` with two places; `net_amount` is the cash it moved, fees included."""

    class Side(models.TextChoices):
        BUY = "buy", _("Buy")
        SELL = "sell", _("Sell")
        SUBSCRIBE = "subscribe", _("Subscribe")
        REDEEM = "redeem", _("Redeem")
        LEND = "lend", _("Lend")
        REPAY = "repay", _("Repay")
        ALLOT = "allot", _("Allotment")
        CONVERT = "convert", _("Convert")

    class Business(models.TextChoices):
        NORMAL = "normal", _("Normal")
        CREDIT_BUY = "credit_buy", _("Margin purchase")
        SHORT_SELL = "short_sell", _("Short sale")
        REPO = "repo", _("Repo")
        IPO = "ipo", _("IPO")
        FUND = "fund", _("Fund")
        OPTION = "option", _("Option")

    day = models.DateField()
    account = _key(Account, help_text="The fund account")
    client = _key(Client)
    security = _key(Security)
    exchange = models.CharField(max_length=4)
    trade_no = models.CharField(max_length=40)
    side = models.CharField(max_length=10, choices=Side)
    order_no = models.CharField(max_length=40, blank=True)
    time = models.DateTimeField()
    business = models.CharField(max_length=12, choices=Business)
    quantity = models.DecimalField(max_digits=20, decimal_places=4)
    price = models.DecimalField(max_digits=18, decimal_places=4)
    accrued = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    amount = models.DecimalField(max_digits=20, decimal_places=2)
    fx = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    commission = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    stamp_tax = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    transfer_fee = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    other_fee = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    net_amount = models.DecimalField(max_digits=20, decimal_places=2)
    currency = models.CharField(max_length=3)
    channel = models.CharField(max_length=10, blank=True)
    reversal_of = models.CharField(max_length=40, blank=True)
    arrived_at = models.DateTimeField(db_default=Now())

    row_access = RowAccess(client="client")

    class Meta:
        verbose_name = _("trade")
        verbose_name_plural = _("trades")
        constraints = [
            models.UniqueConstraint(fields=["day", "account", "exchange", "trade_no", "side"], name="trade_once")
        ]
        indexes = [models.Index(fields=["client", "-day"], name="trade_of_client")]

    def __str__(self) -> str:
        return f"{self.day} {self.side} {self.quantity}"


class CashFlow(models.Model):
    """One movement of cash, signed; custody kinds carry the market value of the transfer."""

    class Kind(models.TextChoices):
        BANK_IN = "bank_in", _("Transfer in")
        BANK_OUT = "bank_out", _("Transfer out")
        BUY = "buy", _("Purchase")
        SELL = "sell", _("Sale")
        ALLOT_PAY = "allot_pay", _("Allotment payment")
        DIVIDEND = "dividend", _("Dividend")
        DIVIDEND_TAX = "dividend_tax", _("Dividend tax")
        INTEREST = "interest", _("Interest")
        FEE = "fee", _("Fee")
        MARGIN_INTEREST = "margin_interest", _("Margin interest")
        CUSTODY_IN = "custody_in", _("Custody transfer in")
        CUSTODY_OUT = "custody_out", _("Custody transfer out")
        PRODUCT_IN = "product_in", _("From a product")
        PRODUCT_OUT = "product_out", _("Into a product")
        ADJUST = "adjust", _("Adjustment")

    day = models.DateField()
    account = _key(Account)
    client = _key(Client)
    flow_no = models.CharField(max_length=40)
    time = models.DateTimeField(null=True)
    kind = models.CharField(max_length=16, choices=Kind)
    amount = models.DecimalField(max_digits=20, decimal_places=2)
    balance_after = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)
    bank = models.CharField(max_length=20, blank=True)
    security = _key(Security, null=True)
    memo = models.CharField(max_length=200, blank=True)
    reversal_of = models.CharField(max_length=40, blank=True)
    arrived_at = models.DateTimeField(db_default=Now())

    row_access = RowAccess(client="client")

    class Meta:
        verbose_name = _("cash flow")
        verbose_name_plural = _("cash flows")
        constraints = [models.UniqueConstraint(fields=["day", "account", "flow_no"], name="cash_flow_once")]
        indexes = [models.Index(fields=["client", "-day"], name="cash_flow_of_client")]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.amount}"


class Position(models.Model):
    """A holding at the close of a day, replaced per account and day. The record keeps five days, the lake all."""

    day = models.DateField()
    account = _key(Account, help_text="The fund account")
    holder_account = _key(Account, help_text="The securities account")
    client = _key(Client)
    security = _key(Security)
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
    account = _key(Account, help_text="The fund account")
    client = _key(Client, verbose_name=_("client"))
    product = _key(Product, verbose_name=_("product"))
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
    account = _key(Account)
    client = _key(Client)
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
    account = _key(Account)
    client = _key(Client)
    contract_no = models.CharField(max_length=40)
    kind = models.CharField(max_length=10)
    security = _key(Security, null=True)
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
