"""The codes of strategies in words of the page: reasons of the funnel, slots, steps, groups, channels, families.

A code without words stands for itself, so that a new one shows up rather than being hidden.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.models import Run, Stage, Strategy
from kpm.strategies.naming_sources import SOURCES
from kpm.strategies.vocabulary import words

Words = str | Promise
WAITS = re.compile(r"(?P<version>\S+ v\d+): (?P<feature>\w+): waits for (?P<source>.+)")
STOPS: Mapping[str, Words] = {
    "account_status": _("account closed or frozen, or not served by us"),
    "no_consent": _("no consent"),
    "assessment_expired": _("no valid risk assessment"),
    "unsuitable": _("not suitable for his risk level"),
    "no_licence": _("nobody licensed in reach"),
    "cooldown": _("served with this before (cool-down)"),
    "suppressed_by_outcome": _("silent after his own answer"),
    "cap_client": _("contacted as often as allowed"),
    "cap_family": _("contacted about this as often as allowed"),
    "holdout_universal": _("held out to measure the whole programme"),
    "holdout_strategy": _("held out to measure a strategy"),
    "lost_to_stronger": _("lost to a stronger hit"),
    "no_capacity": _("no capacity"),
    "late_consent": _("consent withdrawn before the delivery"),
    "late_cap": _("contacted by others before the delivery"),
    "rolled_back": _("the version was taken back"),
    "retired": _("the strategy is retired"),
    "stopped_by_switch": _("stopped by the switch"),
    "held_breaker": _("held by the breaker"),
    "held_signature": _("held: outside of the signed number"),
    "held_effect": _("held: it does harm"),
    "expired": _("too old when it could be delivered"),
    "need_gone": _("the need was gone"),
    "failed": _("the delivery failed"),
    "waiting": _("waits to be delivered"),
    "carried_over": _("taken over by the next run"),
    "later_run": _("judged by a run of a later day"),
}
SLOTS: Mapping[str, Words] = {
    "after_settlement": _("after settlement"),
    "pre_open_0830": _("before the opening, 08:30"),
    "intraday": _("in session"),
    "event": _("when something happens"),
    "daily_0900": _("every day, 09:00"),
}
STEPS: Mapping[str, Words] = {
    "match": _("matching"),
    "evidence": pgettext_lazy("step of a run", "evidence"),
    **{stage.name.lower(): stage.label for stage in Stage},
    "lines": pgettext_lazy("step of a run", "lines in the lake"),
    "publish": _("publishing"),
}
BACKTEST_STEPS: Mapping[str, Words] = {
    "days": _("replaying the days"),
    "load": _("counting the work"),
    "overlap": _("comparing with live strategies"),
    "sample": _("drawing a sample"),
}
ARMS: Mapping[str, Words] = {"treated": _("served"), "held_out": pgettext_lazy("of a hit", "held out")}
CHANNELS: Mapping[str, Words] = {
    "inbox": _("Inbox"),
    "app": _("App"),
    "sms": _("SMS"),
    "wechat": _("WeChat"),
    "phone": _("Phone"),
    "visit": _("Visit"),
}
OCCURRENCES: Mapping[str, Words] = {"client": _("client"), "trading_day": _("trading day"), "year": _("year")}
# An author keeps the object of the version before; the feature that names it comes from the library.
OBJECTS: Mapping[str, Words] = {
    "account": _("account"), "adviser_contract": _("adviser contract"), "alert": _("alert"),
    "allotment": _("allotment"), "announcement": _("announcement"), "application": _("application"),
    "assessment": _("assessment"), "cash_movement": _("cash movement"), "complaint": _("complaint"),
    "contract": _("contract"), "document": _("document"), "lead": _("lead"), "login_event": _("login event"),
    "margin_call": _("margin call"), "permission": _("permission"), "product": _("product"),
    "product_order": _("product order"), "rating": _("rating"), "security_event": _("event of a security"),
    "sip_plan": _("regular investment plan"),
}  # fmt: skip
PERMISSIONS: Mapping[str, Words] = {
    "GEM": _("ChiNext permission"),
    "STAR": _("STAR Market permission"),
    "BSE": _("Beijing Stock Exchange permission"),
    "HK": _("Stock Connect permission"),
    "CB": _("convertible bond permission"),
    "DELISTING": _("permission for delisting securities"),
    "NEEQ": _("NEEQ permission"),
    "MARGIN": _("margin account"),
    "OPTION": _("options account"),
    "ST": _("permission for ST securities"),
}
RESPONSES: Mapping[str, Words] = {
    "not_interested": _("not interested"),
    "refused_family": _("does not want this kind of service"),
    "complaint": _("complained"),
}
OPTIONS: Mapping[str, Words] = {"template": _("message template"), "playbook": _("playbook")}
POOLS: Mapping[str, Words] = {
    "adviser": _("advisers"),
    "client_manager": _("client managers"),
    "call_centre": _("call centre"),
    "staff": _("person"),
}


ROLLOUT: Mapping[str, Words] = {
    "complaint": _("too many clients complained"),
    "refused_family": _("too many clients do not want this kind of service"),
    "harmful": _("clients who are not served do better"),
    "held": _("it is held and waits for a person"),
    "days": _("too few trading days"),
    "sample": _("too few clients served"),
    "unhealthy": _("the arms cannot be compared"),
    "doubtful": _("so far clients who are not served do better"),
    "capacity": _("nobody has room for many of its hits"),
    "eve": _("the market is about to close for several days"),
    "no_branch": _("no branch of the next step has clients"),
}


def say(names: Mapping[str, Words], code: str) -> str:
    """Return a code in words of the page; one without words stands for itself."""
    return str(names.get(code, code))


FINDINGS: Mapping[str, Words] = {
    "matched": _("clients matched, against the signed number"),
    "median": _("clients matched, against the runs before"),
    "share": _("clients matched, against all clients"),
    "harmful": _("goal reached by the treated, less by the held out"),
    "unknown": _("share of clients for whom a feature is unknown"),
    "size": _("times by which the median of a feature moved"),
    "zero": _("usual median of a feature that is zero now"),
}


def finding(what: str) -> str:
    """Return what the breaker found, in words; with the feature's title where it is about one."""
    kind, _colon, name = what.partition(":")
    if not name:
        return say(FINDINGS, kind)
    title = name
    if name in catalogue():
        title = catalogue()[name].title_en if english() else catalogue()[name].title
    return f"{say(FINDINGS, kind)}: {title}"


