"""What holds for every page: nothing inline, one set of tokens, every icon there, errors without a database."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import RequestFactory, override_settings

from clients.shared import icons, views
from tests import factories

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
INLINE = {
    "style attribute": re.compile(r"\sstyle\s*="),
    "style element": re.compile(r"<style\b"),
    "script in the page": re.compile(r"<script(?![^>]*\bsrc=)"),
    "event handler": re.compile(r"\son[a-z]+\s*="),
    "javascript address": re.compile(r"javascript:"),
    "foreign address": re.compile(r"(src|href)=\"(https?:)?//"),
}
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b")
# Things that stand on their own ground in both themes: the mark, the rail, the door.
OWN_GROUND = {"#ffffff", "#1d4480", "#163564", "#2a4d84", "#e0b155", "#6f93c9", "#d5e0f0"}


@pytest.mark.parametrize("what", INLINE)
def test_no_template_holds_anything_inline(what):
    found = [str(path.relative_to(ROOT)) for path in TEMPLATES if INLINE[what].search(path.read_text(encoding="utf-8"))]

    assert found == []


def test_no_script_writes_style_or_markup():
    forbidden = re.compile(r"\.style\b|innerHTML|outerHTML|insertAdjacentHTML|eval\(|new Function")

    assert [path.name for path in SCRIPTS if forbidden.search(path.read_text(encoding="utf-8"))] == []
    assert len(SCRIPTS) >= 2


def test_colours_are_named_in_the_tokens_only():
    found = {
        (path.name, colour)
        for path in (ROOT / "static" / "css").glob("*.css")
        if path.name != "tokens.css"
        for colour in COLOUR.findall(path.read_text(encoding="utf-8"))
        if colour not in OWN_GROUND
    }

    assert found == set()


def test_the_dark_values_are_the_same_for_the_choice_and_for_the_device():
    text = (ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    chosen = text.split(':root[data-theme="dark"] {')[1].split("}")[0]
    device = text.split(':root:not([data-theme="light"], [data-theme="dark"]) {')[1].split("}")[0]

    assert chosen.split() == device.split()
    light = text.split(":root {")[1].split("}")[0]
    assert set(re.findall(r"(--[\w-]+):", chosen)) == set(re.findall(r"(--[\w-]+):", light))


@pytest.mark.parametrize("name", sorted(icons.ICONS))
def test_every_icon_is_installed(name):
    assert icons.drawing(name).startswith("<path")


def test_icons_outside_the_list_are_not_served():
    with pytest.raises(KeyError):
        icons.drawing("brand-facebook")


@pytest.mark.parametrize("code", [400, 403, 404, 500])
def test_an_error_page_needs_no_database(code):
    page = {400: views.bad_request, 403: views.forbidden, 404: views.not_found, 500: views.failed}[code]

    answer = page(RequestFactory().get("/x"))  # without the db mark a query would fail the test

    assert answer.status_code == code
    assert str(code) in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/login/", "/desk/login/"])
def test_the_policy_stands_in_every_answer(client, path):
    policy = client.get(path).headers["Content-Security-Policy"]

    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.django_db
def test_a_personal_page_is_kept_in_no_cache(client):
    client.force_login(factories.client().user, backend="clients.register.backends.ClientBackend")

    assert "no-store" in client.get("/").headers["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_page_speaks_one_language(client, language):
    client.force_login(factories.client("Bob").user, backend="clients.register.backends.ClientBackend")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    switch = {"zh-hans": "English", "en": "简体中文"}[language]

    text = re.sub(r"<[^>]+>", " ", client.get("/me/").content.decode()).replace(switch, "")

    assert bool(re.search(r"[\u4e00-\u9fff]", text)) is (language == "zh-hans")


def test_all_static_files_can_be_collected_with_their_manifest(tmp_path):
    manifest = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES={**settings.STORAGES, "staticfiles": manifest}):
        call_command("collectstatic", interactive=False, verbosity=0)

    assert list((tmp_path / "vendor").glob("tabler.min.*.css.gz"))
    assert not list((tmp_path / "vendor").glob("*.js"))
