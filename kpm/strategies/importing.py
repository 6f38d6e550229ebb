"""A YAML text becomes a draft: checked by the same form as what is typed, its faults told with their lines."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _t

from clients.org.models import Branch, User
from kpm.strategies import services
from kpm.strategies.models import RolloutStep, Strategy, StrategyVersion
from kpm.strategies.services.yamlform import BadYaml, Written, read_yaml
from kpm.strategies.version_form import VersionForm

FIELDS = tuple(VersionForm.Meta.fields)


@transaction.atomic
def import_version(*, strategy: Strategy, text: str, by: User, now: datetime) -> StrategyVersion:
    """This will write a text into the open draft of a strategy, or a new one; what it does not name stays as it was.

    Raises BadYaml with every fault and its line; then no draft was made or changed.
    """
    written = read_yaml(text, FIELDS)
    if (code := written.values.get("strategy", strategy.code)) != strategy.code:
        raise BadYaml([(written.lines["strategy"], _t("this text is of the strategy %(code)s.") % {"code": code})])
    draft = services.draft_version(strategy=strategy, by=by, now=now)
    changed = _filled(draft, written)
    services.save_draft(version=draft, changed=changed, by=by, now=now)
    if written.values.get("plan"):
        _replace_plan(draft, written)
        services.note_plan(version=draft, by=by, now=now)
    return draft


def _filled(draft: StrategyVersion, written: Written) -> list[str]:
    """Put the values into the draft by its form; the names of the fields that changed."""
    said = {name: written.values[name] for name in FIELDS if name in written.values}
    known: dict[str, Any] = {**model_to_dict(draft, FIELDS), "channels": draft.channels}
    form = VersionForm({name: value for name, value in {**known, **said}.items() if value is not None}, instance=draft)
    if not form.is_valid():
        wrong = form.errors.items()
        raise BadYaml([(written.lines.get(name, 0), f"{name}: {' '.join(map(str, said))}") for name, said in wrong])
    form.save(commit=False)
    return list(form.changed_data)


def _replace_plan(draft: StrategyVersion, written: Written) -> None:
    codes = {branch.code: branch for branch in Branch.objects.all()}
    draft.steps.all().delete()
    for order, step in enumerate(written.values["plan"], 1):
        chosen = step.get("branches") or []
        if unknown := [code for code in chosen if code not in codes]:
            raise BadYaml([(written.lines["plan"], _t("there is no branch %(code)s.") % {"code": unknown[0]})])
        said = {"share": step.get("share", 0), "approval": step.get("approval", True)}
        row = RolloutStep(
            version=draft, order=order, min_days=step["min_days"], min_sample=step["min_sample"], **said
        )  # fmt: skip
        _checked(row, written.lines["plan"])
        row.save()
        row.branches.set(codes[code] for code in chosen)


def _checked(step: RolloutStep, line: int) -> None:
    try:
        step.clean_fields(exclude=["version"])
    except ValidationError as wrong:
        said = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in wrong.message_dict.items())
        raise BadYaml([(line, _t("step %(n)s of the plan: %(faults)s") % {"n": step.order, "faults": said})]) from wrong
