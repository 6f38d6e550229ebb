"""Everything that the administration shows has a name in both languages, and the glossary holds nothing else."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.utils import translation

from clients.shared import glossary

REGISTERED = [model for model in admin.site._registry if hasattr(model, "row_access")]
INSIDE = {inline.model for model in REGISTERED for inline in admin.site._registry[model].inlines}
SHOWN = sorted({*REGISTERED, *INSIDE}, key=lambda model: model._meta.label)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SAME_IN_BOTH = {"SHA-256"}
OWN_CAPITAL = ("Chinese ", "English ", "ID ", "SHA-256", "Stock Connect")


def _in_chinese(text: object) -> str:
    with translation.override("zh-hans"):
        return str(text)


@pytest.mark.parametrize("model", SHOWN, ids=lambda model: model._meta.label)
def test_a_table_and_its_columns_are_named_in_chinese(model):
    meta = model._meta
    names = {"one": meta.verbose_name, "many": meta.verbose_name_plural}
    names |= {field.name: field.verbose_name for field in meta.local_fields if not field.primary_key}

    said = {name: _in_chinese(text) for name, text in names.items() if str(text) not in SAME_IN_BOTH}

    assert {name: text for name, text in said.items() if not CHINESE.search(text) or text.endswith("s")} == {}


@pytest.mark.parametrize("model", SHOWN, ids=lambda model: model._meta.label)
def test_what_is_said_beside_a_column_is_said_in_chinese_too(model):
    said = {field.name: _in_chinese(field.help_text) for field in model._meta.local_fields if field.help_text}

    assert {name: text for name, text in said.items() if not CHINESE.search(text)} == {}


@pytest.mark.parametrize("model", SHOWN, ids=lambda model: model._meta.label)
def test_names_begin_small_but_for_names_of_their_own(model):
    columns = {field.name: field.verbose_name for field in model._meta.local_fields if not field.primary_key}
    meta = model._meta
    with translation.override("en"):
        said = {name: str(text) for name, text in (columns | {"": meta.verbose_name}).items()}

    assert {name: text for name, text in said.items() if not (text[0].islower() or text.startswith(OWN_CAPITAL))} == {}


def test_an_app_with_a_page_is_named():
    labels = {model._meta.app_label for model in SHOWN}

    assert {
        label for label in labels if not CHINESE.search(_in_chinese(apps.get_app_config(label).verbose_name))
    } == set()


def test_the_glossary_names_nothing_that_is_not_there():
    ours = [model for app in apps.get_app_configs() if app.label in glossary.APPS for model in app.get_models()]
    unnamed = {field.name for model in ours for field in model._meta.local_fields if field._verbose_name is None}

    assert set(glossary.COLUMNS) - unnamed == set()
    assert set(glossary.TABLES) - {model._meta.label_lower for model in ours} == set()
    columns = {f"{model._meta.label_lower}.{field.name}" for model in ours for field in model._meta.local_fields}
    assert set(glossary.OWN) - columns == set()
    with translation.override("en"):
        helps = {str(field.help_text) for model in ours for field in model._meta.local_fields}
    assert glossary.HELPS - helps == set()
    assert set(glossary.APPS) - {app.label for app in apps.get_app_configs()} == set()
