"""What the templates of the desk need computed."""

from datetime import datetime

from django import template

from advisory.taskqueue import selectors as taskqueue
from advisory.taskqueue.models import Task

register = template.Library()


@register.filter
def due_state(task: Task, now: datetime) -> str:
    """Whether a task is overdue, due soon (within two hours) or later; empty without a deadline."""
    return taskqueue.due_soon(task, now)
