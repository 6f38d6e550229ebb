"""Hits and what became of them."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.org.models import Branch, Staff
from clients.register.models import Client
from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import append_only
from kpm.strategies.models.runs import Run
from kpm.strategies.models.strategy import Strategy, StrategyVersion


class Stage(models.IntegerChoices):
    """The steps of the funnel (STRATEGY 4); a hit stands at the last one it passed."""

    MATCHED = 1, _("matched")
    ELIGIBLE = 2, _("eligible")
    CONSENTED = 3, _("consented")
    SUITABLE = 4, _("suitable")
    COOLED_DOWN = 5, _("cooled down")
    UNDER_CAP = 6, _("under cap")
    NOT_HELD_OUT = 7, _("not held out")
    WON_ARBITRATION = 8, _("won arbitration")
    WITHIN_CAPACITY = 9, _("within capacity")
    DELIVERED = 10, _("delivered")


class Hit(models.Model):
    """One strategy meant one client for one occurrence. `evidence` holds the values that made it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    strategy = models.ForeignKey(Strategy, models.PROTECT, related_name="+")
    version = models.ForeignKey(StrategyVersion, models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    object_key = models.CharField(max_length=80, blank=True, help_text="The object it is about, empty for the client")
    occurrence = models.CharField(max_length=120)
    run = models.ForeignKey(Run, models.PROTECT, related_name="+", help_text="The last run that judged it")
    first_day = models.DateField()
    last_day = models.DateField()
    evidence = models.JSONField(default=dict)
    stage = models.PositiveSmallIntegerField(choices=Stage)
    stopped_by = models.CharField(max_length=30, blank=True, help_text="Why it went no further")
    arm = models.CharField(max_length=10, default="treated")
    score = models.FloatField(null=True, help_text="P x C x V x L - cost, in CNY")
    factors = models.JSONField(_("score made of"), null=True, help_text=_("p, c, v, l and cost; the segment of p"))
    refusal = models.JSONField(
        _("why there was no room"), null=True, help_text=_("The pool, its capacity, the score of the last that it took")
    )
    propensity = models.FloatField(
        _("chance of being drawn"), null=True, help_text=_("Of a hit that was drawn to explore; else empty")
    )
    rank = models.PositiveIntegerField(null=True, help_text="Place among the winners of its pool")
    would_win = models.BooleanField(default=False, help_text="Wins when nobody is held out: the hits that are compared")
    refill = models.BooleanField(default=False, help_text="Won only because a held-out hit left its place")
    lost_to = models.UUIDField(null=True, help_text="The stronger hit of the same client")
    pool = models.CharField(max_length=60, blank=True, help_text="Whose capacity it needs")
    person = models.BigIntegerField(null=True, help_text="The manager whose work it would be")
    used_on = models.DateField(null=True, help_text="Delivered or held out: the occurrence is spent")
    delivered_at = models.DateTimeField(null=True)
    task_at = models.DateTimeField(_("Task made"), null=True, help_text="When its work for a person was handed out")
    created_at = models.DateTimeField(auto_now_add=True)

    row_access = RowAccess(client="client", branch="branch")

    class Meta:
        verbose_name = _("hit")
        verbose_name_plural = _("hits")
        constraints = [models.UniqueConstraint(fields=["strategy", "client", "occurrence"], name="hit_once")]
        indexes = [
            models.Index(fields=["stage", "id"], condition=models.Q(stage=9), name="hit_undelivered"),
            models.Index(fields=["run", "version"], name="hit_of_run"),
            models.Index(fields=["strategy", "client", "object_key", "-used_on"], name="hit_used"),
            models.Index(fields=["client", "-last_day"], name="hit_of_client"),
        ]

    def __str__(self) -> str:
        return f"{self.strategy_id}/{self.client_id}/{self.occurrence}"


class HitEnding(models.Model):
    """Where a hit that had come within the capacity of a run ended in it (funnel step 10). One line, append-only."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="+")
    hit = models.ForeignKey(Hit, models.PROTECT, related_name="endings")
    version = models.ForeignKey(StrategyVersion, models.PROTECT, related_name="+")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=30, blank=True, help_text="Empty: delivered; else why not in this run")
    at = models.DateTimeField()

    row_access = RowAccess(client="hit__client", branch="branch")

    class Meta:
        triggers = append_only()
        constraints = [models.UniqueConstraint(fields=["run", "hit"], name="hit_ends_once_in_a_run")]

    def __str__(self) -> str:
        return f"{self.hit_id} in {self.run_id}: {self.reason or 'delivered'}"


class Assignment(models.Model):
    """Which arm a client is in for a strategy: drawn once, kept for ever."""

    strategy = models.ForeignKey(Strategy, models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    arm = models.CharField(max_length=10)
    bucket = models.PositiveSmallIntegerField()
    assigned_on = models.DateField()
    pct = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, help_text="Held out of a hundred when it was drawn"
    )

    row_access = RowAccess(client="client")

    class Meta:
        triggers = append_only()
        constraints = [models.UniqueConstraint(fields=["strategy", "client"], name="assigned_once")]

    def __str__(self) -> str:
        return f"{self.strategy_id}/{self.client_id} {self.arm}"


class HitFeedback(models.Model):
    """What the desk answered about a hit: contact, response, verdict. Written from above, append-only."""

    hit = models.ForeignKey(Hit, models.PROTECT, related_name="feedback")
    contact = models.CharField(max_length=30)
    response = models.CharField(max_length=30, blank=True)
    verdict = models.CharField(max_length=30, blank=True)
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    idem_key = models.CharField(max_length=100, unique=True)

    row_access = RowAccess(client="hit__client", branch="hit__branch")

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.contact}/{self.response}/{self.verdict}"
