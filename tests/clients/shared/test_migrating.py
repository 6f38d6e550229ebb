"""Models of an app made in one operation: their tables, what they say of each other, and their triggers."""

import pytest
from django.db import InternalError, connection, models, transaction
from django.db.migrations.operations import CreateModel
from django.db.migrations.state import ProjectState
from pgtrigger import Delete, Protect

from clients.shared.migrating import CreateModels

pytestmark = pytest.mark.django_db
ID = ("id", models.BigAutoField(primary_key=True))
LABEL = "shared"


def link(to: str) -> models.ForeignKey:
    return models.ForeignKey(f"{LABEL}.{to}", models.PROTECT, null=True, related_name="+")


def operation() -> CreateModels:
    """A hen and an egg that point to each other; no egg is deleted."""
    hen = CreateModel("Hen", [ID, ("first", link("Egg"))])
    egg = CreateModel("Egg", [ID, ("hen", link("Hen"))])
    state = ProjectState()
    CreateModels([hen, egg]).state_forwards(LABEL, state)
    trigger = Protect(name="kept", operation=Delete).compile(state.apps.get_model(LABEL, "Egg"))
    egg.options["triggers"] = [trigger]
    return CreateModels([hen, egg])


def forwards(made: CreateModels) -> tuple[ProjectState, ProjectState]:
    before, after = ProjectState(), ProjectState()
    assert not after.apps.all_models[LABEL]  # rendered, as when a migration runs
    made.state_forwards(LABEL, after)
    with connection.schema_editor() as editor:
        made.database_forwards(LABEL, editor, before, after)
    return before, after


def tables() -> set[str]:
    return {name for name in connection.introspection.table_names() if name in ("shared_hen", "shared_egg")}


def test_models_that_point_to_each_other_are_made_with_their_triggers() -> None:
    _before, after = forwards(operation())

    hen, egg = (after.apps.get_model(LABEL, name) for name in ("Hen", "Egg"))
    laid = egg.objects.create(hen=hen.objects.create())
    with pytest.raises(InternalError, match="Cannot delete rows"), transaction.atomic():
        laid.delete()
    assert (hen.objects.count(), egg.objects.count()) == (1, 1)
    assert egg._meta.get_field("hen").remote_field.model is hen
    assert hen._meta.get_field("first").remote_field.model is egg


def test_backwards_leaves_nothing() -> None:
    made = operation()
    before, after = forwards(made)
    there = tables()

    with connection.schema_editor() as editor:
        made.database_backwards(LABEL, editor, after, before)

    assert there == {"shared_hen", "shared_egg"}
    assert tables() == set()


def test_the_plan_names_the_models() -> None:
    assert operation().describe() == "Create 2 models: Hen, Egg"
