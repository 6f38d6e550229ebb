"""The description of the interface, and its viewer from our own server."""

import io
import re

import pytest
import yaml
from django.contrib.staticfiles import finders
from django.core.management import call_command
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db


def test_the_schema_is_valid_and_without_a_warning() -> None:
    said = io.StringIO()

    call_command("spectacular", validate=True, fail_on_warn=True, stdout=said)

    paths = yaml.safe_load(said.getvalue())["paths"]
    assert sorted(paths) == ["/api/v1/me", "/api/v1/me/holdings", "/api/v1/me/messages", "/api/v1/token"]


def test_the_schema_is_served() -> None:
    answer = APIClient().get("/api/v1/schema")

    schema = yaml.safe_load(answer.content)
    assert schema["info"]["title"] == "Wangting"
    assert set(schema["components"]["securitySchemes"]) == {"tokenAuth", "cookieAuth"}
    assert "security" not in schema["paths"]["/api/v1/token"]["post"] or schema["paths"]["/api/v1/token"]["post"][
        "security"
    ] == [{}]


def test_the_viewer_loads_everything_from_here_and_has_nothing_inline() -> None:
    answer = APIClient().get("/api/v1/schema/view")

    page = answer.content.decode()
    files = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert answer.status_code == 200
    assert len(files) == 5
    assert [file for file in files if not file.startswith("/")] == []
    static = [file.removeprefix("/static/") for file in files if file.startswith("/static/")]
    assert len(static) == 4
    assert [file for file in static if not finders.find(file)] == []
    assert re.findall(r"<style|<script(?![^>]*src=)| style=| on\w+=", page) == []


def test_its_script_names_the_schema() -> None:
    answer = APIClient().get("/api/v1/schema/view?script=")

    assert answer["Content-Type"].startswith("application/javascript")
    assert '"/api/v1/schema"' in answer.content.decode()
