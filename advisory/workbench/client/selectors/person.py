"""Who a client is, how he wants to be reached, and what is going on with him now."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from advisory.inbox import selectors as inbox
from advisory.inbox.models import Message
from advisory.taskqueue import selectors as taskqueue
from advisory.taskqueue.models import Task
from advisory.workbench.selectors import ClientCard, client_card, personal
from clients.org import access
from clients.org.models import Role, User
from clients.org.standing import Standing
from clients.register import selectors as register
from clients.register.models import Account, Client, ClientGrant, Consent, ContactHold, ContactPreference
from clients.shared.masking import Level

SHOWN = 5  # tasks and messages of the part "now"
PERSONAL: dict[str, Promise] = {
    "mobile": gettext_lazy("Mobile"),
    "id_no": gettext_lazy("ID number"),
    "email": gettext_lazy("E-mail"),
    "address": gettext_lazy("Address"),
}


@dataclass(frozen=True)
class Particular:
    """One particular as a person may see it; `hidden` may be shown on request, `revealed` is shown for this once."""

    field: str
    title: Promise
    shown: str
    hidden: bool
    revealed: bool = False
    refused: str = ""


@dataclass(frozen=True)
class Identity:
    """Who he is; of `particulars` only those that this person may see, as he may see them.

    `knows_cards`: he may know the last digits of the bank card; the house keeps no others.
    """

    card: ClientCard
    particulars: list[Particular]
    knows_cards: bool
    aml_level: str
    accounts: list[Account]
    consents: list[Consent]
    preferences: list[ContactPreference]

    def agreed(self, purpose: str) -> bool | None:
        """Return what he answered last about a purpose; None when he was never asked."""
        return next((row.given for row in self.consents if row.purpose == purpose), None)


@dataclass(frozen=True)
class Now:
    """What is going on: holds in force, work on him that this person may see, messages that he has not read."""

    holds: list[ContactHold]
    tasks: list[Task]
    messages: list[Message]

    def __bool__(self) -> bool:
        return bool(self.holds or self.tasks or self.messages)


def client_for(user: User, pk: int, now: datetime) -> Client:
    """Return a client whom this person may see, with branch and manager; Client.DoesNotExist for any other."""
    rows = Client.objects.filter(access.scope(user, Client, now=now)).select_related("branch", "manager")
    return rows.get(pk=pk)


def allowed_by(who: Standing, client: Client, now: datetime) -> str:
    """Say what lets a person see a client whom he may see."""
    if client.manager_id == who.staff.pk:
        return _("is his client manager")
    if client.manager and client.manager_id in who.covered(now):
        return _("stands in for %(name)s") % {"name": client.manager.name}
    grants = ClientGrant.objects.filter(client=client, staff=who.staff, expires_at__gt=now)
    if grant := grants.order_by("-expires_at").first():
        return _("was given access: %(reason)s") % {"reason": grant.reason}
    if Role.SUPERVISOR in who.roles(now) and client.branch.path.startswith(who.staff.branch.path):
        return _("supervises his branch")
    return _("compliance")


def identity(user: User, client: Client, now: datetime) -> Identity:
    """Return who a client is, as far as this person may know."""
    said = [particular(user, client, field, now) for field in PERSONAL]
    knows_aml = access.field_level(user, "aml_level", now=now) is Level.FULL
    return Identity(
        card=client_card(user, client, now, mine=True),
        particulars=[one for one in said if one is not None],
        knows_cards=access.field_level(user, "bank_card", now=now) in (Level.FULL, Level.REVEAL, Level.MASKED),
        aml_level=client.get_aml_level_display() if knows_aml else "",
        accounts=list(client.accounts.exclude(status=Account.Status.CLOSED).order_by("kind", "market", "account_no")),
        consents=list(register.consents_now(client.pk).values()),
        preferences=list(client.preferences.order_by("channel")),
    )


def particular(user: User, client: Client, field: str, now: datetime) -> Particular | None:
    """Return a particular of PERSONAL as this person may see it at once; None when he may not at all."""
    shown = personal(user, client, field, now)
    if shown is None:
        return None
    hidden = bool(shown) and access.field_level(user, field, now=now) is Level.REVEAL
    return Particular(field, PERSONAL[field], shown, hidden)


def now_of(user: User, client: Client, now: datetime) -> Now:
    """Return what is going on with a client."""
    still = Q(until__isnull=True) | Q(until__gt=now)
    tasks = taskqueue.visible(user, now).filter(client=client, state__in=taskqueue.ACTIVE)
    unread = inbox.messages_of(user, now).filter(client=client, read_at__isnull=True)
    return Now(
        holds=list(client.holds.filter(still).order_by("kind", "pk")),
        tasks=list(tasks.order_by("-rank", "pk")[:SHOWN]),
        messages=list(unread[:SHOWN]),
    )
