"""From the parser's tree to our own pieces: only node classes named here get through.

A deny list would not do: `read_csv` parses as an ordinary node of its own. A class that is not named, or a
named class with an argument that is not, is refused. What reaches the database later is written anew from
our own pieces, never the author's text.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from sqlglot import exp

from kpm.engine import tree as t
from kpm.engine.problem import ConditionError, Problem, refuse
from kpm.engine.problem import gettext_noop as _

FUNCTIONS = ("abs", "coalesce", "greatest", "least", "list_contains", "safe_div", "td_since")
DEEPEST = 48
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LIST_CONTAINS = _("list_contains takes a list feature and a literal.")
_PAIR = {"this", "expression"}
ALLOWED: dict[type[exp.Expr], set[str]] = {
    exp.And: _PAIR,
    exp.Or: _PAIR,
    exp.Not: {"this"},
    exp.Paren: {"this"},
    exp.EQ: _PAIR,
    exp.NEQ: _PAIR,
    exp.LT: _PAIR,
    exp.LTE: _PAIR,
    exp.GT: _PAIR,
    exp.GTE: _PAIR,
    exp.Between: {"this", "low", "high"},
    exp.In: {"this", "expressions"},
    exp.Is: _PAIR,
    exp.Add: _PAIR,
    exp.Sub: _PAIR,
    exp.Mul: _PAIR,
    exp.Neg: {"this"},
    exp.Abs: {"this"},
    exp.Coalesce: {"this", "expressions"},
    exp.Least: {"this", "expressions", "ignore_nulls"},
    exp.Greatest: {"this", "expressions", "ignore_nulls"},
    exp.ArrayContains: _PAIR,
    exp.Anonymous: {"this", "expressions"},
    exp.Column: {"this"},
    exp.Identifier: {"this"},
    exp.Literal: {"this", "is_string"},
    exp.Boolean: {"this"},
    exp.Null: set(),
    exp.Cast: {"this", "to", "_type"},
    exp.DataType: {"this"},
}
COMPARISONS: dict[type[exp.Expr], str] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=",
}  # fmt: skip
SIGNS: dict[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}
FUNCTION_NODES = (exp.Abs, exp.Coalesce, exp.Least, exp.Greatest, exp.ArrayContains, exp.Anonymous)
CALLS: dict[type[exp.Expr], str] = {
    exp.Abs: "abs", exp.Coalesce: "coalesce", exp.Least: "least", exp.Greatest: "greatest",
}  # fmt: skip


def convert(root: exp.Expr, text: str) -> t.Tree:
    """Turn a parsed tree into our own pieces; ConditionError names what is not allowed in it."""
    try:
        problems = [problem for node in root.walk() for problem in _node_problems(node, text)]
        tree = None if problems else _condition(root, 0)
    except RecursionError:
        raise refuse("too_deep", _("The condition is nested too deeply to be read.")) from None
    if tree is None:
        raise ConditionError(problems)
    return tree


def _node_problems(node: exp.Expr, text: str) -> Iterator[Problem]:
    allowed = ALLOWED.get(type(node))
    if allowed is None:
        yield _not_allowed(node, type(node).__name__)
        return
    extra = [key for key, value in node.args.items() if value and key not in allowed]
    if extra or node.comments:
        yield _not_allowed(node, ", ".join(extra) or "a comment")
    if isinstance(node, FUNCTION_NODES):
        yield from _function_problems(node, text)


def _function_problems(node: exp.Expr, text: str) -> Iterator[Problem]:
    """The word as written decides: sqlglot knows several names for one function, we allow one each."""
    start, end = node.meta.get("start", 0), node.meta.get("end", -1)
    word = text[start : end + 1].lower()
    if word not in FUNCTIONS:
        sentence = _("%(name)s is not an allowed function; allowed are %(functions)s.")
        values = {"name": word or node.key, "functions": ", ".join(FUNCTIONS)}
        yield Problem("function", sentence, start, word, values=values)


def _not_allowed(node: exp.Expr, what: str) -> Problem:
    piece = _source(node)
    values = {"what": what, "piece": piece}
    return Problem("not_allowed", _("%(what)s is not allowed: %(piece)s"), position(node), piece, values=values)


def _source(node: exp.Expr) -> str:
    return node.sql(dialect="duckdb", comments=False)[:80]


def position(node: exp.Expr) -> int | None:
    """Give the offset of the first thing in the node that remembers where it was written."""
    starts = [inner.meta["start"] for inner in node.walk() if "start" in inner.meta]
    return min(starts, default=None)


def _condition(node: exp.Expr, depth: int) -> t.Tree:
    _check_depth(node, depth)
    at = position(node)
    if isinstance(node, exp.Paren):
        return _condition(node.this, depth + 1)
    if isinstance(node, (exp.And, exp.Or)):
        joined = tuple(_condition(part, depth + 1) for part in node.flatten(unnest=False))
        return t.Group("AND" if isinstance(node, exp.And) else "OR", joined, at)
    if isinstance(node, exp.Not):
        return t.Not(_condition(node.this, depth + 1), at)
    return _leaf(node, depth)


def _leaf(node: exp.Expr, depth: int) -> t.Tree:
    make = LEAVES.get(type(node))
    if make is not None:
        return make(node, depth)
    if type(node) in COMPARISONS:
        left, right = _value(node.this, depth), _value(node.expression, depth)
        return t.Compare(COMPARISONS[type(node)], left, right, position(node))
    return t.Compare("=", _value(node, depth), t.Constant("bool", True), position(node))


def _between(node: exp.Expr, depth: int) -> t.Tree:
    left, low, high = (_value(node.args[key], depth) for key in ("this", "low", "high"))
    at = position(node)
    return t.Group("AND", (t.Compare(">=", left, low, at), t.Compare("<=", left, high, at)), at)


def _in(node: exp.Expr, depth: int) -> t.Tree:
    values = [_value(item, depth) for item in node.args.get("expressions") or []]
    constants = tuple(value for value in values if isinstance(value, t.Constant))
    if not constants or len(constants) != len(values):
        raise refuse("in_list", _("IN takes a list of literals, for example IN (1, 2)."), position(node), _source(node))
    return t.OneOf(_value(node.this, depth), constants, at=position(node))


def _is(node: exp.Expr, depth: int) -> t.Tree:
    at, right = position(node), node.expression
    if isinstance(right, exp.Null):
        left = _value(node.this, depth)
        if not isinstance(left, t.Name):
            raise refuse("is_null", _("IS NULL asks about one feature, not an expression."), at, _source(node))
        return t.Missing(left, at=at)
    if not (isinstance(right, exp.Boolean) and right.this):
        raise refuse("is", _("Only IS [NOT] NULL and IS [NOT] TRUE are allowed."), at, _source(node))
    return t.Surely(_condition(node.this, depth + 1), at=at)


def _list_contains(node: exp.Expr, depth: int) -> t.Tree:
    left, right = _value(node.this, depth), _value(node.expression, depth)
    if not isinstance(left, t.Name) or not isinstance(right, t.Constant):
        raise refuse("list_contains", LIST_CONTAINS, position(node), _source(node))
    return t.Holds(left, right, at=position(node))


LEAVES: dict[type[exp.Expr], Callable[[exp.Expr, int], t.Tree]] = {
    exp.Between: _between,
    exp.In: _in,
    exp.Is: _is,
    exp.ArrayContains: _list_contains,
}


def _value(node: exp.Expr, depth: int) -> t.Value:
    _check_depth(node, depth)
    at = position(node)
    if isinstance(node, exp.Paren):
        return _value(node.this, depth + 1)
    if isinstance(node, exp.Column):
        return _name(node)
    if type(node) in SIGNS:
        both = (_value(node.this, depth + 1), _value(node.expression, depth + 1))
        return t.Arithmetic(SIGNS[type(node)], both, at)
    if isinstance(node, exp.Neg):
        return _negative(_value(node.this, depth + 1), at)
    if type(node) in CALLS or isinstance(node, exp.Anonymous):
        return _call(node, depth)
    return _constant(node)


def _name(node: exp.Expr) -> t.Name:
    identifier = node.this
    if not isinstance(identifier, exp.Identifier) or identifier.args.get("quoted"):
        raise refuse("quoted_name", _("Write the feature name plainly: %(piece)s"), position(node), piece=_source(node))
    return t.Name(identifier.name.lower(), position(node))


def _negative(value: t.Value, at: int | None) -> t.Value:
    if isinstance(value, t.Constant) and isinstance(value.value, Decimal):
        return t.Constant("number", -value.value, at)
    return t.Arithmetic("*", (t.Constant("number", Decimal(-1)), value), at)


def _call(node: exp.Expr, depth: int) -> t.Value:
    anonymous = isinstance(node, exp.Anonymous)
    inner = list(node.expressions) if anonymous else [node.this, *node.expressions]
    name = str(node.this).lower() if anonymous else CALLS[type(node)]
    if name == "list_contains":
        raise refuse("list_contains", LIST_CONTAINS, position(node))
    return t.Call(name, tuple(_value(arg, depth + 1) for arg in inner), position(node))


def _constant(node: exp.Expr) -> t.Constant:
    at = position(node)
    if isinstance(node, exp.Boolean):
        return t.Constant("bool", bool(node.this), at)
    if isinstance(node, exp.Literal):
        return t.Constant("text", node.this, at) if node.is_string else t.Constant("number", Decimal(node.this), at)
    if isinstance(node, exp.Cast):
        return t.Constant("date", _day(node), at)
    if isinstance(node, exp.Null):
        raise refuse("null", _("Nothing equals NULL; write IS NULL or IS NOT NULL."), at)
    raise refuse("not_a_value", _("A condition cannot stand for a value: %(piece)s"), at, piece=_source(node))


def _day(node: exp.Expr) -> date:
    """A Cast comes this far only as DATE 'yyyy-mm-dd': the word CAST and the sign :: do not parse."""
    literal, kind = node.this, node.args["to"]
    plain = isinstance(literal, exp.Literal) and literal.is_string and DAY.fullmatch(literal.this)
    if not plain or kind.this != exp.DataType.Type.DATE:
        raise refuse("date", _("Write a date as DATE '2026-01-31'."), position(node), _source(node))
    try:
        return date.fromisoformat(literal.this)
    except ValueError:
        raise refuse("date", _("There is no day %(day)s."), position(node), day=literal.this) from None


def _check_depth(node: exp.Expr, depth: int) -> None:
    if depth > DEEPEST:
        raise refuse("too_deep", _("The condition is nested too deeply to be read."), position(node))
