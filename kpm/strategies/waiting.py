"""What strategies wait for: sources of features that nothing computes yet, and objects that nothing names yet."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from clients.portrait import selectors as portrait
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.members import anchors_in
from kpm.strategies.models import StrategyVersion

BETWEEN = " | "  # between the sources in one text
KEY = "key:"  # before a feature whose object has no key yet


def waiting_strategies() -> dict[int, str]:
    """Return the strategies that find nobody until a source comes, by id, with their sources in one text (see `said`).

    Asked of the version that runs, else of the newest.
    """
    shown: dict[int, tuple[list[str], str]] = {}
    rows = StrategyVersion.objects.order_by("strategy_id", "-number").values_list(
        "strategy_id", "pk", "strategy__live_version_id", "features", "occurrence_from"
    )
    for strategy, pk, live, features, anchors in rows:
        if pk == live or strategy not in shown:
            shown[strategy] = features, anchors
    found = {strategy: BETWEEN.join(_sources(*read)) for strategy, read in shown.items()}
    return {strategy: sources for strategy, sources in found.items() if sources}


def _sources(features: Iterable[str], anchors: str) -> list[str]:
    unfilled = portrait.waiting_features()
    keyless = [name for name in anchors_in(anchors) if not (name in catalogue() and catalogue()[name].key)]
    return sorted({unfilled[name] for name in features if name in unfilled}) + [f"{KEY}{name}" for name in keyless]


def said(sources: str) -> str:
    """Return such a text in the language of the page; empty when nothing is waited for."""
    return ", ".join(map(_source, sources.split(BETWEEN))) if sources else ""


def _source(text: str) -> str:
    if text.startswith(KEY):
        return _("the object of %(feature)s") % {"feature": text.removeprefix(KEY)}
    return _(text)
