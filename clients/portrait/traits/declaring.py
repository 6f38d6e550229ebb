"""What a client says of his own portrait: a correction, an objection, or that we may conclude it again."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from clients.portrait.models import Declaration
from clients.portrait.traits.every import TRAITS
from clients.portrait.traits.trait import Trait
from clients.register.models import Client

LONGEST = 60  # characters of a value that signs name


class CannotDeclare(ValueError):
    """There is no such trait, or it has no such value; the message is for the client."""


def declare(*, client: Client, trait: str, value: str, by: Any, now: datetime) -> Declaration:
    """This will keep the client's own word on a trait: from the next night on it is a sign of its own.

    Raises CannotDeclare for a trait or a value that there is not.
    """
    _check(_trait(trait), value)
    return client.declarations.create(trait=trait, value=value, at=now, by=by)


def object_to(*, client: Client, trait: str, by: Any, now: datetime) -> Declaration:
    """This will keep that the client does not want a trait concluded: from the next night on it is not."""
    found = _trait(trait)
    return client.declarations.create(trait=found.name, value=Declaration.OBJECTION, at=now, by=by)


def take_back(*, client: Client, trait: str, by: Any, now: datetime) -> Declaration:
    """This will let the house conclude a trait by itself again, without what the client said of it."""
    found = _trait(trait)
    return client.declarations.create(trait=found.name, value=Declaration.TAKEN_BACK, at=now, by=by)


def _trait(name: str) -> Trait:
    for trait in TRAITS:
        if trait.name == name:
            return trait
    raise CannotDeclare(_("There is nothing of this name in a portrait."))


def _check(trait: Trait, value: str) -> None:
    known = value in trait.values if trait.values else 0 < len(value) <= LONGEST and value != Declaration.TAKEN_BACK
    if not known:
        choices = ", ".join(str(words) for words in trait.values.values())
        raise CannotDeclare(_("Choose one of: %(choices)s.") % {"choices": choices})
