"""Writing a case down: what somebody says of it, and its clients line by line."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from clients.org import access
from clients.org.models import Role, User
from clients.org.standing import standing_of
from clients.register.models import Client
from clients.shared import clock
from kpm.outcomes.cases.settings import figures
from kpm.outcomes.models import CaseClient, SuccessCase
from kpm.strategies.models import Strategy

# Who serves clients, or leads those who do.
WRITERS = frozenset({
    Role.MANAGER, Role.ADVISER, Role.CALL_CENTRE, Role.SUPERVISOR, Role.BRANCH_AUTHOR, Role.SERVICE_OPS,
})  # fmt: skip
MOST = 5000  # clients of one case


class BadCase(ValueError):
    """A case that cannot be kept; `field` names what is wrong, the text says why and what would be right."""

    def __init__(self, field: str, text: str) -> None:
        self.field = field
        super().__init__(text)


@dataclass(frozen=True)
class Story:
    """What somebody says of a case; `done` has a step a line, `clients` a client number and a day a line."""

    title: str
    situation: str
    done: str
    result: str
    clients: str


@transaction.atomic
def write_case(*, story: Story, origin: Strategy | None, by: User, now: datetime) -> SuccessCase:
    """This will keep a case with its clients for the writer's branch. Raises BadCase, and keeps nothing then."""
    who = standing_of(by)
    if who is None or not WRITERS & who.roles(now):
        raise BadCase("title", _("Who serves clients writes a case; your role does not."))
    served = _served(story.clients, by, now)
    case = SuccessCase.objects.create(
        branch=who.staff.branch, author=by, title=story.title.strip(), situation=story.situation.strip(),
        done=story.done.strip(), result=story.result.strip(), origin=origin, written_at=now,
    )  # fmt: skip
    CaseClient.objects.bulk_create(CaseClient(case=case, client_id=one, served_on=on) for one, on in served.items())
    return case


def _served(text: str, by: User, now: datetime) -> dict[int, date]:
    """The clients of the lines with their days; raises BadCase with the lines that are wrong."""
    lines = {n: line.split() for n, line in enumerate(text.splitlines(), 1) if line.strip()}
    if not lines:
        raise BadCase("clients", _("Name at least one client: his number and the day on which he was served."))
    if len(lines) > MOST:
        raise BadCase("clients", _("A case has at most %(n)s clients.") % {"n": MOST})
    known = _known((parts[0] for parts in lines.values()), by, now)
    found = {n: _line(parts, known, clock.shanghai_day(now)) for n, parts in lines.items()}
    _refuse({n: one for n, one in found.items() if isinstance(one, str)})
    return _once(found)


def _known(numbers: Iterable[str], by: User, now: datetime) -> dict[str, int]:
    """The clients of these numbers whom this person may see."""
    seen = Client.objects.filter(access.scope(by, Client, now=now), client_no__in=set(numbers))
    return dict(seen.values_list("client_no", "pk"))


def _line(parts: list[str], known: dict[str, int], today: date) -> tuple[int, date] | str:
    """A client and his day, or what is wrong with the line."""
    if len(parts) != 2:
        return _("a client number and a day, such as 00001234 2026-05-06")
    if parts[0] not in known:
        return _("%(number)s is none of your clients") % {"number": parts[0]}
    try:
        on = date.fromisoformat(parts[1])
    except ValueError:
        return _("%(day)s is no day; write it like 2026-05-06") % {"day": parts[1]}
    if on > today:
        return _("%(day)s has not come yet") % {"day": on}
    if (today - on).days > figures().most_days_ago:
        return _("%(day)s is too long ago: %(n)s days are looked back") % {"day": on, "n": figures().most_days_ago}
    return known[parts[0]], on


def _refuse(wrong: dict[int, str]) -> None:
    if not wrong:
        return
    said = "; ".join(_("line %(n)s: %(why)s") % {"n": n, "why": why} for n, why in list(wrong.items())[:5])
    more = _(" And %(n)s more lines.") % {"n": len(wrong) - 5} if len(wrong) > 5 else ""
    raise BadCase("clients", said + more)


def _once(found: dict[int, tuple[int, date] | str]) -> dict[int, date]:
    """Each client once, by the first day on which he was served."""
    first: dict[int, date] = {}
    for one in found.values():
        if not isinstance(one, str):
            first[one[0]] = min(one[1], first.get(one[0], one[1]))
    return first
