"""The gates of steps 2 to 6 as DuckDB SQL over the gate columns of a night (see `gates.py`, which the run judges by).

    for gate in gates_of(version, notes): CASE WHEN {gate.stops} THEN …

Each gate of `gates.py` stands here once more, in the same order, over the row `g` of a client, the working row `b` of a
matched one, and what the version says, which is written in as a constant. A test compares the two funnels.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from kpm.engine.clean import TYPES
from kpm.engine.match import Member
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.contact import CONTACT_KIND, HUMAN, MAY_BE_STOPPED
from kpm.strategies.gates import Gate
from kpm.strategies.models import Purpose, Stage, StrategyVersion

TABLE = "gates"
LOWEST_CLASS = "CASE WHEN g.lowest THEN 'lowest' ELSE 'C' || g.risk_level END"
HIGHEST = 5  # a product whose level nobody says counts as the riskiest
NOBODY = 9  # a permission without a rule is for no client


def gates_of(version: StrategyVersion, notes: Mapping[str, Any]) -> list[Gate]:
    """Return the gates that a version meets from the account to the caps; `notes` are those of the gate columns."""
    return [
        Gate(stage, reason, stops)
        for stage, reason, stops in (
            (Stage.ELIGIBLE, "stopped_by_switch", _switch(version)),
            (Stage.ELIGIBLE, "account_status", _account(version)),
            (Stage.CONSENTED, "no_consent", _consent(version)),
            (Stage.CONSENTED, "no_consent", _channels(version)),
            (Stage.SUITABLE, "assessment_expired", _assessed(version)),
            (Stage.SUITABLE, "unsuitable", _product(version, notes) or _permission(version, notes)),
            (Stage.SUITABLE, "no_licence", _licence(version, notes)),
            (Stage.COOLED_DOWN, "cooldown", "b.cooling"),
            (Stage.COOLED_DOWN, "suppressed_by_outcome", _silence(version)),
            (Stage.UNDER_CAP, "cap_client", _room(version)),
            (Stage.UNDER_CAP, "cap_family", _family(version, notes)),
        )
        if stops
    ]


def suspect(member: Member, types: Mapping[str, str], stopped: Sequence[str]) -> str:
    """Write whether a row is about something that is stopped: by its object, or by a value of its evidence."""
    if not stopped:
        return "FALSE"
    among = f"IN ({', '.join(map(text, stopped))})"
    read = {*member.condition.features, *(feature.name for feature in member.shown)}
    objects = [f"""split_part(CAST("{column}" AS VARCHAR), '/', 1)""" for column in member.key_columns]
    values = [f'"{name}"' for name in sorted(read) if types.get(name) == "VARCHAR"]
    said = [f"coalesce({one} {among}, FALSE)" for one in [*objects, *values]]
    return f"({' OR '.join(said)})" if said else "FALSE"


def level_column(version: StrategyVersion) -> str:
    """Return the feature with the level of the product that a version names, "" when its level comes otherwise."""
    return (
        version.product_level_from
        if version.product_level is None and version.product_level_from in catalogue()
        else ""
    )


def _stoppable(version: StrategyVersion) -> bool:
    return version.purpose in MAY_BE_STOPPED


def _switch(version: StrategyVersion) -> str:
    """The stops that the night stored, and those of a product or a security as they are now (`b.suspect`)."""
    stored = f"list_contains(g.switched_off, {text(version.purpose)})"
    return f"coalesce({stored}, FALSE) OR b.suspect" if _stoppable(version) else ""


def _account(version: StrategyVersion) -> str:
    return "g.gone OR g.not_served" if _stoppable(version) else "g.gone"


def _consent(version: StrategyVersion) -> str:
    asked = {Purpose.MARKETING: "g.marketing IS NOT TRUE", Purpose.SERVICE: "g.service_push IS FALSE"}
    said = asked.get(Purpose(version.purpose), "")
    return f"{said} OR g.on_hold OR g.automated_decision IS FALSE" if said else ""


def _channels(version: StrategyVersion) -> str:
    """Whoever refused every channel on which he could be reached."""
    kind = _kind(version)
    if not _stoppable(version) or not kind:
        return ""
    asked = ["phone"] if kind == HUMAN or not version.channels else version.channels
    return " AND ".join(f"coalesce(list_contains(g.refused, {text(name)}), FALSE)" for name in asked)


def _assessed(version: StrategyVersion) -> str:
    return "g.risk_level IS NULL" if version.suitability_gate else ""


def _product(version: StrategyVersion, notes: Mapping[str, Any]) -> str:
    if not version.suitability_gate or version.permission_code:
        return ""
    level = f"coalesce(b.product_level, {HIGHEST})" if level_column(version) else str(version.product_level or HIGHEST)
    cells = [f"({level} = {int(of)} AND {LOWEST_CLASS} = {text(who)})" for of, who in notes["fitting"]]
    return f"({' OR '.join(cells) or 'FALSE'}) IS NOT TRUE"


def _permission(version: StrategyVersion, notes: Mapping[str, Any]) -> str:
    if not version.suitability_gate or not version.permission_code:
        return ""
    least = notes["permissions"].get(version.permission_code)
    return f"g.lowest OR g.risk_level < {int(NOBODY if least is None else least)}"


def _licence(version: StrategyVersion, notes: Mapping[str, Any]) -> str:
    return "TRUE" if version.handler == StrategyVersion.Handler.ADVISER and not notes["licensed"] else ""


def _silence(version: StrategyVersion) -> str:
    """`silent` holds what a client wants to hear nothing of: strategy:<id>, family:<name>, all:."""
    if not _stoppable(version):
        return ""
    about = [f"strategy:{version.strategy_id}", f"family:{version.strategy.family}", "all:"]
    return f"list_has_any(g.silent, {texts(about)})"


def _room(version: StrategyVersion) -> str:
    kind = _kind(version)
    return f"g.room_{version.purpose}_{kind} <= 0" if _stoppable(version) and kind else ""


def _family(version: StrategyVersion, notes: Mapping[str, Any]) -> str:
    if not _stoppable(version):
        return ""
    family = version.strategy.family
    if any(purpose == version.purpose and of in ("", family) for purpose, of in notes["closed"]):
        return "TRUE"
    return f"list_contains(g.capped_{version.purpose}, {text(family)})"


def _kind(version: StrategyVersion) -> str:
    return CONTACT_KIND[StrategyVersion.Action(version.action)]


def product_level(version: StrategyVersion) -> str:
    """Write the product's level of a row of features, NULL where it does not come from one."""
    name = level_column(version)
    return f'"{name}"' if name else f"CAST(NULL AS {TYPES['int']})"


def text(said: str) -> str:
    """Write a text as a DuckDB literal."""
    return "'" + said.replace("'", "''") + "'"


def texts(said: Sequence[str]) -> str:
    """Write texts as a DuckDB list."""
    return f"[{', '.join(map(text, said))}]"
