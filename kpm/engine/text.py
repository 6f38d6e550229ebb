"""Writes the pieces of a condition as SQL text: once as normal text, once for the database.

The normal text is what people read, what is stored and what is hashed. The database text differs in three
things only: names are quoted, `td_since(f)` reads the companion column `f__td`, and a comparison with
`safe_div` becomes a multiplication, which is exact where a division of decimals would go through floats.
"""

from datetime import date
from decimal import Decimal

from kpm.engine import tree as t

FLIPPED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def number(value: Decimal) -> str:
    """Write a number in canonical decimal: no exponent, no trailing zeros, no negative zero."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def constant(literal: t.Constant) -> str:
    """Write a literal as SQL."""
    value = literal.value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return "'" + value.replace("'", "''") + "'"


def normal(tree: t.Tree) -> str:
    """Write a condition in the words its author would use."""
    return _Writer().tree(tree)


def normal_value(value: t.Value) -> str:
    """Write one value in the words its author would use."""
    return _Writer().value(value)


def database(tree: t.Tree) -> str:
    """Write a condition for DuckDB, over columns named like the features."""
    return _DatabaseWriter().tree(tree)


def database_value(value: t.Value) -> str:
    """Write one value for DuckDB; a quotient as a number to look at, NULL for a zero divisor."""
    if isinstance(value, t.Call) and value.function == "safe_div":
        above, below = (_DatabaseWriter().part(arg) for arg in value.args)
        return f"CASE WHEN {below} <> 0 THEN CAST({above} AS DOUBLE) / {below} END"
    return _DatabaseWriter().value(value)


class _Writer:
    def tree(self, tree: t.Tree) -> str:
        if isinstance(tree, t.Group):
            return f" {tree.op} ".join(self.inner(part) for part in tree.parts)
        if isinstance(tree, t.Not):
            return f"NOT ({self.tree(tree.part)})"
        if isinstance(tree, t.Surely):
            return f"({self.tree(tree.part)}) IS {'NOT ' if tree.negated else ''}TRUE"
        if isinstance(tree, t.Compare):
            return self.compare(tree)
        return self.leaf(tree)

    def inner(self, tree: t.Tree) -> str:
        text = self.tree(tree)
        return f"({text})" if isinstance(tree, t.Group) else text

    def leaf(self, leaf: t.OneOf | t.Missing | t.Holds) -> str:
        left, no = self.value(leaf.left), "NOT " if leaf.negated else ""
        if isinstance(leaf, t.Missing):
            return f"{left} IS {no}NULL"
        if isinstance(leaf, t.Holds):
            return f"{no}list_contains({left}, {constant(leaf.value)})"
        return f"{left} {no}IN ({', '.join(constant(value) for value in leaf.values)})"

    def compare(self, leaf: t.Compare) -> str:
        return f"{self.value(leaf.left)} {leaf.op} {self.value(leaf.right)}"

    def value(self, value: t.Value) -> str:
        if isinstance(value, t.Name):
            return self.name(value.name)
        if isinstance(value, t.Constant):
            return constant(value)
        if isinstance(value, t.Call):
            return self.call(value)
        return f" {value.op} ".join(self.part(arg) for arg in value.args)

    def part(self, value: t.Value) -> str:
        text = self.value(value)
        return f"({text})" if isinstance(value, t.Arithmetic) else text

    def name(self, name: str) -> str:
        return name

    def call(self, call: t.Call) -> str:
        return f"{call.function}({', '.join(self.value(arg) for arg in call.args)})"


class _DatabaseWriter(_Writer):
    def name(self, name: str) -> str:
        return f'"{name}"'

    def call(self, call: t.Call) -> str:
        if call.function == "td_since" and isinstance(call.args[0], t.Name):
            return self.name(companion(call.args[0].name))
        return super().call(call)

    def compare(self, leaf: t.Compare) -> str:
        if isinstance(leaf.left, t.Call) and leaf.left.function == "safe_div":
            return self.quotient(leaf.op, leaf.left, leaf.right)
        return f"{self.part(leaf.left)} {leaf.op} {self.part(leaf.right)}"

    def quotient(self, op: str, call: t.Call, right: t.Value) -> str:
        """a / b > t is a > t * b for positive b and a < t * b for negative b; NULL for zero."""
        above, below = self.part(call.args[0]), self.part(call.args[1])
        product = f"{self.part(right)} * {below}"
        plus, minus = f"{above} {op} {product}", f"{above} {FLIPPED[op]} {product}"
        return f"CASE WHEN {below} > 0 THEN {plus} WHEN {below} < 0 THEN {minus} END"


def companion(name: str) -> str:
    """Name the column that holds the trading days since a date feature."""
    return f"{name}__td"
