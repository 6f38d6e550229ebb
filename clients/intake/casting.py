"""The SQL (DuckDB) that turns one cleaned piece into typed columns, each beside the text it was read from.

The relation `typed` has `line`, `fault`, and for every column of the kind `name` (its type) and `name__raw` (text).
"""

from pathlib import Path

from clients.intake.cleaning import RS, US
from clients.intake.fitting import Fit
from clients.intake.shapes import DECIMALS, Column


def typed(fit: Fit, piece: Path) -> str:
    """Return the WITH clause that defines `typed` over the lines of `piece`."""
    raw = ", ".join(f'{_raw(fit, column)} AS "{column.name}__raw"' for column in fit.kind.columns)
    cast = ", ".join(f'{_cast(fit, column)} AS "{column.name}"' for column in fit.kind.columns)
    source = _objects(fit, piece) if fit.objects else f"SELECT *, NULL AS fault FROM {_table(piece, _fields(fit))}"
    return (
        f"WITH source AS ({source}), raw AS (SELECT line, fault, {raw} FROM source), "
        f"typed AS (SELECT *, {cast} FROM raw)"
    )


def quoted(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _fields(fit: Fit) -> list[str]:
    return [f"f{i}" for i in range(len(fit.theirs))]


def _table(piece: Path, names: list[str]) -> str:
    columns = ", ".join(["'line': 'BIGINT'", *(f"'{name}': 'VARCHAR'" for name in names)])
    form = f"delim = '{US}', quote = '', escape = '', header = false, auto_detect = false, nullstr = ''"
    return f"read_csv({quoted(str(piece))}, columns = {{{columns}}}, {form})"


def _objects(fit: Fit, piece: Path) -> str:
    """Take the objects apart; only what is an object is passed on, since JSON functions raise on anything else."""
    known = ", ".join(quoted(name) for name in [*fit.theirs, *fit.options.skipped])
    unknown = f"list_filter(json_keys(whole), lambda key: key NOT IN ({known}))"
    structure = "{" + ", ".join(f'"{name}": "VARCHAR"' for name in fit.theirs) + "}"
    valid = f"SELECT line, CASE WHEN json_valid(text) THEN text END AS text FROM {_table(piece, ['text'])}"
    whole = f"SELECT line, CASE WHEN json_type(text) = 'OBJECT' THEN text END AS whole FROM ({valid})"
    return (
        "SELECT line, CASE WHEN whole IS NULL THEN 'the line is not a JSON object' "
        f"WHEN len({unknown}) > 0 THEN 'unknown column ' || array_to_string({unknown}, ', ') END AS fault, "
        f"json_transform(whole, {quoted(structure)}) AS object FROM ({whole})"
    )


def _raw(fit: Fit, column: Column) -> str:
    """The text of a column as the file has it, without blanks around it; NULL when empty."""
    if (given := fit.options.given.get(column.name)) is not None:
        return f"NULLIF(trim({quoted(given)}), '')"
    theirs = fit.ours.get(column.name)
    if theirs is None:
        return "CAST(NULL AS VARCHAR)"
    text = f'object."{theirs}"' if fit.objects else f"f{fit.theirs.index(theirs)}"
    return text if column.number and not fit.objects else f"NULLIF(trim({text}), '')"


def _cast(fit: Fit, column: Column) -> str:
    raw = f'"{column.name}__raw"'
    if column.number:
        factor = fit.options.scaled.get(column.name)
        value = raw if factor is None else f"TRY_CAST({raw} AS DECIMAL(28,8)) * {factor:f}"
        return f"TRY_CAST({value} AS DECIMAL({column.digits},{DECIMALS[column.type][1]}))"
    return {
        "d": f"CASE WHEN strlen({raw}) = 8 THEN CAST(try_strptime({raw}, '%Y%m%d') AS DATE) "
        f"WHEN {raw} LIKE '____-__-__' THEN TRY_CAST({raw} AS DATE) END",
        "t": f"CASE WHEN strlen({raw}) >= 16 THEN TRY_CAST({raw} AS TIMESTAMPTZ) END",
        "i": f"TRY_CAST({raw} AS BIGINT)",
        "b": f"CASE WHEN {raw} IN ('1', 'true') THEN true WHEN {raw} IN ('0', 'false') THEN false END",
        "h": f"replace({raw}, '{RS}', chr(10))",
        "j": f"CASE WHEN json_valid({raw}) THEN {raw} END",
    }.get(column.type, raw)
