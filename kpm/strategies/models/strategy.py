"""A strategy is stable; what it does stands in its versions, which never change once submitted (STRATEGY 3.1)."""

import secrets

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.org.models import Branch
from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import history
from kpm.strategies.models.pointers import runs_what_is_submitted


class Purpose(models.TextChoices):
    """Why a strategy contacts a client; it decides consent, caps, hold-out and arbitration, not the channel."""

    REGULATORY = "regulatory", _("Regulatory")
    RISK = "risk", _("Risk")
    SERVICE = "service", _("Service")
    MARKETING = "marketing", _("Marketing")


def new_salt() -> str:
    """Return 128 random bits in hex: who is held out must not follow from a name."""
    return secrets.token_hex(16)


@history("StrategyHistory")
class Strategy(models.Model):
    """The lasting identity of a strategy; `live_version` is the one pointer that publishing moves."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        APPROVED = "approved", _("Approved")
        PILOT = "pilot", _("Pilot")
        ROLLING = "rolling", _("Rolling out")
        LIVE = "live", _("Live")
        PAUSED = "paused", _("Paused")
        RETIRED = "retired", _("Retired")

    class Origin(models.TextChoices):
        LIBRARY = "library", _("Library")
        TEMPLATE = "template", _("Template")
        CASE = "case", _("Success case")
        PROPOSAL = "proposal", _("Proposal")

    class Lifecycle(models.TextChoices):
        ACQUISITION = "acquisition", _("Acquisition")
        GROWTH = "growth", _("Growth")
        MATURITY = "maturity", _("Maturity")
        RETENTION = "retention", _("Retention")

    class Business(models.TextChoices):
        TRADING = "trading", pgettext_lazy("business line", "Trading")
        NEWS = "news", pgettext_lazy("business line", "News")
        PRODUCT = "product", pgettext_lazy("business line", "Products")
        MARGIN = "margin", _("Margin trading")
        ACCOUNT = "account", pgettext_lazy("business line", "Accounts")
        COMPLIANCE = "compliance", _("Compliance")

    code = models.CharField(_("code"), max_length=20, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=120)
    lifecycle = models.CharField(_("lifecycle"), max_length=12, choices=Lifecycle)
    business = models.CharField(_("business line"), max_length=12, choices=Business)
    family = models.CharField(_("family"), max_length=30)
    rationale = models.TextField(_("why"), blank=True)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.LIBRARY)
    owner = models.CharField(_("owner"), max_length=60, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    live_version = models.ForeignKey(
        "StrategyVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("live version"),
    )
    pilot_version = models.ForeignKey(
        "StrategyVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("version in pilot or rolling out"),
    )
    steward_branch = models.ForeignKey(
        Branch,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("branch whose strategy it is"),
        help_text=_("Empty: of the company. Else it runs in this branch and those below it, and nowhere else."),
    )
    salt = models.CharField(max_length=32, default=new_salt, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("strategy")
        verbose_name_plural = _("strategies")
        triggers = [
            pgtrigger.Protect(
                name="salt_is_set_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__salt__df=pgtrigger.F("new__salt")),
            ),
            runs_what_is_submitted(),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class StrategyVersion(models.Model):
    """What a strategy says on one day: condition, action, goal. A trigger refuses changes once it is submitted."""

    class Action(models.TextChoices):
        PUSH = "push", _("Message")
        REMINDER = "reminder", _("Reminder to the manager")
        TASK = "task", _("Task")
        PUSH_THEN_TASK = "push_then_task", _("Message, then task")
        TASK_THEN_PUSH = "task_then_push", _("Task, then message")

    class Handler(models.TextChoices):
        SYSTEM = "system", _("System")
        MANAGER = "client_manager", _("Client manager")
        CALL_CENTRE = "call_centre", _("Call centre")
        ADVISER = "adviser", _("Adviser")

    class Unit(models.TextChoices):
        TRADING_DAYS = "td", _("trading days")
        DAYS = "day", _("days")

    class Clock(models.TextChoices):
        SERVICE = "service", _("Service hours")
        HOURS = "clock", _("Hours of the clock")

    strategy = models.ForeignKey(Strategy, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    change_note = models.CharField(_("what changed"), max_length=300, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    population = models.TextField(_("who is meant at all"), default="TRUE")
    condition = models.TextField(_("condition"))
    normalised = models.TextField(blank=True, editable=False)
    condition_hash = models.CharField(max_length=16, blank=True, editable=False)
    leaves = models.JSONField(default=list, editable=False)
    features = models.JSONField(default=list, editable=False)
    shown = models.JSONField(default=list, editable=False, help_text="Features that the texts name")
    catalogue_version = models.CharField(max_length=64, blank=True, editable=False)
    goal = models.TextField(_("goal"), blank=True)
    goal_window = models.PositiveSmallIntegerField(_("goal within days"), null=True, blank=True)
    goal_judged = models.CharField(_("judged"), max_length=10, blank=True)
    goal_reason = models.CharField(_("why it has no goal"), max_length=200, blank=True)
    process_outcome = models.TextField(_("outcome of the treated"), blank=True)
    schedule = models.CharField(_("schedule"), max_length=20, default="after_settlement")
    occurrence = models.CharField(_("happens once per"), max_length=20, default="client")
    occurrence_from = models.CharField(_("object taken from feature"), max_length=60, blank=True)
    cooldown_n = models.PositiveSmallIntegerField(_("cool-down"), default=0)
    cooldown_unit = models.CharField(_("cool-down unit"), max_length=3, choices=Unit, default=Unit.DAYS)
    action = models.CharField(_("action"), max_length=16, choices=Action)
    handler = models.CharField(_("handled by"), max_length=16, choices=Handler)
    channels = models.JSONField(_("channels"), default=list)
    template_code = models.CharField(_("message template"), max_length=40, blank=True)
    playbook_code = models.CharField(_("playbook"), max_length=40, blank=True)
    product_level_from = models.CharField(_("product level from feature"), max_length=60, blank=True)
    product_level = models.PositiveSmallIntegerField(_("product level"), null=True, blank=True)
    permission_code = models.CharField(_("permission that is offered"), max_length=20, blank=True)
    suitability_gate = models.BooleanField(_("names a product"), default=False)
    sla_hours = models.PositiveSmallIntegerField(_("due within hours"), null=True, blank=True)
    sla_clock = models.CharField(_("hours are counted in"), max_length=8, choices=Clock, default=Clock.SERVICE)
    task_after_hours = models.PositiveSmallIntegerField(_("task after hours"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), default=3)
    value = models.DecimalField(_("value of the goal, CNY"), max_digits=10, decimal_places=2, null=True, blank=True)
    lever = models.DecimalField(_("business lever"), max_digits=3, decimal_places=2, default=1)
    contact_cost = models.DecimalField(_("cost of a contact, CNY"), max_digits=8, decimal_places=2, default=0)
    holdout_pct = models.DecimalField(_("held out, percent"), max_digits=5, decimal_places=2, default=0)
    holdout_reason = models.CharField(_("why nobody is held out"), max_length=200, blank=True)
    valid_days = models.PositiveSmallIntegerField(_("valid for trading days"), default=5)
    note = models.TextField(_("note"), blank=True)
    emergency = models.BooleanField(
        _("emergency"), default=False, help_text=_("Once approved it may go live everywhere at once, without a pilot.")
    )
    expected = models.JSONField(_("expected when it was submitted"), default=dict, editable=False)
    breaker = models.JSONField(
        _("limits of the breaker"), default=dict, blank=True, help_text=_("Own figures in place of those of the house.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    row_access = RowAccess(configuration=True)

    class Meta:
        verbose_name = _("strategy version")
        verbose_name_plural = _("strategy versions")
        constraints = [
            models.UniqueConstraint(fields=["strategy", "number"], name="strategy_version_once"),
            models.CheckConstraint(
                condition=models.Q(holdout_pct=0) | ~models.Q(purpose__in=["risk", "regulatory"]),
                name="nobody_held_out_of_risk_and_regulatory",
            ),
            models.CheckConstraint(condition=models.Q(holdout_pct__range=(0, 50)), name="holdout_share"),
            models.CheckConstraint(condition=models.Q(product_level__range=(1, 5)), name="product_level_r1_to_r5"),
            # No way past the form, the API and the library either: what is offered has exactly one level.
            models.CheckConstraint(
                condition=models.Q(submitted_at__isnull=True)
                | models.Q(suitability_gate=False)
                | ~models.Q(product_level_from="") & models.Q(product_level__isnull=True, permission_code="")
                | models.Q(product_level_from="", product_level__isnull=False, permission_code="")
                | models.Q(product_level_from="", product_level__isnull=True) & ~models.Q(permission_code=""),
                name="offer_has_one_level",
            ),
            models.CheckConstraint(
                condition=models.Q(submitted_at__isnull=True)
                | models.Q(suitability_gate=True)
                | models.Q(product_level_from="", product_level__isnull=True, permission_code=""),
                name="offer_passes_suitability",
            ),
            models.CheckConstraint(condition=models.Q(lever__range=("0.5", "2")), name="lever_is_small"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="submitted_is_immutable",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__submitted_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.strategy.code} v{self.number}"
