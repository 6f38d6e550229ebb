"""What a client told us and what is on file about him, each with where it comes from and since when it stands.

Personal fields look as `clients/org/access.py` says of himself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.org import access
from clients.org.models import User
from clients.portrait.traits.trait import Text
from clients.register import selectors as register
from clients.register.models import Client
from clients.shared import clock, masking

ID_TYPES: dict[str, Text] = {
    "id_card": gettext_lazy("ID card"),
    "passport": gettext_lazy("passport"),
    "hk_mo_permit": gettext_lazy("permit of Hong Kong or Macao"),
    "tw_permit": gettext_lazy("permit of Taiwan"),
    "residence_permit": gettext_lazy("residence permit"),
    "business_licence": gettext_lazy("business licence"),
    "product_code": gettext_lazy("code of a product"),
    "other": gettext_lazy("other document"),
}
OPEN_END = date(9999, 12, 31)  # an ID document without an end


@dataclass(frozen=True)
class Fact:
    """One thing on file. `value` is empty when nothing is on file; `day` is when it was last brought or told."""

    name: Text
    value: str
    source: Text
    day: date | None


def facts(client: Client, user: User, now: datetime) -> list[Fact]:
    """Return what is on file about the person, in the order of the page."""
    source = _("you, at registration") if client.is_lead else _("your branch, from the trading system")
    day = clock.shanghai_day(client.changed_at)
    told = [*_person(client, user, now), *_declared(client)]
    return [Fact(name, value, source, day) for name, value in told] + _risk(client, now)


def _person(client: Client, user: User, now: datetime) -> list[tuple[Text, str]]:
    def seen(field: str, mask: Callable[[str], str]) -> str:
        level = access.field_level(user, field, now=now)
        return masking.apply(level, str(getattr(client, field)), mask) or ""

    return [
        (_("Name"), seen("name", masking.mask_name)),
        (_("Client number"), client.client_no),
        (_("Mobile number"), seen("mobile", masking.mask_mobile)),
        (_("E-mail"), seen("email", masking.mask_email)),
        (_("Address"), seen("address", masking.mask_address)),
        (_("ID document"), " ".join(filter(None, (_id_type(client), seen("id_no", masking.mask_id_no))))),
        (_("ID document valid to"), _until(client.id_valid_to)),
        (_("Year of birth"), f"{client.birth_date:%Y}" if client.birth_date else ""),
    ]


def _declared(client: Client) -> list[tuple[Text, str]]:
    elsewhere = client.assets_elsewhere
    return [
        (_("Occupation"), client.occupation),
        (_("Education"), client.education),
        (_("Income"), client.income_band),
        (_("Tax residency"), client.tax_residency),
        (_("Accounts with other brokers"), _text(client.brokers_elsewhere)),
        (_("Assets with other brokers"), "" if elsewhere is None else f"{elsewhere:,.2f}"),
    ]


def _risk(client: Client, now: datetime) -> list[Fact]:
    found = register.newest_assessment(client.pk, clock.shanghai_day(now))
    if found is None:
        return [Fact(_("Risk level"), "", _("your answers about risk"), None)]
    value = _("C%(level)s, valid to %(day)s") % {"level": found.level, "day": found.valid_to}
    return [Fact(_("Risk level"), value, _("your answers about risk"), found.assessed_on)]


def _id_type(client: Client) -> str:
    return str(ID_TYPES.get(client.id_type, client.id_type))


def _until(day: date | None) -> str:
    if day is None:
        return ""
    return _("without end") if day == OPEN_END else f"{day}"


def _text(value: Any) -> str:
    return "" if value is None else str(value)