def steps(found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the steps of a funnel with the reasons in words of the page; as `selectors.path_of` gives them."""
    return [{**row, "stopped": [(say(STOPS, reason), n) for reason, n in row["stopped"]]} for row in found]


def fault(line: str) -> str:
    """Return why a version could not be judged, in words of the page, from the line that its run wrote."""
    match = WAITS.fullmatch(line)
    if match is None or match["feature"] not in catalogue() or match["source"] not in SOURCES:
        return line
    feature = catalogue()[match["feature"]]
    title = feature.title_en if english() else feature.title
    said = {"version": match["version"], "feature": title, "source": gettext(match["source"])}
    return gettext("%(version)s: %(feature)s waits for %(source)s") % said


def english() -> bool:
    """Whether the page is in English."""
    return (get_language() or "").startswith("en")


def family(chinese: str) -> str:
    """Return the name of a family in the language of the page; the library writes it in Chinese."""
    return words().family_names.get(chinese, chinese) if english() else chinese


def strategy(row: Strategy) -> str:
    """Return a strategy by its code and its name in the language of the page."""
    return f"{row.code} {row.name_en if english() and row.name_en else row.name_zh}"


def run(row: Run) -> str:
    """Return a run by its day, its slot in words and its attempt."""
    return f"{row.day} {say(SLOTS, row.slot)} #{row.attempt}"


def pool(code: str) -> str:
    """Return the name of a pool: whose it is, and in which branch or of which person (by his row)."""
    team, _colon, of = code.partition(":")
    return f"{say(POOLS, team)} {of}".rstrip()


def factors(found: Mapping[str, Any]) -> str:
    """Return what a score is made of, in words of the page."""
    said = {name: f"{found.get(name, 0):,.4g}" for name in ("c", "v", "l", "cost")}
    said |= {"p": f"{found.get('p', 0):.1%}"}
    return gettext("chance %(p)s × context %(c)s × value %(v)s CNY × lever %(l)s − cost %(cost)s CNY") % said


def refusal(found: Mapping[str, Any]) -> str:
    """Return whose capacity was full, in words of the page."""
    last = found.get("last")
    said = {"pool": pool(found["pool"]), "capacity": found["capacity"], "last": "—" if last is None else f"{last:,.2f}"}
    return gettext("%(pool)s: %(capacity)s a day, taken; the last one that found room scored %(last)s") % said
