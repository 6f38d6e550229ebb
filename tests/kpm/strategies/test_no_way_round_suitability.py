"""A strategy that offers a product is refused without the gate of suitability: by form, API, YAML, admin and SQL."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import translation

from clients.org.models import Role
from kpm.strategies import services
from kpm.strategies.models import Strategy, StrategyVersion, VersionEvent
from kpm.strategies.services.places import running
from tests import factories
from tests.clients.shared.test_admin import BACKEND
from tests.factories import NOW
from tests.kpm.strategies.test_admin import press, typed
from tests.kpm.strategies.test_library import TASK, entry

pytestmark = pytest.mark.django_db
COPY = """
INSERT INTO strategies_strategyversion SELECT v.* FROM jsonb_populate_record(
    NULL::strategies_strategyversion,
    (SELECT to_jsonb(x) FROM strategies_strategyversion x WHERE number = 1) || %s::jsonb) AS v
"""


@pytest.fixture(autouse=True)
def _english(time_machine: Any) -> Any:
    time_machine.move_to(NOW)
    with translation.override("en"):
        yield


@pytest.fixture
def product() -> Strategy:
    """A live strategy of the library that offers a product of level 3."""
    services.load_library(entries=[entry(suitability_gate=True, product_level=3)], now=NOW)
    services.offer_delivery(kind="playbook", code=TASK, version=1)
    return Strategy.objects.get()


@pytest.fixture
def alice() -> Browser:
    """Alice writes strategies."""
    found = Browser(headers={"accept-language": "en"})
    found.force_login(factories.staff("Alice", roles=(Role.ADMINISTRATOR,)).user, backend=BACKEND)
    return found


def draft(of: Strategy) -> StrategyVersion:
    return services.draft_version(strategy=of, by=factories.staff("Bert").user, now=NOW)


def untouched(product: Strategy) -> None:
    """What runs is what ran, through its gate, and nothing else was submitted."""
    row = Strategy.objects.get()
    assert (row.status, row.live_version, row.pilot_version) == ("live", product.live_version, None)
    assert [place.version.suitability_gate for place in running("after_settlement")] == [True]
    assert StrategyVersion.objects.filter(submitted_at__isnull=False).count() == 1
    assert not VersionEvent.objects.filter(kind="submitted").exists()


@pytest.mark.parametrize("level", ["3", ""])
def test_not_by_the_form_of_the_studio(product: Strategy, alice: Browser, level: str) -> None:
    """With the level of the product or, pretending that there is none, without."""
    version = draft(product)
    page = reverse("studio:author", args=[product.code])
    form = alice.get(page).context["typed"].form
    known = {name: form[name].value() for name in form.fields}
    said = {name: "" if value is None else value for name, value in known.items() if value is not False}
    said |= {"product_level": level, "edited": "text", "do": "save"}
    del said["suitability_gate"]

    alice.post(page, said)
    answer = alice.post(press(version, "submit"), follow=True)

    assert StrategyVersion.objects.get(pk=version.pk).suitability_gate is False
    assert "gate of suitability" in answer.content.decode()
    untouched(product)


@pytest.mark.parametrize("level", [3, None])
def test_not_by_the_services(product: Strategy, level: int | None) -> None:
    version = draft(product)
    version.suitability_gate, version.product_level = False, level
    bert = version.author
    assert bert is not None
    services.save_draft(version=version, changed=["suitability_gate", "product_level"], by=bert, now=NOW)

    for step in (services.submit_version, services.approve, services.begin_pilot):
        with pytest.raises(services.CannotChange):
            step(version=version, by=bert, now=NOW)

    untouched(product)


@pytest.mark.parametrize("text", ["suitability_gate: false\n", "suitability_gate: false\nproduct_level: null\n"])
def test_not_by_yaml(product: Strategy, alice: Browser, text: str) -> None:
    """Neither as the text of a version nor as a file of the library."""
    alice.post(press(product, "import_yaml"), {"said": text})
    version = StrategyVersion.objects.get(submitted_at__isnull=True)
    alice.post(press(version, "submit"))
    loaded = services.load_library(entries=[entry(suitability_gate=False, product_level=3)], now=NOW)

    assert [fault.text for fault in loaded.faults] == ["product_level stands without suitability_gate: true."]
    assert version.suitability_gate is False
    untouched(product)


@pytest.mark.parametrize("level", [3, None])
def test_not_by_the_page_of_the_admin(product: Strategy, alice: Browser, level: int | None) -> None:
    version = draft(product)
    page = f"/admin/strategies/strategyversion/{version.pk}/change/"

    alice.post(page, typed(version, suitability_gate=False, product_level=level))
    answer = alice.post(press(version, "submit"), follow=True)

    assert StrategyVersion.objects.get(pk=version.pk).suitability_gate is False
    assert "gate of suitability" in answer.content.decode()
    untouched(product)


def submitted_row() -> None:
    run(COPY, ['{"id": 999999, "number": 2, "suitability_gate": false}'])


def changed_row() -> None:
    run("UPDATE strategies_strategyversion SET suitability_gate = false, product_level = NULL", [])


def pointed_at_a_draft(pointer: str) -> Callable[[], None]:
    def ways() -> None:
        run(COPY, ['{"id": 999999, "number": 2, "suitability_gate": false, "submitted_at": null}'])
        run(f"UPDATE strategies_strategy SET {pointer} = 999999, status = 'live'", [])

    return ways


def run(sql: str, args: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)


@pytest.mark.parametrize(
    "way",
    [submitted_row, changed_row, pointed_at_a_draft("live_version_id"), pointed_at_a_draft("pilot_version_id")],
)
def test_not_by_sql(product: Strategy, way: Callable[[], None]) -> None:
    """A row of its own, the row that runs, or a draft that no constraint of submitted rows has seen."""
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        way()

    untouched(product)
