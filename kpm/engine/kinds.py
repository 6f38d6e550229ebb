"""Names, types, units and enum values: does every comparison compare like with like?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kpm.engine import text
from kpm.engine import tree as t
from kpm.engine.catalogue import Feature
from kpm.engine.problem import gettext_noop as _
from kpm.engine.problem import refuse

FACTORS = ("ratio", "times", "")
ORDERED = ("number", "date")
NO_UNIT = "–"
NONE_OF = _("%(value)s is none of %(values)s.")


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
    piece = text.normal_value(value)
    if any(k.type != "number" for k in kinds):
        raise refuse("type", _("Only numbers can be calculated with: %(piece)s"), value.at, piece=piece)
    if all(k.literal for k in kinds):
        raise refuse("constant", _("Write the result of %(piece)s as one number."), value.at, piece=piece)
    return Kind("number", _product_unit(value, kinds) if value.op == "*" else _common_unit(value, kinds))


def _common_unit(value: t.Value, kinds: list[Kind]) -> str | None:
    units = {k.unit for k in kinds if k.unit is not None}
    if len(units) > 1:
        named, piece = ", ".join(sorted(unit or NO_UNIT for unit in units)), text.normal_value(value)
        raise refuse("unit", _("The units differ in %(piece)s: %(units)s."), value.at, piece=piece, units=named)
    return units.pop() if units else None


def _product_unit(value: t.Arithmetic, kinds: list[Kind]) -> str | None:
    units = [k.unit for k in kinds if k.unit is not None]
    carrying = [unit for unit in units if unit not in FACTORS]
    if len(carrying) > 1:
        raise refuse("unit", _("Multiply by a number or a ratio: %(piece)s"), value.at, piece=text.normal_value(value))
    return carrying[0] if carrying else (units[0] if units else None)


def _numbers(call: t.Call, features: Mapping[str, Feature], least: int, most: int) -> list[Kind]:
    if not least <= len(call.args) <= most:
        sentence = _("%(function)s takes %(least)s to %(most)s arguments, not %(count)s.")
        values: dict[str, Any] = {"function": call.function, "least": least, "most": most, "count": len(call.args)}
        raise refuse("arguments", sentence, call.at, **values)
    kinds = [kind(arg, features) for arg in call.args]
    if any(k.type != "number" for k in kinds):
        raise refuse("type", _("%(function)s takes numbers."), call.at, function=call.function)
    if all(k.literal for k in kinds):
        raise refuse("constant", _("%(piece)s has no feature in it."), call.at, piece=text.normal_value(call))
    return kinds


def _abs(call: t.Call, features: Mapping[str, Feature]) -> Kind:
    return _numbers(call, features, 1, 1)[0]


def _extreme(call: t.Call, features: Mapping[str, Feature]) -> Kind:
    kinds = _numbers(call, features, 2, 8)
    return Kind("number", _common_unit(call, kinds), all(k.whole for k in kinds))


def _division(call: t.Call, features: Mapping[str, Feature]) -> Kind:
    above, below = _numbers(call, features, 2, 2)
    if below.literal:
        raise refuse("safe_div", _("Divide by a feature; for a number multiply the other side."), call.at)
    if above.unit == below.unit:
        return Kind("number", "ratio")
    return Kind("number", above.unit if below.unit in FACTORS else f"{above.unit or ''}/{below.unit}")


def _coalesce(call: t.Call, features: Mapping[str, Feature]) -> Kind:
    if [type(arg) for arg in call.args] != [t.Name, t.Constant]:
        raise refuse("arguments", _("coalesce takes a feature and one literal."), call.at)
    left, right = kind(call.args[0], features), kind(call.args[1], features)
    check_types(left, right, "=")
    check_literal(left, right, call.args[1])
    return left


def _td_since(call: t.Call, features: Mapping[str, Feature]) -> Kind:
    if len(call.args) != 1 or not isinstance(call.args[0], t.Name):
        raise refuse("arguments", _("td_since takes one date feature."), call.at)
    if features[call.args[0].name].dtype != "date":
        raise refuse("type", _("td_since takes one date feature."), call.at)
    return Kind("number", "td", whole=True)


def _misplaced(call: t.Call, features: Mapping[str, Feature]) -> Kind:
    raise refuse("safe_div", _("%(function)s must be one whole side of a comparison."), call.at, function=call.function)


CALLS = {"abs": _abs, "least": _extreme, "greatest": _extreme, "coalesce": _coalesce, "td_since": _td_since}


def check_types(left: Kind, right: Kind, op: str) -> None:
    """Refuse a comparison of two types that cannot stand on the sides of `op`."""
    types = {left.type, right.type}
    if any(side.type == "text" and not side.literal for side in (left, right)):
        raise refuse("type", _("A text feature without fixed values can only be tested with IS NULL."))
    if "list" in types:
        raise refuse("type", _("A list feature is tested with list_contains(feature, 'value')."))
    if types != {"enum", "text"} and left.type != right.type:
        raise refuse("type", _advice(types), left=left.type, right=right.type)
    if op not in ("=", "<>") and left.type not in ORDERED:
        raise refuse("type", _("A %(type)s has no order; use =, <> or IN instead of %(op)s."), type=left.type, op=op)
    if left.type == "enum" and right.type == "enum" and left.values != right.values:
        raise refuse("enum", _("These two features have different lists of values."))


def _advice(types: set[str]) -> str:
    if types == {"date", "text"}:
        return _("A %(left)s cannot be compared with a %(right)s. Write a date as DATE '2026-01-31'.")
    if types == {"number", "text"}:
        return _("A %(left)s cannot be compared with a %(right)s. Write the number without quotation marks.")
    if "bool" in types:
        return _("A %(left)s cannot be compared with a %(right)s. Only a yes/no feature can stand alone.")
    return _("A %(left)s cannot be compared with a %(right)s.")


def check_literal(kind: Kind, other: Kind, value: t.Value) -> None:
    """The literal `value`, of kind `other`, must be one that a value of `kind` can have."""
    if not isinstance(value, t.Constant) or not other.literal:
        return
    if kind.type == "enum" and value.value not in kind.values:
        raise refuse("enum", NONE_OF, value.at, value=value.value, values=", ".join(kind.values))
    if kind.whole and text.number(value.value).count("."):  # type: ignore[arg-type]
        raise refuse("type", _("This counts whole numbers; %(number)s is none."), value.at, number=text.constant(value))
