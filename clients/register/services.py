"""Actions on clients."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from clients.org.models import Branch, User
from clients.register import selectors
from clients.register.models import OWN_PREFIX, Client, Consent, Registration
from clients.shared.advisory import Space
from clients.shared.pinyin import spelt


@transaction.atomic
def open_login(*, client: Client, password: str | None) -> User:
    """This will give a client a login under his client number, or set its password anew; None means no password yet."""
    user = client.user or User(login=client.client_no, kind=User.Kind.CLIENT)
    user.set_password(password)
    user.save()
    if client.user_id is None:
        client.user = user
        client.save(update_fields=["user", "changed_at"])
    return user


@transaction.atomic
def record_consent(*, client: Client, purpose: str, given: bool, version: str, channel: str, now: datetime) -> Consent:
    """This will keep one consent given or withdrawn; the newest one counts."""
    return Consent.objects.create(client=client, purpose=purpose, given=given, version=version, channel=channel, at=now)


@transaction.atomic
def choose_consents(
    *, client: Client, choices: dict[str, bool], version: str, channel: str, now: datetime
) -> list[Consent]:
    """This will keep those answers of a client that differ from what he last said, and return them."""
    Client.objects.select_for_update().get(pk=client.pk)  # pressed twice is answered once
    said = {purpose: row.given for purpose, row in selectors.consents_now(client.pk).items()}
    changed = {purpose: given for purpose, given in choices.items() if said.get(purpose) is not given}
    return [
        record_consent(client=client, purpose=purpose, given=given, version=version, channel=channel, now=now)
        for purpose, given in changed.items()
    ]


class KeyUsed(Exception):
    """The key of a form belongs to the registration of another person; nobody was registered or let in."""


@transaction.atomic
def register_lead(
    *,
    key: UUID,
    name: str,
    mobile: str,
    password: str,
    branch: Branch,
    consents: Mapping[str, tuple[bool, str]],
    source: str,
    by: User | None,
    now: datetime,
) -> Client:
    """This will make a lead of a branch with a login, and keep what he agreed to; the same `key` again returns him.

    `consents` gives for each purpose that was asked the answer and the version of the text; `by` is None when he
    registers himself. His number is of the house's own series and he logs in by it alone: nobody has verified the
    mobile yet, so it finds nobody (`backends.py`), and whether it is known already changes nothing here. When the
    trading system later brings the same person as a client, that is a second row with its own number and login; the
    two are not merged, and the lead stays a lead. Raises KeyUsed when the key has registered somebody else.
    """
    _one_at_a_time(key)
    if known := selectors.registered(key):
        if not _same_person(known, name=name, mobile=mobile, password=password):
            raise KeyUsed("This form has registered somebody else already.")
        return known
    lead = _new_lead(name=name, mobile=mobile, branch=branch)
    open_login(client=lead, password=password)
    Registration.objects.create(client=lead, key=key, source=source, by=by, at=now)
    for purpose, (given, version) in consents.items():
        record_consent(client=lead, purpose=purpose, given=given, version=version, channel=source, now=now)
    return lead


def _same_person(lead: Client, *, name: str, mobile: str, password: str) -> bool:
    """Whether a form that is sent again says what it said at first: a key alone opens nobody's login."""
    known = lead.user is not None and lead.user.check_password(password)
    return known and (lead.name, lead.mobile) == (name, mobile)


def _one_at_a_time(key: UUID) -> None:
    """Let the second of two clicks wait until the first is done, so that it finds what that one made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [Space.REGISTRATION, str(key)])


def _new_lead(*, name: str, mobile: str, branch: Branch) -> Client:
    return Client.objects.create(
        client_no=_next_number(), kind=Client.Kind.INDIVIDUAL, status=Client.Status.LEAD, name=name,
        name_pinyin=spelt(name)[:240], mobile=mobile, branch=branch,
    )  # fmt: skip


def _next_number() -> str:
    """The next number that is nobody's: staff numbers are free text, so one of them may stand in the way."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('register_lead_number')")
            number = f"{OWN_PREFIX}{cursor.fetchone()[0]:08}"
        taken = User.objects.filter(login=number).exists() or Client.objects.filter(client_no=number).exists()
        if not taken:
            return number
