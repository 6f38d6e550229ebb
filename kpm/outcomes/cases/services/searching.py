"""Searching what the clients of a case have in common: asked for by a person, done beside a worker."""

import json
import logging
import subprocess
import sys
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from clients.org.models import User
from clients.shared import queue
from kpm.engine.check import check
from kpm.outcomes.cases.selectors.gathering import Gathered, gather
from kpm.outcomes.cases.settings import figures, of_the_search
from kpm.outcomes.cases.wording import condition
from kpm.outcomes.models import CaseSearch, SuccessCase
from kpm.strategies.catalogue_of import catalogue

log = logging.getLogger(__name__)
State = CaseSearch.State
LOST = 6  # times that a search may take after which nobody waits for its worker
PROCESS = [sys.executable, "-m", "kpm.outcomes.cases.mining"]


class CannotSearch(Exception):
    """A case that nobody can search now; the text says why."""


@transaction.atomic
def ask_search(*, case: SuccessCase, by: User, now: datetime) -> CaseSearch:
    """This will put a search in line for a worker; raises CannotSearch while one waits."""
    SuccessCase.objects.select_for_update().get(pk=case.pk)
    lost = now - timedelta(minutes=LOST * figures().most_minutes)
    case.searches.filter(state=State.WAITING, asked_at__lt=lost).update(state=State.FAILED, done_at=now)
    if case.searches.filter(state=State.WAITING).exists():
        raise CannotSearch(_("A search of this case is on its way."))
    search = CaseSearch.objects.create(case=case, asked_by=by, asked_at=now)
    queue.enqueue("outcomes.search_case", search.pk, now=now)
    return search


def search(*, asked: CaseSearch, now: datetime) -> CaseSearch:
    """This will do a search that was asked for; what speaks against it is kept in the row."""
    if asked.state != State.WAITING:
        return asked
    try:
        gathered = gather(asked.case)
        found = _found(gathered, asked)
    except Exception as fault:  # whatever it is, the case can be asked again
        log.exception("search %s of case %s", asked.pk, asked.case_id)
        return _end(asked, now, state=State.FAILED, error=_why(fault))
    return _end(asked, now, served=gathered.served, compared=gathered.compared, **found)


def _found(gathered: Gathered, asked: CaseSearch) -> dict[str, Any]:
    """What a search came to."""
    if gathered.served < figures().least_served:
        return {"state": State.TOO_FEW}
    rules = [said for one in _mined(gathered, asked.case_id) if (said := _said(one))]
    return {"state": State.FOUND if rules else State.NO_RULE, "rules": rules}


def _mined(gathered: Gathered, seed: int) -> list[dict[str, Any]]:
    """The rules that a process of its own finds: scikit-learn stays out of the workers."""
    of = gathered.table
    table = {
        "columns": of.columns,
        "rows": of.rows,
        "served": of.served,
        "chooses": of.chooses,
        "whole": sorted(of.whole),
    }
    done = subprocess.run(
        PROCESS, input=json.dumps({"table": table, "figures": of_the_search(), "seed": seed}), capture_output=True,
        text=True, check=True, timeout=figures().most_minutes * 60, cwd=settings.BASE_DIR,
    )  # fmt: skip
    rules: list[dict[str, Any]] = json.loads(done.stdout)
    return rules


def _said(one: dict[str, Any]) -> dict[str, Any] | None:
    """A rule with its text; None when the catalogue refuses the text, such as one that can never be false."""
    text = condition(one["rule"])
    return None if check(text, catalogue()).problems else {**one, "text": text}


def _why(fault: Exception) -> str:
    """What a person is told of a search that failed; the log has the rest."""
    if isinstance(fault, subprocess.TimeoutExpired):
        return _("It took longer than %(n)s minutes; write the case with fewer clients.") % {
            "n": figures().most_minutes
        }
    return _("The features of the days before could not be read, or the search broke off. The log says more.")


def _end(asked: CaseSearch, now: datetime, **fields: Any) -> CaseSearch:
    CaseSearch.objects.filter(pk=asked.pk).update(done_at=now, **fields)
    asked.refresh_from_db()
    return asked
