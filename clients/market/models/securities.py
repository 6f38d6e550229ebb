"""Securities, their names, boards and the rules that come with a board."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.shared.rowaccess import RowAccess


class Exchange(models.Model):
    """An exchange: SH, SZ, BJ, HK, or OTC for products."""

    code = models.CharField(_("code"), max_length=4, primary_key=True)
    mic = models.CharField(_("market identifier code"), max_length=4, blank=True)
    name = models.CharField(_("name"), max_length=60)

    row_access = RowAccess(configuration=True)

    def __str__(self) -> str:
        return self.code


class Board(models.TextChoices):
    """Boards with their own limits and permissions."""

    MAIN = "main", _("Main board")
    STAR = "star", _("STAR Market")
    GEM = "gem", _("ChiNext")
    BSE = "bse", _("Beijing Stock Exchange")
    B = "b", _("B shares")
    NEEQ = "neeq", _("NEEQ")


@pghistory.track(model_name="SecurityHistory")
class Security(models.Model):
    """A security and its present master data; earlier states are in its history, earlier names in SecurityName."""

    class Type(models.TextChoices):
        STOCK = "stock", _("Stock")
        ETF = "etf", _("ETF")
        LOF = "lof", _("LOF")
        REIT = "reit", _("REIT")
        BOND = "bond", _("Bond")
        CB = "cb", _("Convertible bond")
        REPO = "repo", _("Repo")
        INDEX = "index", _("Index")
        OPTION = "option", _("Option")
        FUND = "fund", _("Fund")

    class Status(models.TextChoices):
        LISTED = "listed", _("Listed")
        SUSPENDED = "suspended", _("Suspended")
        DELISTING = "delisting", _("Delisting period")
        DELISTED = "delisted", _("Delisted")

    class RiskFlag(models.TextChoices):
        NONE = "none", _("None")
        ST = "st", "ST"
        STAR_ST = "star_st", "*ST"
        DELISTING = "delisting", _("Delisting period")

    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="securities")
    code = models.CharField(_("code"), max_length=12)
    name = models.CharField(_("name"), max_length=60)
    short_pinyin = models.CharField(_("short pinyin"), max_length=20, blank=True)
    fullname = models.CharField(_("full name"), max_length=200, blank=True)
    area = models.CharField(_("area"), max_length=40, blank=True)
    industry = models.CharField(_("industry"), max_length=60, blank=True)
    type = models.CharField(_("type"), max_length=10, choices=Type)
    board = models.CharField(_("board"), max_length=10, choices=Board, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status)
    list_date = models.DateField(_("listed on"), null=True, blank=True)
    delist_date = models.DateField(_("delisted on"), null=True, blank=True)
    lot = models.PositiveIntegerField(_("lot"), default=100)
    tick = models.DecimalField(_("tick"), max_digits=18, decimal_places=4)
    unit = models.PositiveIntegerField(_("value multiplier"), default=1)
    t_plus = models.PositiveSmallIntegerField(_("settlement T+"), default=1)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    risk_flag = models.CharField(_("risk flag"), max_length=10, choices=RiskFlag, default=RiskFlag.NONE)
    margin_flag = models.BooleanField(_("may be financed"), default=False)
    short_flag = models.BooleanField(_("may be shorted"), default=False)
    collateral_ratio = models.DecimalField(_("collateral ratio"), max_digits=9, decimal_places=6, null=True, blank=True)
    connect_flag = models.BooleanField(_("Stock Connect"), default=False)
    total_shares = models.DecimalField(_("total shares"), max_digits=20, decimal_places=4, null=True, blank=True)
    float_shares = models.DecimalField(_("float shares"), max_digits=20, decimal_places=4, null=True, blank=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("security")
        verbose_name_plural = _("securities")
        constraints = [models.UniqueConstraint(fields=["exchange", "code"], name="security_once")]
        indexes = [
            models.Index(fields=["code"], name="security_code"),
            models.Index(fields=["short_pinyin"], name="security_pinyin"),
        ]

    def __str__(self) -> str:
        return f"{self.symbol} {self.name}"

    @property
    def symbol(self) -> str:
        """600519.SH"""
        return f"{self.code}.{self.exchange_id}"


class SecurityName(models.Model):
    """A name that a security bore; `valid_from` is unknown (null) for undated former names."""

    security = models.ForeignKey(Security, models.CASCADE, related_name="names")
    name = models.CharField(_("name"), max_length=60)
    short_pinyin = models.CharField(_("short pinyin"), max_length=20, blank=True)
    valid_from = models.DateField(_("from"), null=True)
    valid_to = models.DateField(_("to"), null=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["security", "name", "valid_from"], name="security_name_once", nulls_distinct=False
            ),
        ]
        indexes = [models.Index(fields=["name"], name="security_name_text")]

    def __str__(self) -> str:
        return self.name


class BoardRule(models.Model):
    """Price limits of a board, with dates because exchanges change them."""

    board = models.CharField(_("board"), max_length=10, choices=Board)
    risk_warned = models.BooleanField(_("for ST securities"), default=False)
    limit_ratio = models.DecimalField(_("daily limit"), max_digits=9, decimal_places=6)
    first_days_free = models.PositiveSmallIntegerField(_("first days without limit"), default=5)
    effective_from = models.DateField(_("from"))
    effective_to = models.DateField(_("to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("board rule")
        constraints = [
            models.UniqueConstraint(fields=["board", "risk_warned", "effective_from"], name="board_rule_once")
        ]

    def __str__(self) -> str:
        return f"{self.board} {self.limit_ratio} from {self.effective_from}"


class BoardPrefix(models.Model):
    """Which board a code belongs to by its first digits: a fallback only, ranges grow."""

    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="prefixes")
    prefix = models.CharField(_("prefix"), max_length=6)
    type = models.CharField(_("type"), max_length=10, choices=Security.Type)
    board = models.CharField(_("board"), max_length=10, choices=Board, blank=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["exchange", "prefix"], name="board_prefix_once")]

    def __str__(self) -> str:
        return f"{self.exchange_id} {self.prefix}"
