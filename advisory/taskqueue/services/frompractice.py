"""The steps of a success case as a playbook: a draft in the name of who made a strategy of it."""

from datetime import datetime

from django.db import transaction

from advisory.taskqueue.models import Playbook, PlaybookEvent, PlaybookStep, PlaybookVersion
from kpm.outcomes.cases.services.drafting import code_of
from kpm.outcomes.models import SuccessCase


@transaction.atomic
def draft_of_practice(*, case: SuccessCase, now: datetime) -> PlaybookVersion:
    """This will open a draft with a step for each thing that was done; one that is there already is given back.

    A second person publishes it, as with every text that somebody of the house wrote.
    """
    code = code_of(case)
    playbook, _made = Playbook.objects.get_or_create(code=code, defaults={"name_zh": case.title, "name_en": case.title})
    if known := playbook.versions.order_by("-number").first():
        return known
    draft = PlaybookVersion.objects.create(playbook=playbook, number=1)
    PlaybookStep.objects.bulk_create(
        PlaybookStep(version=draft, order=order, kind=PlaybookStep.Kind.SCRIPT, text=text)
        for order, text in enumerate(case.steps, 1)
    )
    # Who wrote the words and who drafted: neither of them publishes.
    for by in {case.author, case.made_by}:
        PlaybookEvent.objects.create(version=draft, kind=PlaybookEvent.Kind.DRAFTED, by=by, at=now)
    return draft
