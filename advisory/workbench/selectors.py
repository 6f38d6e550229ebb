"""What the screens of the desk show, within what the person asking may see."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from advisory.taskqueue import selectors as taskqueue
from advisory.taskqueue.models import PlaybookStep, Task, TaskResult
from clients.org import access
from clients.org.models import Staff, User
from clients.org.standing import standing_of
from clients.register.models import Client, RiskAssessment, Touch
from clients.shared import clock, masking
from clients.shared.masking import Level

ROWS = 100
TABS = ("mine", "pool", "done")
MASKS = {
    "mobile": masking.mask_mobile,
    "id_no": masking.mask_id_no,
    "email": masking.mask_email,
    "address": masking.mask_address,
}


@dataclass(frozen=True)
class Queue:
    """One tab of the queue and the reminders beside it; counts stop at 100."""

    tab: str
    rows: list[Task]
    reminders: list[Task]
    counts: dict[str, int]


@dataclass(frozen=True)
class ClientCard:
    """The client of a task in short; personal fields as this person may see them (None: not at all).

    `known`: this person may see the client himself, and not only that there is work about him; `openable`: he may also
    open the page of the client, which work given to him by name alone does not allow.
    """

    client: Client
    name: str
    known: bool
    openable: bool
    mobile: str | None
    assessment: RiskAssessment | None
    touches: list[Touch]
    day: date

    @property
    def expired(self) -> bool:
        """Whether the newest risk assessment no longer counts."""
        return self.assessment is not None and self.assessment.valid_to < self.day


def staff_of(user: User) -> Staff | None:
    """Return the member of staff behind a login, with his branch; None for one who left."""
    who = standing_of(user)
    return who.staff if who else None


def queue(user: User, staff: Staff, tab: str, now: datetime) -> Queue:
    """Return what the queue page shows: its rows, the reminders, how many wait on each tab."""
    seen = taskqueue.visible(user, now)
    rows = {name: taskqueue.of_tab(seen, name, staff, now)[:ROWS] for name in (*TABS, "reminders")}
    shown = list(rows[tab])
    counts = {name: len(shown) if name == tab else rows[name].count() for name in TABS}
    reminders = list(rows["reminders"])
    _name_clients(user, staff, [*shown, *reminders], now)
    return Queue(tab, shown, reminders, counts)


def known_clients(user: User, clients: list[int], now: datetime) -> set[int]:
    """Return those of the clients whom this person may see, not only work about them."""
    seen = Client.objects.filter(access.scope(user, Client, now=now), pk__in=clients)
    return set(seen.values_list("pk", flat=True))


def _name_clients(user: User, staff: Staff, tasks: list[Task], now: datetime) -> None:
    """Give each task the client's name as this person may read it."""
    known = known_clients(user, [task.client_id for task in tasks], now) if tasks else set()
    for task in tasks:
        full = task.client.name
        mine = staff.pk in (task.assignee_id, task.worker_id)
        task.client_shown = full if mine or task.client_id in known else masking.mask_name(full)  # type: ignore[attr-defined]


def workable(user: User, uid: Any, now: datetime) -> Task:
    """Return a task that this person may work on (not only read); Task.DoesNotExist otherwise."""
    return Task.objects.filter(access.scope(user, Task, "work", now=now)).get(uid=uid)


def claimable(user: User, staff: Staff, now: datetime) -> list[Task]:
    """Return the tasks that this person would take next, most urgent first: his own before the pool's."""
    seen = taskqueue.visible(user, now).filter(access.scope(user, Task, "work", now=now), state=Task.State.OPEN)
    return [task for tab in ("mine", "pool") for task in taskqueue.of_tab(seen, tab, staff, now)[:5]]


def steps_of(task: Task) -> list[PlaybookStep]:
    """Return the steps of a task's playbook in order; none without a playbook."""
    return list(task.playbook_version.steps.all()) if task.playbook_version else []


def result_of(task: Task) -> TaskResult | None:
    """Return the newest result line of a task."""
    return task.results.select_related("staff").order_by("-pk").first()


def personal(user: User, client: Client, field: str, now: datetime) -> str | None:
    """Return a personal field of a client as this person may read it at once; None when he may not at all."""
    level = access.field_level(user, field, now=now)
    shown = Level.MASKED if level is Level.REVEAL else level
    return masking.apply(shown, getattr(client, field), MASKS[field])


def client_card(user: User, client: Client, now: datetime, *, mine: bool = False) -> ClientCard:
    """Return the client of a task in short: risk level, the last three touches, masked mobile.

    Of a client whom this person may not see (work of a pool that nobody claimed) only the masked name; `mine` is
    work that was given to him by name.
    """
    openable = client.pk in known_clients(user, [client.pk], now)
    if not openable and not mine:
        name = masking.mask_name(client.name)
        return ClientCard(client, name, False, False, None, None, [], clock.shanghai_day(now))
    return ClientCard(
        client=client,
        name=client.name,
        known=True,
        openable=openable,
        mobile=personal(user, client, "mobile", now),
        assessment=client.assessments.order_by("-assessed_on", "-pk").first(),
        touches=list(client.touches.select_related("staff").order_by("-started_at")[:3]),
        day=clock.shanghai_day(now),
    )
