"""Names, types, units and enum values: does every comparison compare like with like?"""

from collections.abc import Mapping
from dataclasses import dataclass

from kpm.engine import text
from kpm.engine import tree as t
from kpm.engine.catalogue import Feature
from kpm.engine.problem import refuse

FACTORS = ("ratio", "times", "")
ORDERED = ("number", "date")


@dataclass(frozen=True)
class Kind:
    """What a value is: its type, its unit (None for a literal, which fits any), its possible enum values."""

    type: str
    unit: str | None = None
    whole: bool = False
    values: tuple[str, ...] = ()
    literal: bool = False


def side(value: t.Value, features: Mapping[str, Feature]) -> Kind:
    """Kind of one whole side of a comparison; the only place where safe_div may stand."""
    if isinstance(value, t.Call) and value.function == "safe_div":
        return _division(value, features)
    return kind(value, features)


def kind(value: t.Value, features: Mapping[str, Feature]) -> Kind:
    """Work out the kind of a value; ConditionError when it mixes unlike things."""
    if isinstance(value, t.Name):
        return _feature_kind(features[value.name])
    if isinstance(value, t.Constant):
        return Kind(value.kind, literal=True)
    if isinstance(value, t.Arithmetic):
        return _arithmetic(value, [kind(arg, features) for arg in value.args])
    return CALLS.get(value.function, _misplaced)(value, features)


def _feature_kind(feature: Feature) -> Kind:
    type_ = "number" if feature.is_number else feature.dtype
    unit = feature.unit if feature.is_number else None
    return Kind(type_, unit, feature.dtype == "int", feature.values)


def _arithmetic(value: t.Arithmetic, kinds: list[Kind]) -> Kind:
    if any(k.type != "number" for k in kinds):
        raise refuse("type", f"Only numbers can be calculated with: {text.normal_value(value)}", value.at)
    if all(k.literal for k in kinds):
        raise refuse("constant", f"Write the result of {text.normal_value(value)} as one number.", value.at)
    unit = _product_unit(value, kinds) if value.op == "*" else _common_unit(value, kinds)
    return Kind("number", unit)


def _common_unit(value: t.Value, kinds: list[Kind]) -> str | None:
    units = {k.unit for k in kinds if k.unit is not None}
    if len(units) > 1:
        named = " and ".join(sorted(unit or "no unit" for unit in units))
        raise refuse("unit", f"The units differ in {text.normal_value(value)}: {named}.", value.at)
    return units.pop() if units else None


def _product_unit(value: t.Arithmetic, kinds: list[Kind]) -> str | None:
    units = [k.unit for k in kinds if k.unit is not None]
    carrying = [unit for unit in units if unit not in FACTORS]
    if len(carrying) > 1:
        raise refuse("unit", f"Multiply by a number or a ratio: {text.normal_value(value)}", value.at)
    return carrying[0] if carrying else (units[0] if units else None)


def _numbers(call: t.Call, features: Mapping[str, Feature], least: int, most: int) -> list[Kind]:
    if not least <= len(call.args) <= most:
        wanted = str(least) if least == most else f"at least {least}"
        raise refuse("arguments", f"{call.function} takes {wanted} arguments, not {len(call.args)}.", call.at)
    kinds = [kind(arg, features) for arg in call.args]
    if any(k.type != "number" for k in kinds):
        raise refuse("type", f"{call.function} takes numbers.", call.at)
    if all(k.literal for k in kinds):
        raise refuse("constant", f"{text.normal_value(call)} has no feature in it.", call.at)
    return kinds


def _abs(call: t.Call, features: Mapping[str, Feature]) -> Kind:
    return _numbers(call, features, 1, 1)[0]


def _extreme(call: t.Call, features: Mapping[str, Feature]) -> Kind:
    kinds = _numbers(call, features, 2, 8)
    return Kind("number", _common_unit(call, kinds), all(k.whole for k in kinds))


def _division(call: t.Call, features: Mapping[str, Feature]) -> Kind:
    above, below = _numbers(call, features, 2, 2)
    if below.literal:
        raise refuse("safe_div", "Divide by a feature; for a number multiply the other side.", call.at)
    if above.unit == below.unit:
        return Kind("number", "ratio")
    return Kind("number", above.unit if below.unit in FACTORS else f"{above.unit or ''}/{below.unit}")


def _coalesce(call: t.Call, features: Mapping[str, Feature]) -> Kind:
    if [type(arg) for arg in call.args] != [t.Name, t.Constant]:
        raise refuse("arguments", "coalesce takes a feature and one literal.", call.at)
    left, right = kind(call.args[0], features), kind(call.args[1], features)
    check_types(left, right, "=")
    check_literal(left, right, call.args[1])
    return left


def _td_since(call: t.Call, features: Mapping[str, Feature]) -> Kind:
    if len(call.args) != 1 or not isinstance(call.args[0], t.Name):
        raise refuse("arguments", "td_since takes one date feature.", call.at)
    if features[call.args[0].name].dtype != "date":
        raise refuse("type", "td_since takes a date feature.", call.at)
    return Kind("number", "td", whole=True)


def _misplaced(call: t.Call, features: Mapping[str, Feature]) -> Kind:
    raise refuse("safe_div", f"{call.function} must be one whole side of a comparison.", call.at)


CALLS = {"abs": _abs, "least": _extreme, "greatest": _extreme, "coalesce": _coalesce, "td_since": _td_since}


def check_types(left: Kind, right: Kind, op: str) -> None:
    """Refuse a comparison of two types that cannot stand on the sides of `op`."""
    types = {left.type, right.type}
    if any(side.type == "text" and not side.literal for side in (left, right)):
        raise refuse("type", "A text feature without fixed values can only be tested with IS NULL.")
    if "list" in types:
        raise refuse("type", "A list feature is tested with list_contains(feature, 'value').")
    if types != {"enum", "text"} and left.type != right.type:
        raise refuse("type", f"A {left.type} cannot be compared with a {right.type}.{_advice(types)}")
    if op not in ("=", "<>") and left.type not in ORDERED:
        raise refuse("type", f"A {left.type} has no order; use =, <> or IN instead of {op}.")
    if left.type == "enum" and right.type == "enum" and left.values != right.values:
        raise refuse("enum", "These two features have different lists of values.")


def _advice(types: set[str]) -> str:
    if types == {"date", "text"}:
        return " Write a date as DATE '2026-01-31'."
    if types == {"number", "text"}:
        return " Write the number without quotation marks."
    if "bool" in types:
        return " Only a yes/no feature can stand alone; compare any other with something."
    return ""


def check_literal(kind: Kind, other: Kind, value: t.Value) -> None:
    """The literal `value`, of kind `other`, must be one that a value of `kind` can have."""
    if not isinstance(value, t.Constant) or not other.literal:
        return
    if kind.type == "enum" and value.value not in kind.values:
        raise refuse("enum", f"{value.value!r} is none of {', '.join(kind.values)}.", value.at)
    if kind.whole and text.number(value.value).count("."):  # type: ignore[arg-type]
        raise refuse("type", f"This counts whole numbers; {text.constant(value)} is none.", value.at)
