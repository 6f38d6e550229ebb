"""The rows of one client for his copy, from the record and the lake, as they come: no kind is held whole in memory."""

from collections.abc import Iterable, Iterator
from dataclasses import astuple
from datetime import date, datetime
from itertools import chain
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from clients.lake import manifest as manifests
from clients.lake import paths, registry
from clients.lake.reading import open_lake, relation
from clients.org import access
from clients.org import selectors as org
from clients.register.models import Client
from portal.home import looked, portrait
from portal.home.copies.kinds import Kind

CHUNK = 5_000  # rows
TRAIT_COLUMNS = ["trait", "title", "value", "words", "confidence", "observations", "latest", "since"]
SIGN_COLUMNS = ["trait", "seen", "observations", "latest", "on_screen", "told_by_you"]
OPENING_COLUMNS = ["at", "staff_no", "roles", "branch", "what", "reason"]
Row = tuple[Any, ...]


def rows(kind: Kind, client: Client, now: datetime) -> Iterator[Row]:
    """Yield a client's rows of a kind in the order of its fields, the days that only the lake has first."""
    days = manifests.days(kind.lake) if kind.lake else []
    older = _of_lake(kind, client, days) if days else ()
    newer = _of_record(kind, client, now, days) if kind.model else ()
    for row in chain(older, newer):
        yield _masked(kind, row)


def traits(client: Client, now: datetime) -> Iterator[Row]:
    """Yield what is concluded about a client, in the order of TRAIT_COLUMNS."""
    for line in portrait.picture(client, now).lines:
        if line.known and (found := line.found):
            yield (
                found.name, str(found.title), found.value, str(found.label), found.confidence, found.observations,
                found.latest, found.since,
            )  # fmt: skip


def signs(client: Client, now: datetime) -> Iterator[Row]:
    """Yield what the conclusions rest on, in the order of SIGN_COLUMNS."""
    for line in portrait.picture(client, now).lines:
        for sign in line.found.signs if line.found else ():
            yield line.trait.name, sign.words, sign.observations, sign.latest, sign.screen, sign.told


def openings(client: Client, now: datetime) -> Iterator[Row]:
    """Yield who of our staff opened a client's data, in the order of OPENING_COLUMNS."""
    for row in org.openings_of(client.pk).iterator(CHUNK):
        yield astuple(looked.opening(row))


def _of_record(kind: Kind, client: Client, now: datetime, days: list[date]) -> Iterable[Row]:
    model = apps.get_model(kind.model)
    about = Q(**{str(model.row_access.on_client("pk")): client.pk})
    own: QuerySet[Any] = model._default_manager.filter(
        access.scope(client.user or AnonymousUser(), model, now=now), about, kind.where
    )
    if days:
        own = own.exclude(day__in=days)
    return own.order_by("pk").values_list(*kind.fields).iterator(CHUNK)


def _of_lake(kind: Kind, client: Client, days: list[date]) -> Iterator[Row]:
    columns = list(dict.fromkeys(_column(name) for name in kind.fields))
    valid = "AND replaced_at IS NULL" if "replaced_at" in (registry.columns(kind.lake) or ()) else ""
    source = relation(kind.lake, days, part=paths.bucket(client.pk))
    names = ", ".join(_shown(kind.lake, name) for name in columns)
    with open_lake() as con:
        con.execute(f"SELECT {names} FROM {source} WHERE client_id = ? {valid} ORDER BY ALL", [client.pk])
        while chunk := con.fetchmany(CHUNK):
            yield from _named(kind, [dict(zip(columns, row, strict=True)) for row in chunk])


def _column(name: str) -> str:
    """The lake's column of a field: it knows things of the record by number alone."""
    prefix, _sep, rest = name.partition("__")
    return f"{prefix}_id" if rest else name


def _shown(table: str, name: str) -> str:
    """The SQL of a column; DuckDB says moments itself, in the time zone of the lake."""
    is_moment = (registry.columns(table) or {}).get(name) == registry.MOMENT
    return f'CAST("{name}" AS VARCHAR) AS "{name}"' if is_moment else f'"{name}"'


def _named(kind: Kind, chunk: list[dict[str, Any]]) -> Iterator[Row]:
    """Give the rows of the lake the names that the record has for the numbers."""
    known = {prefix: _things(kind, prefix, chunk) for prefix in {n.split("__")[0] for n in kind.fields if "__" in n}}
    for row in chunk:
        yield tuple(_value(known, row, name) for name in kind.fields)


def _things(kind: Kind, prefix: str, chunk: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """The attributes that the fields name, of every thing of a prefix (security, product, account) in a chunk."""
    model = apps.get_model(kind.model)._meta.get_field(prefix).related_model
    names = [name.partition("__")[2] for name in kind.fields if name.startswith(f"{prefix}__")]
    numbers = {row[f"{prefix}_id"] for row in chunk}
    found = model._default_manager.filter(pk__in=numbers).values("pk", *names)
    return {one["pk"]: one for one in found}


def _value(known: dict[str, dict[int, dict[str, Any]]], row: dict[str, Any], name: str) -> Any:
    prefix, _sep, rest = name.partition("__")
    return known[prefix].get(row[f"{prefix}_id"], {}).get(rest) if rest else row[name]


def _masked(kind: Kind, row: Row) -> Row:
    if not kind.masks:
        return row
    pairs = zip(kind.fields, row, strict=True)
    return tuple(kind.masks[name](value) if value and name in kind.masks else value for name, value in pairs)
