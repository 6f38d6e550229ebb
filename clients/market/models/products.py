"""Funds and wealth products of transfer agents, and their net asset values."""

import pghistory
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from clients.shared.rowaccess import RowAccess


@pghistory.track(model_name="ProductHistory")
class Product(models.Model):
    """A fund or wealth product of a transfer agent; identity is (ta_code, product_code)."""

    class Kind(models.TextChoices):
        CASH = "cash", _("Cash management")
        BOND_FUND = "bond_fund", _("Bond fund")
        MIXED_FUND = "mixed_fund", _("Mixed fund")
        EQUITY_FUND = "equity_fund", _("Equity fund")
        CERTIFICATE = "certificate", _("Income certificate")
        ASSET_PLAN = "asset_plan", _("Asset management plan")
        PRIVATE = "private", _("Private fund")
        WEALTH = "wealth", _("Wealth product")
        DATA_SERVICE = "data_service", _("Data service")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ON_SALE = "on_sale", _("On sale")
        CLOSED = "closed", _("Closed")
        LIQUIDATING = "liquidating", _("Liquidating")
        MATURED = "matured", _("Matured")

    class Investor(models.TextChoices):
        ANY = "any", _("Anyone")
        QUALIFIED = "qualified", _("Qualified investors")
        PROFESSIONAL = "professional", _("Professional investors")

    ta_code = models.CharField(max_length=10)
    product_code = models.CharField(max_length=20)
    as_of = models.DateField()
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    issuer = models.CharField(_("issuer"), max_length=100)
    risk_level = models.PositiveSmallIntegerField(_("risk level"))
    min_amount = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    step = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    term_days = models.PositiveIntegerField(null=True)
    open_from = models.DateField(null=True)
    open_to = models.DateField(null=True)
    status = models.CharField(_("status"), max_length=12, choices=Status)
    investor = models.CharField(_("investor"), max_length=12, choices=Investor)
    cooling_off_hours = models.PositiveIntegerField(null=True)
    fee_rate = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    doc_version = models.CharField(max_length=20)
    doc_sha256 = models.CharField(max_length=64, blank=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.UniqueConstraint(fields=["ta_code", "product_code"], name="product_once"),
            models.CheckConstraint(condition=models.Q(risk_level__range=(1, 5)), name="product_risk_level"),
        ]

    def __str__(self) -> str:
        return f"{self.product_code} {self.name}"


class ProductNav(models.Model):
    """The net asset value of a product on a day. A corrected value is a new row: the lake copies what is new."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="navs")
    day = models.DateField()
    nav = models.DecimalField(max_digits=18, decimal_places=4)
    arrived_at = models.DateTimeField(db_default=Now())

    row_access = RowAccess(configuration=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "day"], name="product_nav_once")]

    def __str__(self) -> str:
        return f"{self.product_id} {self.day} {self.nav}"
