"""Every address against every role: what a person gets is what the table says, and no address is without a line."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from model_bakery import baker

from advisory.inbox.models import Message
from advisory.taskqueue.models import Task, TaskEvent, TaskResult
from clients.register.models import Client
from kpm.strategies.models import Strategy
from tests import factories
from tests.factories import NOW
from tests.house.admin_pages import a_row, pages_of, registered
from tests.house.url_table import ADMIN, COLUMNS, OF_STRATEGIES, OUTSIDE, PAGES

pytestmark = pytest.mark.django_db
INSIDE = [role for role in COLUMNS[2:] if role not in OUTSIDE]
MODEL_PAGES = {"changelist", "add", "history", "delete", "change", "press"}
# A router of the admin that only forwards an old kind of address to the page of its row.
FORWARDS = "<path:object_id>/"


@pytest.fixture(autouse=True)
def _quiet(time_machine: Any) -> Iterator[None]:
    """The factories' present; refusals are what is looked for, so they are not news for the log."""
    time_machine.move_to(NOW, tick=False)
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


def walk(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, str]]:
    """Every address: namespace and name (the pattern itself without a name), and its pattern."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from walk(entry, inner)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name or entry.pattern}", str(entry.pattern)


def model_page(name: str) -> str:
    """The label of the model whose admin page this is, empty for any other address."""
    for model in registered():
        prefix = f"admin:{model._meta.app_label}_{model._meta.model_name}_"
        if name.startswith(prefix) and name.removeprefix(prefix) in MODEL_PAGES:
            return model._meta.label
    return ""


def test_every_address_has_a_line() -> None:
    known = {line.rsplit(" ", 1)[0].split(" ")[0] for line in PAGES}
    missing = {name for name, pattern in walk(get_resolver()) if name not in known and pattern != FORWARDS}

    assert {name for name in missing if model_page(name) not in ADMIN} == set()
    assert known - {name for name, _pattern in walk(get_resolver())} == set()
    assert set(ADMIN) == {model._meta.label for model in registered()}
    assert {line.rsplit(" ", 1)[1] for line in PAGES} == {"GET", "POST"}
    assert {len(statuses.split()) for statuses in PAGES.values()} == {len(COLUMNS)}
    assert len({line.rsplit(" ", 1)[0] for line in PAGES}) * 2 == len(PAGES)


def somebody(role: str) -> tuple[Browser, Client, Client]:
    """A browser of a person with this role, a client who is his (or himself), and one of another branch."""
    browser, foreign = Browser(), factories.client("Charlie")
    if role in ("anonymous", "client"):
        own = factories.client("Bob")
        if role == "client":
            browser.force_login(own.user, backend="clients.register.backends.ClientBackend")
        return browser, own, foreign
    alice = factories.staff("Alice", roles=(role,))
    browser.force_login(alice.user, backend="clients.org.backends.StaffBackend")
    return browser, factories.client("Bob", manager=alice), foreign


def address(name: str, about: Client) -> str:
    """The address of a line, about a row of this client where it is about one."""
    space, _, page = name.partition(":")
    if name == "home:message":
        return reverse(name, args=[factories.message(about).uid])
    if name == "home:fetch":
        return reverse(name, args=[factories.data_copy(about).uid])
    if page in ("task", "claim", "release", "finish") and space == "workbench":
        return reverse(name, args=[factories.task(about, assignee=about.manager).uid])
    if space == "studio" and page not in ("overview", "words"):
        return reverse(name, args=[factories.strategy().code])
    if name == "board:strategy":
        return reverse(name, args=[factories.strategy().code])
    if space == "cases" and page not in ("overview", "new"):
        return reverse(name, args=[factories.success_case(about.branch).pk])
    if name in ("workbench:client", "workbench:client_moves"):
        return reverse(name, args=[about.pk])
    if name == "workbench:client_reveal":
        return reverse(name, args=[about.pk, "mobile"])
    if name == "explaining:explain":
        return reverse(name, args=[baker.make(Strategy).code])
    if page.startswith("segment") and page != "segments":
        row = factories.segment()
        lists = page in ("segment_decide", "segment_take")
        return reverse(name, args=[factories.segment_export(row, about.branch).pk if lists else row.pk])
    fixed = {
        "reports:trait": "/desk/traits/wealth/",
        "home:say": "/me/portrait/goal/",
        "home:turn": "/me/portrait/switch/behaviour/",
        "admin:(?P<url>.*)$": "/admin/nothing/of/this/",
        "admin:app_list": "/admin/org/",
        "admin:view_on_site": "/admin/r/1/1/",
        "admin:auth_user_password_change": f"/admin/org/user/{factories.staff('Dora').user.pk}/password/",
    }
    return fixed.get(name) or reverse(name)


@pytest.mark.parametrize("role", COLUMNS)
def test_every_page_answers_every_role_as_the_table_says(role: str) -> None:
    column, found, expected = COLUMNS.index(role), {}, {}
    browser, own, foreign = somebody(role)

    for line, statuses in PAGES.items():
        name, *kind, method = line.split(" ")
        path = address(name, foreign if kind == ["foreign"] else own)
        found[line] = getattr(browser, method.lower())(path).status_code
        expected[line] = int(statuses.split()[column])
        if "logout" in name:
            browser, own, foreign = somebody(role)

    assert found == expected


@pytest.mark.parametrize("role", ["anonymous", "client"])
def test_a_refused_visitor_has_changed_nothing(role: str) -> None:
    browser, _own, foreign = somebody(role)
    task, message = factories.task(foreign), factories.message(foreign)
    before = list(Task.objects.values()), list(Message.objects.values())

    for verb in ("claim", "release", "finish"):
        browser.post(f"/desk/t/{task.uid}/{verb}/", {"contact": "busy", "fence": 0, "idem_key": "x"})
    browser.post("/desk/next/")
    browser.get(f"/messages/{message.uid}/")

    assert (list(Task.objects.values()), list(Message.objects.values())) == before
    assert (TaskEvent.objects.count(), TaskResult.objects.count()) == (0, 0)


def admin_answers(browser: Browser, model: type[Model], row: Any) -> dict[str, int]:
    """What each page of a table answers: looked at, and sent empty."""
    answers = {}
    for page, path in pages_of(model, row):
        answers[f"{page} GET"] = browser.get(path).status_code
        if page in ("add", "change", "delete"):
            answers[f"{page} POST"] = browser.post(path).status_code
    return answers


def allowed(rights: str) -> dict[str, set[int]]:
    """What the pages of a table may answer somebody with these rights; sent empty, a form says what is missing.

    "o": only rows of one's own; the row asked for is another one's, which is not there.
    """
    look = {302} if "o" in rights else {200} if "v" in rights else {403, 302}
    return {
        "list GET": {200} if "v" in rights else {403},
        "change GET": {302} if "o" in rights else {200} if "v" in rights else {403},
        "history GET": look,
        "add GET": {200} if "a" in rights else {403},
        "add POST": {200, 302} if "a" in rights else {403},
        "change POST": {200, 302} if "c" in rights else {403},
        "delete GET": {200} if "d" in rights else {403},
        "delete POST": {200, 302} if "d" in rights else {403},
    }


@pytest.mark.parametrize("role", [*INSIDE, *OF_STRATEGIES])
def test_every_table_of_the_admin_gives_a_role_its_rights_and_no_others(role: str) -> None:
    browser, _own, foreign = somebody(role)
    wrong = {}

    for model in registered():
        may = allowed(ADMIN[model._meta.label].get(role, ""))
        for page, status in admin_answers(browser, model, a_row(model, foreign)).items():
            if status not in may[page]:
                wrong[f"{model._meta.label} {page}"] = status

    assert wrong == {}


@pytest.mark.parametrize(("role", "status"), [("anonymous", 302), ("client", 404)])
def test_visitors_and_clients_get_no_page_of_the_admin(role: str, status: int) -> None:
    browser, own, _foreign = somebody(role)
    wrong = {}

    for model in registered():
        for page, found in admin_answers(browser, model, own).items():
            if found != status:
                wrong[f"{model._meta.label} {page}"] = found

    assert wrong == {}


@pytest.mark.parametrize("role", OUTSIDE)
def test_staff_who_configure_nothing_get_no_table_of_the_admin(role: str) -> None:
    browser, _own, _foreign = somebody(role)
    names = [f"admin:{model._meta.app_label}_{model._meta.model_name}" for model in registered()]

    looked = {name: browser.get(reverse(f"{name}_changelist")).status_code for name in names}
    sent = {name: browser.post(reverse(f"{name}_add")).status_code for name in names}

    assert looked == sent == dict.fromkeys(names, 403)


def test_buttons_are_pressed_by_sending_and_by_nobody_from_outside() -> None:
    wrong = {}

    for role in COLUMNS:
        browser, _own, _foreign = somebody(role)
        for model, page in admin.site._registry.items():
            for verb in getattr(page, "buttons", ()):
                name = f"admin:{model._meta.app_label}_{model._meta.model_name}_press"
                path = reverse(name, args=[4711, verb])
                statuses = [ask(path).status_code for ask in (browser.get, browser.post)]
                refusal = {"anonymous": 302, "client": 404}.get(role, 403)
                if statuses != ([405, 404] if role in INSIDE else [refusal, refusal]):
                    wrong[f"{role} {model._meta.label} {verb}"] = statuses

    assert wrong == {}
