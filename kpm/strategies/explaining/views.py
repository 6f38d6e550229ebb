"""The page that explains one strategy and one client. Every opening about a client is written down first."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clients.org import access
from clients.org import services as org
from clients.org.requests import UserRequest
from clients.org.standing import Standing, standing_of
from clients.portrait import selectors as portrait
from clients.register import selectors as register
from clients.register.models import Client, Consent
from clients.shared import addresses, clock
from clients.shared.guards import staff_page
from clients.shared.masking import Level
from kpm.engine.problem import ConditionError
from kpm.strategies import naming, needs, services
from kpm.strategies.explaining import selectors, wording
from kpm.strategies.explaining.telling import Explained, explained
from kpm.strategies.models import Strategy, StrategyVersion

ACTION = "explain"


@never_cache
@require_safe
@staff_page
def explain(request: UserRequest, code: str) -> HttpResponse:
    """Why the newest version of a strategy, or the one that is live, means a client: `?client=` number or row."""
    now, who = clock.now(), standing_of(request.user)
    if who is None or access.field_level(request.user, "traits", now=now) is not Level.FULL:
        raise Http404
    strategy = get_object_or_404(Strategy, code=code)
    version = strategy.live_version or strategy.versions.order_by("-number").first()
    values: dict[str, Any] = {"staff": who.staff, "strategy": strategy, "version": version}
    if version and (asked := request.GET.get("client", "").strip()):
        values |= _about(request, who, version, asked, now)
    return render(request, "kpm/explaining/explain.html", values)


def _about(request: UserRequest, who: Standing, version: StrategyVersion, asked: str, now: datetime) -> dict[str, Any]:
    client = selectors.client_of(request.user, asked, now)
    if client is None:
        return {"asked": asked, "fault": _("There is no client of this number whom you may see.")}
    org.log_access(
        staff=who.staff, client_id=client.pk, action=ACTION, reason=version.strategy.code, now=now,
        ip=addresses.of(request),
    )  # fmt: skip
    return {"asked": client.client_no, "client": client, **_told(client, version, now)}


def _told(client: Client, version: StrategyVersion, now: datetime) -> dict[str, Any]:
    """What is told of a client, or why nothing is."""
    if fault := _kept_back(client, version):
        return {"fault": fault}
    day = portrait.last_feature_day(clock.shanghai_day(now))
    try:
        found = explained(version, client.pk, day=day) if day else None
    except ConditionError as refused:
        return {"fault": " ".join(_(problem.sentence) % problem.values for problem in refused.problems)}
    if found is None:
        return {"fault": _("He has no features yet: they are computed every night.")}
    return _shown(found, client, now)


def _kept_back(client: Client, version: StrategyVersion) -> str:
    agreed = {purpose: row.given for purpose, row in register.consents_now(client.pk).items()}
    if agreed.get(Consent.Purpose.PERSONALISATION) is False:
        return _("This client has switched personalisation off: nothing is concluded about what he needs.")
    if agreed.get(Consent.Purpose.BEHAVIOUR) is False and needs.watches(version):
        return _("This strategy reads what clients do on screen, and this client does not agree to that.")
    return ""


def _shown(found: Explained, client: Client, now: datetime) -> dict[str, Any]:
    values = {name: found.row.get(name) for name in [found.version.product_level_from] if name}
    stop = services.would_stop(version=found.version, client_id=client.pk, values=values, now=now)
    day: date = found.day
    return {
        "day": day,
        "truth": wording.SIGNS[found.truth],
        "population": wording.lines(found.population, found) if found.population else [],
        "condition": wording.lines(found.condition, found),
        "near": found.near,
        "lacking": wording.lacking(found),
        "changes": wording.changes(found),
        "stop": naming.say(naming.STOPS, stop) if stop else "",
    }
