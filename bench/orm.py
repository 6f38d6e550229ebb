"""The peer of matching: the same conditions over the same features in PostgreSQL, one query of Django's ORM each.

The features that the conditions read lie in one table with a row per client, copied there before anything is measured.
A query is built from the checked condition and fetches the numbers of the clients for whom it is TRUE.
"""

import tempfile
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add, mul, sub
from pathlib import Path
from typing import Any

import duckdb
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import ExpressionWrapper, F, Func, Q, Value
from django.db.models.functions import Abs, Coalesce, Greatest, Least, NullIf
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    In,
    IsNull,
    LessThan,
    LessThanOrEqual,
)

from clients.lake import paths
from kpm.engine import tree as t
from kpm.engine.catalogue import Feature
from kpm.engine.clean import companions, projection
from kpm.engine.match import Member, Source
from kpm.engine.text import companion

TABLE = "bench_features"
NUMBER = models.DecimalField(max_digits=20, decimal_places=6)
OPS: dict[str, Any] = {
    "=": Exact, "<": LessThan, "<=": LessThanOrEqual, ">": GreaterThan, ">=": GreaterThanOrEqual,
}  # fmt: skip
SIGNS = {"+": add, "-": sub, "*": mul}
FUNCTIONS: dict[str, Any] = {"abs": Abs, "coalesce": Coalesce, "least": Least, "greatest": Greatest}
FIELDS = {
    "bool": models.BooleanField, "int": models.BigIntegerField, "date": models.DateField, "text": models.TextField,
    "enum": models.TextField,
}  # fmt: skip


class IsTrue(Func):
    """A condition that is never unknown."""

    output_field = models.BooleanField()

    def __init__(self, condition: Any, *, negated: bool) -> None:
        super().__init__(condition, template=f"((%(expressions)s) IS {'NOT ' if negated else ''}TRUE)")
        self.conditional = True


class Holds(Func):
    """Whether an array has an element; unknown without an array."""

    output_field = models.BooleanField()
    conditional = True
    template = "(%(expressions)s)"
    arg_joiner = " = ANY "


def columns(members: Iterable[Member]) -> dict[str, Feature]:
    """Return the features that populations and conditions read, by name."""
    return {name: one for member in members for part in member.conditions for name, one in part.features.items()}


def fill(con: duckdb.DuckDBPyConnection, relation: str, members: Sequence[Member]) -> type[models.Model]:
    """This will make the table of the features of `members` in PostgreSQL and copy `relation` into it; its model."""
    features, types = columns(members), Source(con, relation).types()
    dated = sorted(name for name in companions(features) if name in types)
    model = _model(features, dated)
    with connection.schema_editor() as editor:
        editor.create_model(model)
    items = ['"client_id"', *projection(features, types), *(f'TRY_CAST("{name}" AS BIGINT)' for name in dated)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "features.csv"
        listed = f"SELECT {', '.join(map(_braced(features), items))} FROM {relation}"
        con.execute(f"COPY ({listed}) TO {paths.quoted(file)} (HEADER false, NULLSTR '\\N')")
        with connection.cursor() as cursor, file.open(encoding="utf-8") as rows:
            cursor.copy_expert(f"COPY {TABLE} FROM STDIN WITH (FORMAT csv, NULL '\\N')", rows)
            cursor.execute(f"ANALYZE {TABLE}")
    return model


def matched(model: Any, member: Member) -> list[int]:
    """Return the clients of a version by one query."""
    rows = model.objects.filter(*(expression(condition.tree) for condition in member.conditions))
    return list(rows.values_list("client_id", flat=True))


def expression(tree: t.Tree) -> Any:
    """Write a checked condition as an expression of the ORM; what is unknown in the one is unknown in the other."""
    if isinstance(tree, t.Group):
        parts = [Q(expression(part)) for part in tree.parts]
        return reduce(lambda one, other: one & other if tree.op == "AND" else one | other, parts)
    if isinstance(tree, t.Surely):
        return IsTrue(expression(tree.part), negated=tree.negated)
    if isinstance(tree, t.Not):
        return ~Q(expression(tree.part))
    return _leaf(tree)


def _leaf(leaf: t.PlainLeaf) -> Any:
    left = _value(leaf.left)
    if isinstance(leaf, t.Missing):
        return IsNull(left, not leaf.negated)
    if isinstance(leaf, t.Compare):
        return ~Q(Exact(left, _value(leaf.right))) if leaf.op == "<>" else OPS[leaf.op](left, _value(leaf.right))
    found = (
        Holds(_value(leaf.value), left) if isinstance(leaf, t.Holds) else In(left, [one.value for one in leaf.values])
    )
    return ~Q(found) if leaf.negated else found


def _value(value: t.Value) -> Any:
    if isinstance(value, t.Name):
        return F(value.name)
    if isinstance(value, t.Constant):
        return Value(value.value, output_field=NUMBER if value.kind == "number" else None)
    args = [_value(arg) for arg in value.args]
    if isinstance(value, t.Arithmetic):
        return ExpressionWrapper(reduce(SIGNS[value.op], args), NUMBER)
    if value.function == "td_since":
        return F(companion(value.args[0].name))  # type: ignore[union-attr]
    if value.function == "safe_div":
        return ExpressionWrapper(args[0] / NullIf(args[1], Value(0, output_field=NUMBER)), NUMBER)
    texts = any(isinstance(arg, t.Constant) and arg.kind != "number" for arg in value.args)
    return FUNCTIONS[value.function](*args, **({} if texts else {"output_field": NUMBER}))


def _braced(features: dict[str, Feature]) -> Any:
    """Lists leave DuckDB as JSON; PostgreSQL wants braces."""
    lists = {name for name, feature in features.items() if feature.dtype == "list"}

    def written(item: str) -> str:
        name = item.rsplit('"', 2)[-2] if '"' in item else item
        return f"'{{' || array_to_string({item.rsplit(' AS ', 1)[0]}, ',') || '}}'" if name in lists else item

    return written


def _model(features: dict[str, Feature], dated: Iterable[str]) -> type[models.Model]:
    fields: dict[str, Any] = {"client_id": models.BigIntegerField(primary_key=True)}
    fields |= {name: _field(feature) for name, feature in features.items()}
    fields |= {name: models.BigIntegerField(null=True) for name in dated}
    meta = type("Meta", (), {"app_label": "bench", "db_table": TABLE, "managed": False})
    return type("BenchFeatures", (models.Model,), {**fields, "Meta": meta, "__module__": __name__})


def _field(feature: Feature) -> Any:
    if feature.dtype == "decimal":
        return models.DecimalField(max_digits=20, decimal_places=6, null=True)
    if feature.dtype == "list":
        return ArrayField(models.TextField(), null=True)
    return FIELDS[feature.dtype](null=True)
