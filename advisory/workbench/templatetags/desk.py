"""What the templates of the desk need computed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django import template
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from advisory.taskqueue import selectors as taskqueue
from advisory.taskqueue.models import Task
from clients.behaviour.events import OTHER_PAGE, PLAN
from clients.org.models import Role, User
from clients.org.standing import holds
from clients.shared import clock
from kpm.strategies import naming, segmenting
from kpm.strategies.studio import looking

register = template.Library()
MINUTE, HOUR = 60, 3600  # seconds
PAGE_KINDS: Mapping[str, str | Promise] = {
    "holdings": gettext_lazy("Holdings"),
    "security": gettext_lazy("Security pages"),
    "product": gettext_lazy("Product pages"),
    "margin": gettext_lazy("Margin trading"),
    "fee": gettext_lazy("Fees"),
    "service": gettext_lazy("Counter services"),
    "help": gettext_lazy("Help"),
    "news": gettext_lazy("News pages"),
    "research": gettext_lazy("Research"),
    "other": gettext_lazy("Other pages"),
}
EVENT_PAGES = {name: one.page or OTHER_PAGE for one in PLAN for name in one.names}


@register.filter
def due_state(task: Task, now: datetime) -> str:
    """Whether a task is overdue, due soon (within two hours) or later; empty without a deadline."""
    return taskqueue.due_soon(task, now)


@register.filter
def supervises(user: User) -> bool:
    """Whether a person of the house is a supervisor today: the rail shows him his page."""
    return holds(user, Role.SUPERVISOR, clock.now())


@register.filter
def reads_segments(user: User) -> bool:
    """Whether a person of the house may look at segments today: the rail shows him where."""
    return segmenting.role_of(user, segmenting.READERS, clock.now())


@register.filter
def reads_strategies(user: User) -> bool:
    """Whether a person of the house may look at strategies today: the rail shows him where."""
    return looking.reads(user, clock.now())


@register.filter
def reads_events(user: User) -> bool:
    """Whether a person of the house may look at what one client did on screen: the rail shows him where."""
    now = clock.now()
    return holds(user, Role.ANALYST, now) or holds(user, Role.COMPLIANCE, now)


@register.filter
def reads_traits(user: User) -> bool:
    """Whether a person of the house may look at how traits are spread: the rail shows him where."""
    now = clock.now()
    return holds(user, Role.ANALYST, now) or holds(user, Role.ADMINISTRATOR, now)


@register.filter
def administers(user: User) -> bool:
    """Whether a person of the house administers it today, or it is being worked on: the rail shows the components."""
    return settings.DEBUG or holds(user, Role.ADMINISTRATOR, clock.now())


@register.filter
def page_kind(kind: str) -> str:
    """The name of a kind of page; one without a name stands for itself."""
    return str(PAGE_KINDS.get(kind, kind))


@register.filter
def seen_page(page: str) -> str:
    """The name of a page that a visit began or ended with; events that bring no path go by the kind of their page."""
    return page_kind(EVENT_PAGES[page]) if page in EVENT_PAGES else page or "—"


@register.filter
def channel(code: str) -> str:
    """The name of a channel; one without a name stands for itself."""
    return naming.say(naming.CHANNELS, code)


@register.filter
def duration(length: timedelta | None) -> str:
    """A length of time as people say it: 45 s, 12 min, 3 h 20 min; unknown → —."""
    if length is None:
        return "—"
    seconds = int(length.total_seconds())
    if seconds < MINUTE:
        return _("%(n)s s") % {"n": seconds}
    if seconds < HOUR:
        return _("%(n)s min") % {"n": seconds // MINUTE}
    return _("%(h)s h %(n)s min") % {"h": seconds // HOUR, "n": seconds % HOUR // MINUTE}


@register.filter
def hundred(share: float | Decimal | None) -> int:
    """A share as a whole number of a hundred, for bars; unknown → 0."""
    return round(100 * float(share or 0))
