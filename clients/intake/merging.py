"""How good lines become rows, set-based: facts that never change, state that changes by key, days replaced whole.

Columns are named as model fields; an expression is SQL over the staged line `s` and the kind's joins. A field whose
name is a column of the file needs no expression. What a file does not speak about stays as it is in the record.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Field, Model
from django.db.models.fields import NOT_PROVIDED
from psycopg2.extensions import adapt

from clients.intake.checks import Check
from clients.intake.registry import Merge

CHANGED = """
DROP TABLE IF EXISTS pg_temp.intake_changed;
CREATE TEMPORARY TABLE intake_changed (line bigint)
"""
CONFLICT = "a line with this key and other content is in the record; a fact never changes: send a reversal instead"


class Rows:
    """Names and expressions of one table's columns, as SQL."""

    def __init__(
        self,
        model: type[Model],
        *,
        key: Mapping[str, str],
        same: str = "",
        other: Mapping[str, str] | None = None,
        carried: Mapping[str, str] | None = None,
        needs: Mapping[str, str] | None = None,
    ) -> None:
        """`same`: names, with blanks between, of columns with the field's name; `carried`: written, never compared.

        `needs` names the column of the file that an expression of `other` rests on.
        """
        self.model, self.table = model, model._meta.db_table
        self.key = {self._name(field): expression for field, expression in key.items()}
        asked = {field: field for field in same.split()} | dict(needs or {})
        self.optional = {self._name(field): column for field, column in asked.items()}
        self.values = {self._name(field): self._filled(field, f's."{field}"') for field in same.split()}
        self.values |= {self._name(field): self._filled(field, text) for field, text in (other or {}).items()}
        self.carried = {self._name(field): text for field, text in (carried or {}).items()}

    @property
    def all(self) -> dict[str, str]:
        """Every column that is written, with its expression."""
        return {**self.key, **self.values, **self.carried}

    def present(self, columns: frozenset[str]) -> list[str]:
        """The compared columns that the file speaks about."""
        return [name for name in self.values if self.optional.get(name, "") in columns or name not in self.optional]

    def same_key(self, left: str, right: str) -> str:
        """SQL: two relations agree in the key."""
        return " AND ".join(f"{left}.{name} = {right}.{name}" for name in self.key)

    def defaults(self, written: Mapping[str, str]) -> dict[str, str]:
        """What a new row needs in columns that are not written: the model's defaults."""
        missing = [field for field in self.model._meta.concrete_fields if field.column not in written]
        return {str(field.column): text for field in missing if (text := _default(field)) is not None}

    def _name(self, field: str) -> str:
        return str(self.model._meta.get_field(field).column)  # type: ignore[union-attr]

    def _filled(self, field: str, expression: str) -> str:
        """An unknown text is empty in the record, an unknown flag is what the model says."""
        found: Any = self.model._meta.get_field(field)
        default = _default(found) or ("''" if found.get_internal_type() in ("CharField", "TextField") else None)
        return expression if found.null or default is None else f"coalesce({expression}, {default})"


class Facts(Rows):
    """Rows that never change: a known key with other content is a conflict, with the same content unchanged."""

    def join(self, extra: str = "") -> str:
        """SQL that joins the row already in the record as `t`; `extra` narrows it, e.g. to the days of the file."""
        on = " AND ".join(f"t.{name} = {expression}" for name, expression in self.key.items())
        return f"LEFT JOIN {self.table} t ON {on}{' AND ' + extra if extra else ''}"

    def conflict(self) -> Check:
        """The check for a known key with other content; columns the file does not have are not compared."""
        differs = " OR ".join(self._differs(name, expression) for name, expression in self.values.items())
        return Check("E_CONFLICT", "", f"t.id IS NOT NULL AND ({differs})", CONFLICT)

    def write(self, merge: Merge, joins: str) -> int:
        """Insert what is not there yet."""
        columns = {**self.all, **self.defaults(self.all)}
        return merge.run(
            f"INSERT INTO {self.table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} "
            f"FROM intake_good s {joins} WHERE t.id IS NULL"
        )

    def _differs(self, name: str, expression: str) -> str:
        asked = f":has_{self.optional[name]} AND " if name in self.optional else ""
        return f"({asked}t.{name} IS DISTINCT FROM {expression})"


