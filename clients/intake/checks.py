"""What can be wrong with a line, as SQL: the importer runs the checks set-based and counts a line once.

A line check sees one line (DuckDB, columns by name); a record check sees the staged line `s` and what the kind joins
to it (PostgreSQL); a query finds lines that are wrong only beside other lines.
"""

from dataclasses import dataclass

from clients.intake.shapes import DECIMALS, Column

# Texts longer than this are cut in messages: a reject file is read by people.
SHOWN = 60
ODD_NUMBER = "[^-0-9. ]"  # what a cast would let pass: signs in front, exponents, underscores, hexadecimal


@dataclass(frozen=True)
class Check:
    """One rule: `when` is true for a wrong line; `{}` in the message becomes the value of `shows` (SQL).

    `quick` is a cheaper condition that, with what the screen asks anyway, finds the same lines.
    """

    code: str
    column: str
    when: str
    message: str
    shows: str = "NULL"
    quick: str = ""

    def says(self, value: str | None) -> str:
        """Return the message for a person."""
        return self.message.replace("{}", (value or "")[:SHOWN])


@dataclass(frozen=True)
class Query:
    """A rule over several lines: `sql` selects (line, value to show) of the wrong ones from `intake_stage`."""

    code: str
    column: str
    sql: str
    message: str


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one line; `group` is the account and day it belongs to, where the kind has such groups."""

    line: int
    code: str
    column: str
    message: str
    group: str | None = None


def of_column(column: Column, *, personal: bool, scaled: bool) -> list[Check]:
    """Return what every column is checked for: present, of its type, one of its values, within its range."""
    shows = "NULL" if personal else f'"{column.name}__raw"'
    wrong = "This value" if personal else "'{}'"
    checks = []
    if column.required:
        missing = f'"{column.name}__raw" IS NULL'
        checks.append(Check("E_REQUIRED", column.name, missing, f"{column.name} must not be empty: {column.words}"))
    if column.choices:
        listed = ", ".join(f"'{word}'" for word in column.choices)
        when = f'"{column.name}" NOT IN ({listed})'
        checks.append(Check("E_ENUM", column.name, when, f"{wrong} is not {column.words}", shows))
    elif column.type not in "sh":
        checks.append(_of_type(column, scaled, wrong, shows))
    return [*checks, *_of_range(column, wrong, shows)]


def _of_type(column: Column, scaled: bool, wrong: str, shows: str) -> Check:
    raw = f'"{column.name}__raw"'
    quick = f'({raw} IS NOT NULL AND "{column.name}" IS NULL)'
    if column.number and not scaled:
        quick += f" OR {_too_precise(column)}"
    if column.type == "i":
        whole = f'TRY_CAST({raw} AS DECIMAL(38,8)) IS DISTINCT FROM "{column.name}"'
        quick += f" OR (contains({raw}, '.') AND {whole})"
    odd = f" OR regexp_matches({raw}, '{ODD_NUMBER}')" if strict(column, scaled) else ""
    return Check("E_TYPE", column.name, quick + odd, f"{wrong} is not {_article(column)}", shows, quick)


def strict(column: Column, scaled: bool) -> bool:
    """Whether only plain numbers pass; a scaled column comes from elsewhere and may hold floats, which are rounded."""
    return (column.number or column.type == "i") and not scaled


def _of_range(column: Column, wrong: str, shows: str) -> list[Check]:
    name, text = f'"{column.name}"', column.size and not column.number
    parts = [
        f"{name} {'<=' if column.above else '<'} {column.low}" if column.low else "",
        f"{name} > {column.high}" if column.high else "",
        f"length({name}) > {column.size}" if text else "",
    ]
    when = " OR ".join(part for part in parts if part)
    bound = f"longer than {column.size} characters" if text else f"outside its range: it must be{column.bounds}"
    return [Check("E_RANGE", column.name, when, f"{wrong} is {bound}", shows)] if when else []


def _too_precise(column: Column) -> str:
    """SQL: the number has more places than the column keeps (zeros at the end do not count)."""
    raw, name, places = f'"{column.name}__raw"', f'"{column.name}"', DECIMALS[column.type][1]
    exact = f"TRY_CAST({raw} AS DECIMAL(38,12)) IS DISTINCT FROM CAST({name} AS DECIMAL(38,12))"
    return f"(contains({raw}, '.') AND strlen({raw}) - instr({raw}, '.') > {places} AND {exact})"


def _article(column: Column) -> str:
    return {
        "d": "a date: write YYYY-MM-DD or YYYYMMDD",
        "t": "a time: write ISO 8601 such as 2026-11-20T10:02:31, without offset it is Shanghai time",
        "i": "a whole number",
        "b": "0 or 1",
        "j": "a JSON object",
        "q": "a quantity: a plain number with at most 4 decimals, without thousands marks",
        "p": "a price: a plain number with at most 4 decimals, without thousands marks",
        "m": "an amount of money: a plain number with at most 2 decimals, without thousands marks",
        "r": "a ratio: a plain number with at most 6 decimals (1.5 is 150 %)",
    }[column.type]
