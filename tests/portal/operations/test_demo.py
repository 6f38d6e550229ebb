"""`manage.py demo`: what it says where no branch can live."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from clients.org.models import Staff

pytestmark = pytest.mark.django_db


def test_a_database_without_tables_is_refused_with_what_to_do(
    settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR, settings.DEMO_DIR = tmp_path, tmp_path / "demo"
    monkeypatch.setattr(connection.introspection, "table_names", list)

    with pytest.raises(CommandError, match=r"has no tables yet: run manage\.py migrate first"):
        call_command("demo", "--sample")

    assert not Staff.objects.exists()
    assert list(tmp_path.iterdir()) == []