class State(Rows):
    """Rows that change by key; their history is kept by triggers.

    A column that the file does not have is filled in a new row (it may be derived) and left alone in a known one.
    """

    def write(self, merge: Merge, lines: str) -> None:
        """Insert and update from `lines` (SQL after FROM, over `s`) and note the lines that changed something.

        MERGE, not ON CONFLICT: that would use up an id for every unchanged row, and ids decide buckets of the lake.
        """
        names = self.present(merge.columns)
        selected = ", ".join(f"{text} AS {name}" for name, text in self.all.items())
        source = f"(SELECT s.line, {selected} FROM {lines})"
        differs = f"ROW({_of('t', names)}) IS DISTINCT FROM ROW({_of('x', names)})" if names else "false"
        on = self.same_key("t", "x")
        merge.run(
            f"INSERT INTO intake_changed SELECT x.line FROM {source} x LEFT JOIN {self.table} t ON {on} "
            f"WHERE t.{self.model._meta.pk.column} IS NULL OR {differs}"
        )
        merge.run(self._merge(source, on, names, differs))

    def _merge(self, source: str, on: str, names: Sequence[str], differs: str) -> str:
        stamps = {field.column for field in self.model._meta.concrete_fields if getattr(field, "auto_now", False)}
        changes = [f"{name} = x.{name}" for name in [*names, *self.carried]] + [f"{name} = :now" for name in stamps]
        new = {name: f"x.{name}" for name in self.all} | self.defaults(self.all)
        update = f"WHEN MATCHED AND {differs} THEN UPDATE SET {', '.join(changes)} " if names else ""
        return (
            f"MERGE INTO {self.table} t USING {source} x ON {on} {update}"
            f"WHEN NOT MATCHED THEN INSERT ({', '.join(new)}) VALUES ({', '.join(new.values())})"
        )


class Days(Rows):
    """Daily state: the rows of an account's day are replaced whole by those of the file."""

    def write(self, merge: Merge, joins: str, groups: str, where: str = "true") -> int:
        """Replace the days that `groups` (SQL: day, account_id) names; return how many lines brought a new row."""
        columns = {**self.all, **self.defaults(self.all)}
        selected = ", ".join(f"{text} AS {name}" for name, text in columns.items())
        merge.run("DROP TABLE IF EXISTS pg_temp.intake_day")
        merge.run(f"CREATE TEMPORARY TABLE intake_day AS SELECT {selected} FROM intake_good s {joins} WHERE {where}")
        names = list(self.values)
        merge.run(
            f"DELETE FROM {self.table} t USING (SELECT DISTINCT day, account_id FROM {groups}) g "
            f"WHERE t.day = g.day AND t.account_id = g.account_id AND NOT EXISTS (SELECT FROM intake_day x "
            f"WHERE {self.same_key('t', 'x')} AND ROW({_of('t', names)}) IS NOT DISTINCT FROM ROW({_of('x', names)}))"
        )
        return merge.run(
            f"INSERT INTO {self.table} ({', '.join(columns)}) SELECT {_of('x', columns)} FROM intake_day x "
            f"WHERE NOT EXISTS (SELECT FROM {self.table} t WHERE {self.same_key('t', 'x')})"
        )


def begin_changes(merge: Merge) -> None:
    """Forget which lines changed something; several tables may then add theirs."""
    merge.run(CHANGED)


def changed_lines(merge: Merge) -> int:
    """Return how many lines changed something in any table."""
    return int(merge.rows("SELECT count(DISTINCT line) FROM intake_changed")[0][0])


def _of(relation: str, names: Any) -> str:
    return ", ".join(f"{relation}.{name}" for name in names)


def _default(field: Field) -> str | None:
    """The model's default as SQL; None where the database fills the column by itself or it may stay unknown."""
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return ":now"
    if field.primary_key or field.null or field.db_default is not NOT_PROVIDED:
        return None
    value = field.get_default()
    if value == []:
        return "'{}'"
    return None if value is None else str(adapt(value))
