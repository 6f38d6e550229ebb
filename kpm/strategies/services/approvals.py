"""Four eyes on a version: who did what is kept, and decides who may launch it (STRATEGY 8.3)."""

from datetime import datetime

from django.utils.translation import gettext as _

from clients.org.models import User
from kpm.strategies.models import Strategy, StrategyVersion, VersionEvent

Kind = VersionEvent.Kind
WRITING = (Kind.DRAFTED, Kind.EDITED, Kind.SUBMITTED)
RUNNING = (Strategy.Status.LIVE, Strategy.Status.PAUSED)


class CannotChange(Exception):
    """The step is not possible now; its text says why and what would be right, for the person who asked."""


def note(version: StrategyVersion, kind: str, *, by: User, now: datetime, said: str = "") -> None:
    """Add a line to the trail of a version."""
    VersionEvent.objects.create(version=version, kind=kind, by=by, at=now, note=said)


def writers(version: StrategyVersion) -> set[int]:
    """Return the logins of everybody who wrote or submitted a version; empty for the library's own."""
    wrote = version.events.filter(kind__in=WRITING).values_list("by_id", flat=True)
    return {login for login in (version.author_id, *wrote) if login is not None}


def approval(version: StrategyVersion, strategy: Strategy, by: User) -> str:
    """Return what launching `version` would be, an approval or a way back; raises CannotChange when it may not be.

    Going back to an earlier version that this person approved before is no second approval: in trouble nobody should
    have to look for a third person.
    """
    live = strategy.live_version
    if live == version and strategy.status in RUNNING:
        raise CannotChange(_("This version is the live one already."))
    if by.pk in writers(version):
        raise CannotChange(_("Who wrote or submitted a version does not launch it; ask a colleague who did neither."))
    if not version.events.filter(kind=Kind.LAUNCHED, by=by).exists():
        return Kind.LAUNCHED
    if live is not None and version.number < live.number:
        return Kind.ROLLED_BACK
    raise CannotChange(_("You approved this version before; nobody approves twice, ask a colleague."))
