"""What the templates of the desk need computed."""

from datetime import datetime

from django import template
from django.conf import settings

from advisory.taskqueue import selectors as taskqueue
from advisory.taskqueue.models import Task
from clients.org.models import Role, User
from clients.org.standing import holds
from clients.shared import clock

register = template.Library()


@register.filter
def due_state(task: Task, now: datetime) -> str:
    """Whether a task is overdue, due soon (within two hours) or later; empty without a deadline."""
    return taskqueue.due_soon(task, now)


@register.filter
def supervises(user: User) -> bool:
    """Whether a person of the house is a supervisor today: the rail shows him his page."""
    return holds(user, Role.SUPERVISOR, clock.now())


@register.filter
def reads_events(user: User) -> bool:
    """Whether a person of the house may look at what one client did on screen: the rail shows him where."""
    now = clock.now()
    return holds(user, Role.ANALYST, now) or holds(user, Role.COMPLIANCE, now)


@register.filter
def administers(user: User) -> bool:
    """Whether a person of the house administers it today, or it is being worked on: the rail shows the components."""
    return settings.DEBUG or holds(user, Role.ADMINISTRATOR, clock.now())
