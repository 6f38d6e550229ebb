"""Facts that floors above write down, whose a visitor's history is, and what capture took in.

Events themselves live in the lake.
"""

from django.db import models
from django.db.models.functions import Now

from clients.market.models import Security
from clients.register.models import Client
from clients.shared.rowaccess import RowAccess
from clients.shared.triggers import append_only


class BusinessFact(models.Model):
    """Something that happened upstairs and that features need, written in the same transaction. Append-only."""

    kind = models.CharField(max_length=60)
    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="+")
    security = models.ForeignKey(Security, models.PROTECT, null=True, related_name="+")
    object_id = models.CharField(max_length=80, blank=True)
    properties = models.JSONField(default=dict)
    at = models.DateTimeField()
    arrived_at = models.DateTimeField(db_default=Now())
    idem_key = models.CharField(max_length=160, unique=True)

    row_access = RowAccess(client="client")

    class Meta:
        triggers = append_only()
        indexes = [
            models.Index(fields=["arrived_at"], name="fact_arrived"),
            models.Index(fields=["client", "-at"], name="fact_of_client"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%F %R}"


class AnonymousLink(models.Model):
    """Whose history a visitor's number has from before `at`, the first moment an event proved a client on it.

    Without a client it is nobody's: an event that came late proves somebody else on the device before that moment.
    """

    anonymous_id = models.CharField(max_length=100, unique=True)
    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    settled = models.BooleanField(default=False, help_text="The days before it name the client.")

    row_access = RowAccess(client="client")

    class Meta:
        indexes = [models.Index(fields=["id"], condition=models.Q(settled=False), name="link_unsettled")]

    def __str__(self) -> str:
        return f"{self.anonymous_id} {self.at:%F %R}"


class Compaction(models.Model):
    """A portion of segments that went into the lake: kept once, however often it had to be begun again."""

    portion = models.CharField(max_length=100, unique=True, help_text="Name of its first segment.")
    at = models.DateTimeField()
    segments = models.IntegerField()
    bytes = models.BigIntegerField()
    events = models.BigIntegerField(help_text="New in the lake.")
    newest = models.DateTimeField(null=True, help_text="When the newest of them was received.")

    row_access = RowAccess(configuration=True)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="compaction_newest")]

    def __str__(self) -> str:
        return f"{self.portion} {self.at:%F %R}"


class CaptureTally(models.Model):
    """What came in under a write key within an hour; `write_key` 0 stands for requests without a good one.

    `accepted` events are new in the lake, of which `forged` ones named a client whom nothing proved; `duplicate` ones
    were there already, `declined` ones are of clients who refused it and are gone, `dead` ones could not be taken,
    `refused` are requests.
    """

    hour = models.DateTimeField()
    write_key = models.BigIntegerField()
    accepted = models.BigIntegerField(default=0)
    duplicate = models.BigIntegerField(default=0)
    forged = models.BigIntegerField(default=0)
    declined = models.BigIntegerField(default=0)
    dead = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)

    row_access = RowAccess(configuration=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hour", "write_key"], name="capture_tally_once")]

    def __str__(self) -> str:
        return f"{self.write_key} {self.hour:%F %R}"
