"""The tables of an app in one operation of a migration.

Django renders every model that a new one points to, and all that point there, after each single operation. Where
nearly everything points to a client or a person, four fifths of the first `migrate` went there: 20 of 25 CPU seconds.
"""

from collections.abc import Iterator, Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.compiler import Trigger


class CreateModels(Operation):
    """Create models, their tables and the compiled triggers among their options; render them once, at the end."""

    reduces_to_sql = True
    serialization_expand_args = ["models"]

    def __init__(self, models: Sequence[CreateModel]) -> None:
        """They may point to each other in any order."""
        self.models = models

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Take the rendered models away meanwhile: without them nothing is rendered."""
        rendered = state.__dict__.pop("apps", None)
        for model in self.models:
            model.state_forwards(app_label, state)
        if rendered is not None:
            state.apps = rendered
            state.reload_models([(app_label, model.name_lower) for model in self.models])

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Make the tables; what they say of each other is added when all are there."""
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)
        for trigger in self._triggers():
            schema_editor.execute(trigger.install_sql, params=None)  # params: or its % would be taken for one

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop the tables, the last one first, and with them their triggers."""
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """Say what `migrate --plan` shows."""
        return f"Create {len(self.models)} models: {', '.join(model.name for model in self.models)}"

    def _triggers(self) -> Iterator[Trigger]:
        for model in self.models:
            yield from model.options.get("triggers", ())
