"""Trades and cash flows: they never change, a correction is a new line; tables partitioned by year."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from clients.ledger.models.keys import loose_key
from clients.market.models import Security
from clients.register.models import Account, Client
from clients.shared.rowaccess import RowAccess


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
    account = loose_key(Account, help_text="The fund account")
    client = loose_key(Client)
    security = loose_key(Security)
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
    account = loose_key(Account)
    client = loose_key(Client)
    flow_no = models.CharField(max_length=40)
    time = models.DateTimeField(null=True)
    kind = models.CharField(max_length=16, choices=Kind)
    amount = models.DecimalField(max_digits=20, decimal_places=2)
    balance_after = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)
    bank = models.CharField(max_length=20, blank=True)
    security = loose_key(Security, null=True)
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
