"""What happened to a security: corporate actions and states as files bring them, and what articles report of it."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from clients.market.models.securities import Security
from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import append_only

HOUSE = "news:"  # event numbers that begin so are given by the house to what articles report


class SecurityEvent(models.Model):
    """One event of one security. Append-only: `reversal_of` names the event that a row takes back.

    What days and figures mean for each kind stands in the guide to importing. A row with an `article_id` was found in
    that article (kpm/news keeps them): its kind is `news` where the article reports none of the listed events. A
    reversal has the day of the row it takes back, so whoever reads a stretch of days has both or neither.
    """

    class Kind(models.TextChoices):
        DIVIDEND = "dividend", _("Dividend")
        BONUS = "bonus", _("Bonus shares")
        RIGHTS = "rights", _("Rights issue")
        IPO = "ipo", _("IPO")
        UNLOCK = "unlock", _("Unlocking of restricted shares")
        SUSPEND = "suspend", _("Suspension")
        RESUME = "resume", _("Resumption")
        ST_ON = "st_on", _("Risk warning given")
        ST_OFF = "st_off", _("Risk warning lifted")
        DELISTING = "delisting", _("Delisting")
        PROBE = "probe", _("Investigation or penalty")
        REDUCTION = "reduction", _("Shareholder reduction")
        EARNINGS_WARNING = "earnings_warning", _("Earnings warning")
        HAIRCUT = "haircut", _("Collateral ratio")
        MARGIN_LIST = "margin_list", _("Margin list")
        CB_REDEEM = "cb_redeem", _("Redemption of a convertible bond")
        PUT_BACK = "put_back", _("Put-back")
        TENDER = "tender", _("Tender offer")
        NEWS = "news", _("News")

    class Role(models.TextChoices):
        SUBJECT = "subject", _("Subject")
        MENTIONED = "mentioned", _("Mentioned")

    security = models.ForeignKey(Security, models.PROTECT, related_name="+", db_index=False)
    event_no = models.CharField(_("event number"), max_length=60)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    announced_on = models.DateField(_("announced on"))
    ex_date = models.DateField(_("ex-date or first day"), null=True)
    record_date = models.DateField(_("record date"), null=True)
    pay_date = models.DateField(_("pay date"), null=True)
    last_day = models.DateField(_("last day"), null=True)
    value = models.DecimalField(_("value"), max_digits=9, decimal_places=6, null=True)
    price = models.DecimalField(_("price"), max_digits=18, decimal_places=4, null=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.SUBJECT)
    source = models.CharField(_("source"), max_length=60, blank=True)
    article_id = models.BigIntegerField(_("article"), null=True)
    article_kind = models.CharField(_("kind of article"), max_length=12, blank=True)
    rating = models.CharField(_("rating"), max_length=8, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True)
    reversal_of = models.CharField(_("takes back"), max_length=60, blank=True)
    arrived_at = models.DateTimeField(_("arrived at"), db_default=Now())

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("security event")
        verbose_name_plural = _("security events")
        triggers = append_only()
        constraints = [models.UniqueConstraint(fields=["security", "event_no"], name="security_event_once")]
        indexes = [
            models.Index(fields=["announced_on"], name="security_event_day"),
            models.Index(fields=["article_id"], name="event_of_article", condition=models.Q(article_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.announced_on}"
