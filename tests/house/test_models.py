"""What every table says of itself: where its keys point, and who may see its rows."""

import configparser
from functools import lru_cache

from django.apps import apps
from django.db.models import Field, Model

from clients.shared.rowaccess import RowAccess
from tests.house.sources import FLOORS, ROOT

# Tables whose rows are neither about a client nor configuration; only compliance reads them.
NEITHER = {"org.AccessLog"}


@lru_cache(maxsize=1)
def heights() -> dict[str, tuple[int, int]]:
    """Where an app stands, by import path: (floor, layer on the floor), higher is higher. From .importlinter itself."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    found = {}
    for height, floor in enumerate(FLOORS):
        layers = [line for line in contracts[f"importlinter:contract:{floor}"]["layers"].splitlines() if line.strip()]
        for layer, line in enumerate(reversed(layers)):
            found.update({f"{floor}.{name.strip()}": (height, layer) for name in line.split("|")})
    return found


def app_of(model: type[Model]) -> str:
    return apps.get_app_config(model._meta.app_label).name


def is_ours(model: type[Model]) -> bool:
    return app_of(model) in heights()


def keys() -> list[tuple[type[Model], Field, type[Model]]]:
    """Every key between two tables of the house."""
    return [
        (model, field, field.related_model)
        for model in filter(is_ours, apps.get_models(include_auto_created=True))
        for field in [*model._meta.fields, *model._meta.many_to_many]
        if field.is_relation and is_ours(field.related_model)
    ]


def test_no_key_points_upward_or_sideways() -> None:
    wrong = [
        f"{model._meta.label}.{field.name} to {target._meta.label}"
        for model, field, target in keys()
        if app_of(model) != app_of(target) and heights()[app_of(target)] >= heights()[app_of(model)]
    ]

    assert len(keys()) > 60
    assert wrong == []


def test_no_floor_hears_of_the_rows_above_it_by_a_reverse_name() -> None:
    leaking = [
        f"{model._meta.label}.{field.name} as {target._meta.label}.{field.remote_field.related_name}"
        for model, field, target in keys()
        if heights()[app_of(model)][0] != heights()[app_of(target)][0] and not field.remote_field.hidden
    ]

    assert leaking == []


def test_every_table_says_who_may_see_its_rows() -> None:
    """Without the declaration nobody sees a row; a table of ours that forgot it would be an empty page."""
    silent = [
        model._meta.label
        for model in filter(is_ours, apps.get_models())
        if not isinstance(getattr(model, "row_access", None), RowAccess) and not hasattr(model, "pgh_obj")
    ]

    assert silent == []


def test_a_table_is_about_clients_or_branches_or_is_configuration() -> None:
    unclear = {
        model._meta.label
        for model in filter(is_ours, apps.get_models())
        if (access := getattr(model, "row_access", None))
        and not (access.configuration or access.branch or access.on_client("pk"))
    }

    assert unclear == NEITHER


def test_what_a_table_says_of_its_rows_exists() -> None:
    """Every lookup is followed to its end: a typing error would show rows to nobody, or to everybody."""
    for model in filter(is_ours, apps.get_models()):
        access = getattr(model, "row_access", None)
        for lookup in filter(None, (access.client, access.branch, access.assignee, access.worker) if access else ()):
            model.objects.filter(**{f"{lookup}__isnull": True}).query  # noqa: B018
        if access and access.pool:
            model._meta.get_field(access.pool)
