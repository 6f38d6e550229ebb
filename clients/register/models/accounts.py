"""Accounts: fund, securities, credit and others, as the settlement system knows them."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.org.models import Branch
from clients.register.models.clients import Client
from clients.shared.rowaccess import RowAccess


@pghistory.track(model_name="AccountHistory")
class Account(models.Model):
    """One account. Identity is (kind, market, account_no); market is empty for accounts without one."""

    class Kind(models.TextChoices):
        FUND = "fund", _("Fund account")
        SECURITIES = "securities", _("Securities account")
        CREDIT_FUND = "credit_fund", _("Credit fund account")
        CREDIT_SECURITIES = "credit_securities", _("Credit securities account")
        OPTION = "option", _("Option account")
        TA = "ta", _("Transfer-agent account")
        PENSION = "pension", _("Pension account")

    class Status(models.TextChoices):
        NORMAL = "normal", _("Normal")
        DORMANT = "dormant", _("Dormant")
        FROZEN = "frozen", _("Frozen")
        RESTRICTED = "restricted", _("Restricted")
        CLOSED = "closed", _("Closed")

    class Depository(models.TextChoices):
        NONE = "none", _("Not bound")
        ACTIVE = "active", _("Active")
        CHANGING = "changing", _("Changing")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    market = models.CharField(_("market"), max_length=4, blank=True)
    account_no = models.CharField(_("account number"), max_length=30)
    client = models.ForeignKey(Client, models.PROTECT, related_name="accounts")
    fund_account = models.CharField(_("fund account"), max_length=30, blank=True)
    main = models.BooleanField(_("main"), default=False)
    designated = models.BooleanField(_("designated"), default=False)
    status = models.CharField(_("status"), max_length=12, choices=Status)
    opened_on = models.DateField(_("opened on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    bank = models.CharField(_("bank"), max_length=20, blank=True)
    bank_card_tail = models.CharField(max_length=4, blank=True)
    depository = models.CharField(_("depository"), max_length=10, choices=Depository, blank=True)
    commission = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    min_commission = models.DecimalField(max_digits=20, decimal_places=2, null=True, blank=True)
    first_trade_on = models.DateField(null=True, blank=True)
    permissions = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    row_access = RowAccess(client="client")

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(fields=["kind", "market", "account_no"], name="account_once"),
            models.UniqueConstraint(
                fields=["client", "kind"],
                condition=models.Q(main=True) & ~models.Q(status="closed"),
                name="one_main_account",
            ),
            models.UniqueConstraint(
                # Files name an account that holds cash by its number alone.
                fields=["account_no"],
                condition=models.Q(kind__in=["fund", "credit_fund", "pension"]),
                name="fund_account_once",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True) | models.Q(status="closed"),
                name="closed_on_means_closed",
            ),
        ]
        indexes = [models.Index(fields=["account_no"], name="account_no")]

    def __str__(self) -> str:
        return f"{self.kind} {self.account_no}"
