"""Actions on clients."""

from datetime import datetime

from django.db import transaction

from clients.org.models import User
from clients.register import selectors
from clients.register.models import Client, Consent


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
