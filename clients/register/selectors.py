"""Questions about clients."""

from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery

from clients.org import access
from clients.org.models import Branch, Staff, User
from clients.register.models import (
    Account,
    Client,
    ClientGrant,
    Consent,
    ContactPreference,
    ProposedRule,
    RiskAssessment,
    Touch,
)

Rule = TypeVar("Rule", bound=ProposedRule)


def granted_client_ids(staff: Staff, now: datetime) -> QuerySet[Any]:
    """Return the clients opened to this person by name at this moment."""
    return ClientGrant.objects.filter(staff=staff, expires_at__gt=now).values_list("client_id", flat=True)


def open_branches() -> QuerySet[Branch]:
    """Return the branches that serve people, by code: those that stand above no other.

    What stands below nothing either and has no address is a head office, and no place to open an account.
    """
    return Branch.objects.filter(children__isnull=True).exclude(parent__isnull=True, address="").order_by("code")


def client_of(user_id: int) -> Client | None:
    """Return the client behind a login, with branch and manager; None for staff.

    `behaviour_agreed` says whether he agreed to the analysis of his behaviour; None when he was never asked.
    """
    rows = Client.objects.filter(user_id=user_id).select_related("branch", "manager")
    return rows.annotate(behaviour_agreed=_newest_answer(Consent.Purpose.BEHAVIOUR)).first()


def _newest_answer(purpose: str) -> Subquery:
    answers = Consent.objects.filter(client_id=OuterRef("pk"), purpose=purpose).order_by("-at", "-pk")
    return Subquery(answers.values("given")[:1])


def is_client(client_id: int) -> bool:
    """Return whether somebody has this surrogate number."""
    return Client.objects.filter(pk=client_id).exists()


def client_by_number(client_no: str) -> Client | None:
    """Return the client with this number, with branch and manager; None when there is none."""
    return Client.objects.filter(client_no=client_no).select_related("branch", "manager", "user").first()


def registered(key: UUID) -> Client | None:
    """Return the lead that a registration form made; None while it made none."""
    return Client.objects.filter(registration__key=key).select_related("user").first()


def first_with_login() -> Client | None:
    """Return the active client with a login who was told most lately; None without one."""
    active = Client.objects.filter(user__isnull=False, status=Client.Status.ACTIVE).select_related("user")
    return active.order_by(F("touches__started_at").desc(nulls_last=True), "pk").first()


def without_login() -> QuerySet[Client]:
    """Return the clients (not leads) who have no login yet."""
    return Client.objects.filter(user__isnull=True).exclude(status=Client.Status.LEAD).order_by("pk")


def own_client(user: User, now: datetime) -> Client:
    """Return the client behind a login as `access.scope` gives it; Client.DoesNotExist for everybody else."""
    rows = Client.objects.filter(access.scope(user, Client, now=now), user=user.pk)
    return rows.select_related("branch", "manager").get()


def newest_assessment(client_id: int, day: date) -> RiskAssessment | None:
    """Return the newest answered questionnaire up to `day`, valid or not."""
    rows = RiskAssessment.objects.filter(client_id=client_id, assessed_on__lte=day)
    return rows.order_by("-assessed_on", "-pk").first()


def consents_now(client_id: int) -> dict[str, Consent]:
    """Return the newest consent of each purpose that the client was ever asked for."""
    rows = Consent.objects.filter(client_id=client_id).order_by("purpose", "-at", "-pk").distinct("purpose")
    return {row.purpose: row for row in rows}


def accounts_of(client_id: int) -> QuerySet[Account]:
    """Return a client's accounts, open ones first."""
    return Account.objects.filter(client_id=client_id).order_by(F("closed_on").asc(nulls_first=True), "kind", "market")


def consents_of(client_id: int) -> QuerySet[Consent]:
    """Return everything that a client ever agreed to or withdrew, newest first."""
    return Consent.objects.filter(client_id=client_id).order_by("-at", "-pk")


def preferences_of(client_id: int) -> QuerySet[ContactPreference]:
    """Return on which channels and in which hours a client may be reached."""
    return ContactPreference.objects.filter(client_id=client_id).order_by("channel")


def touches_since(client_id: int, since: datetime) -> QuerySet[Touch]:
    """Return every contact of ours with a client since a moment, newest first, with who it was."""
    rows = Touch.objects.filter(client_id=client_id, outbound=True, started_at__gte=since)
    return rows.select_related("staff").order_by("-started_at", "-pk")


def sees(user: User, client_id: int, now: datetime) -> bool:
    """Whether a person may see a client at all."""
    return Client.objects.filter(access.scope(user, Client, now=now), pk=client_id).exists()


def rules_in_force(kind: type[Rule], day: date) -> QuerySet[Rule]:
    """Return the confirmed rules whose time covers `day`; of several for one thing the first one counts."""
    begun = kind._default_manager.filter(confirmed_at__isnull=False, effective_from__lte=day)
    return begun.exclude(effective_to__lt=day).order_by("-effective_from", "pk")
