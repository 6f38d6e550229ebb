"""What people do in the morning of a lived day: clients read, staff work, and both may move a client.

Everything is drawn from the seed, the day and the matter itself, so a morning that is lived again ends as it did.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.db import transaction

from advisory.inbox import selectors as inbox
from advisory.inbox import services as inbox_services
from advisory.taskqueue import selectors as taskqueue
from advisory.taskqueue import services as task_services
from advisory.workbench import selectors as workbench
from clients.market.calendar import calendar
from clients.org import selectors as org
from clients.shared import clock, live
from portal.demo.life.figures import figures
from portal.demo.life.staff import WORKING, Colleague
from portal.demo.life.truth import Truth
from portal.demo.life.world import World
from portal.demo.sample.dice import dice

READING, WORK = time(8, 30), time(9, 30)
EACH = timedelta(minutes=95)  # from one task to the next, so that calls fall into every part of the day
WORKING_DAY = timedelta(hours=8)
AGREED, MISSED = "agreed", {"contact": "not_answered"}
FULL, BY_MESSAGE = 100, 55  # how strongly a talk and a message move a client whom they help, in per cent
UNSURE = 12  # of a hundred answers about whether the strategy was right, so many are mistaken


@transaction.atomic
def act(world: World, truth: Truth, day: date) -> None:
    """This will let clients read what came on the last days and staff work through their queues, of what is still due.

    One transaction: a morning that was broken off has not begun, and nobody waits for the disk after every task.
    """
    with live.gathered():
        task_services.expire(now=clock.at_shanghai(day, READING))
        read(world, truth, day)
        for colleague in WORKING:
            work(world, truth, day, colleague)


def read(world: World, truth: Truth, day: date) -> None:
    """This will open messages, each on the day on which its reader's dice say so."""
    now = clock.at_shanghai(day, READING)
    chances = figures()["reading"]
    since = clock.at_shanghai(calendar().shift(day, -len(chances)), time())
    for message in inbox.unread(since=since, until=now):
        age = calendar().count(clock.shanghai_day(message.created_at), day) - 1
        rng = dice(world.plan.seed, "reads", day, message.client.client_no, message.strategy_code)
        if 0 <= age < len(chances) and rng.randrange(1000) < _reads(world, message.client.client_no, chances[age]):
            inbox_services.mark_read(message=message, now=now + timedelta(minutes=rng.randrange(60)))
    for client_no, code in inbox.read_between(since=now, until=now + timedelta(hours=1)):
        if truth.helps(client_no, code):
            _move(world, client_no, BY_MESSAGE, day)


def work(world: World, truth: Truth, day: date, colleague: Colleague) -> None:
    """This will let one member of staff look at reminders and finish his day's tasks."""
    now = clock.at_shanghai(day, WORK)
    person = org.staff_by_number(colleague.staff_no)
    if person is None:
        return
    for reminder in taskqueue.queue(person.user, "reminders", now):
        if reminder.assignee_id == person.pk and reminder.seen_at is None:
            task_services.mark_seen(task=reminder, by=person, now=now)
    hours = {"since": now, "until": now + WORKING_DAY}
    left = person.tasks_a_day - len(taskqueue.finished_by(person, **hours))
    for task in _begun(person, left, now):
        _finish(world, truth, day, colleague, person, task, now)
        now += EACH
    for client_no, code, response in taskqueue.finished_by(person, **hours):
        if response == AGREED and truth.helps(client_no, code):
            _move(world, client_no, FULL, day)


def _begun(person: Any, most: int, now: datetime) -> Iterator[Any]:
    """The most urgent tasks that he can begin, one after the other; what a colleague has is left to him."""
    for task in workbench.claimable(person.user, person, now) if most > 0 else ():
        try:
            yield task_services.claim(task=task, by=person, now=now)
        except task_services.CannotClaim:
            continue
        most -= 1
        if not most:
            return


def _finish(world: World, truth: Truth, day: date, colleague: Colleague, person: Any, task: Any, now: datetime) -> None:
    client_no, code = task.client.client_no, task.strategy_code
    rng = dice(world.plan.seed, "talk", day, client_no, code)
    skill = truth.skill_of(colleague.staff_no, colleague.branch)
    at = now + EACH / 2
    reached = rng.randrange(100) < _answers_at(world, client_no, at)
    answers = _answers(rng, helps=truth.helps(client_no, code), skill=skill, task=task) if reached else MISSED
    task_services.finish(task=task, by=person, fence=task.fence, idem_key=f"demo:{day}", now=at, **answers)


def _answers(rng: Random, *, helps: bool, skill: int, task: Any) -> dict[str, Any]:
    """What comes of a talk: what did he say, was the strategy right about him."""
    agreed = helps and rng.randrange(100) < skill
    right = helps != (rng.randrange(100) < UNSURE)
    response = AGREED if agreed else rng.choice(("not_interested", "wants_information"))
    note = "" if right else "客户表示暂不需要"
    return {
        "contact": "reached", "response": response, "verdict": "right" if right else "not_this_client", "note": note,
        "values": {str(step.order): _answer(step) for step in workbench.steps_of(task) if step.required},
    }  # fmt: skip


def _answers_at(world: World, client_no: str, at: datetime) -> int:
    usual, one = int(figures()["staff"]["reached"]), world.by_number.get(client_no)
    return one.resident.temper.reached(at.time(), usual) if one else usual


def _reads(world: World, client_no: str, usual: int) -> int:
    one = world.by_number.get(client_no)
    return one.resident.temper.reads(usual) if one else usual


def _answer(step: Any) -> Any:
    if step.answer_type == "choice":
        return step.choices[0]
    return {"none": True, "number": "1", "text": "已说明"}.get(step.answer_type, "2026-12-31")


def _move(world: World, client_no: str, strength: int, day: date) -> None:
    until = world.prices.index[day] + int(figures()["reaction"]["days"])
    world.pull(client_no, strength, until)
