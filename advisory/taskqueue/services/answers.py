"""Whether the three answers and the steps of a task are complete. Pure checks, one place, for page, API and jobs."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from advisory.taskqueue.models import Disposition, Task

LONGEST_NOTE = 4000


@dataclass(frozen=True)
class Answers:
    """What a person answered about one task; `values` maps the order of a step to its answer."""

    contact: str
    response: str = ""
    verdict: str = ""
    note: str = ""
    values: dict[str, Any] = field(default_factory=dict)


class AnswersMissing(Exception):
    """An answer is missing or unknown; `fields` maps the field to what is wrong and what would be right."""

    def __init__(self, fields: dict[str, str]) -> None:
        self.fields = fields
        super().__init__("; ".join(fields.values()))


def check(task: Task, answers: Answers) -> Disposition:
    """Return the contact answer when all is complete; raises AnswersMissing naming every fault at once."""
    known = {(row.kind, row.code): row for row in Disposition.objects.all()}
    contact = known.get((Disposition.Kind.CONTACT, answers.contact))
    if contact is None:
        raise AnswersMissing({"contact": _("Say whether the client was reached.")})
    faults = _open_answers(answers, known, needed=contact.reached)
    if contact.reached:
        faults |= _open_steps(task, answers)
    if len(answers.note) > LONGEST_NOTE:
        faults["note"] = _("The note is too long; at most %(most)s characters.") % {"most": LONGEST_NOTE}
    if _wants_note(answers, known) and not answers.note.strip():
        faults["note"] = _("This answer needs a note.")
    if faults:
        raise AnswersMissing(faults)
    return contact


def _open_answers(answers: Answers, known: dict[tuple[str, str], Disposition], *, needed: bool) -> dict[str, str]:
    """Response and verdict: needed once the client was reached, else left empty or known."""
    faults = {}
    if (needed or answers.response) and (Disposition.Kind.RESPONSE, answers.response) not in known:
        faults["response"] = _("Say what the client answered.")
    if (needed or answers.verdict) and (Disposition.Kind.VERDICT, answers.verdict) not in known:
        faults["verdict"] = _("Say whether the strategy was right about this client.")
    return faults


def _open_steps(task: Task, answers: Answers) -> dict[str, str]:
    faults = {}
    for step in task.playbook_version.steps.filter(required=True) if task.playbook_version else []:
        given = answers.values.get(str(step.order))
        if given is None or given is False or given == "":  # zero is an answer
            faults[f"step_{step.order}"] = _("Step %(n)s has to be answered.") % {"n": step.order}
    return faults


def _wants_note(answers: Answers, known: dict[tuple[str, str], Disposition]) -> bool:
    given = zip(Disposition.Kind.values, (answers.contact, answers.response, answers.verdict), strict=True)
    return any(known[pair].needs_note for pair in given if pair in known)
