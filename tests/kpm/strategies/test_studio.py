"""The pages of the studio: a condition is checked and counted as it is typed, and a draft is saved."""

from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from clients.org.models import Branch, Role, Staff
from clients.register.models import Client
from kpm.strategies.models import Strategy, StrategyVersion, VersionEvent
from kpm.strategies.services.gatecolumns import write_gates
from kpm.strategies.studio import coarse
from kpm.strategies.studio.selectors import sample_of
from tests import factories as make
from tests.factories import DAY, NOW
from tests.kpm.strategies import gateworld

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _lake(settings: Any, tmp_path: Path) -> None:
    settings.LAKE_DIR = tmp_path


@pytest.fixture
def draft() -> StrategyVersion:
    """A draft of a strategy."""
    return make.strategy(condition=gateworld.CONDITION).versions.get()


def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty clients of two branches with features and gates."""
    gateworld.clients(Random(1))
    gateworld.features(monkeypatch)
    write_gates(day=DAY, now=NOW)


def browser(staff: Staff) -> Browser:
    """Somebody at the desk, on an English page."""
    found = Browser(headers={"Accept-Language": "en"})
    found.force_login(staff.user, backend="clients.org.backends.StaffBackend")
    return found


def form(version: StrategyVersion, **said: Any) -> dict[str, Any]:
    """What the page of a version sends."""
    page = browser(make.staff("Ann", roles=(Role.ADMINISTRATOR,))).get(
        reverse("studio:author", args=[version.strategy.code])
    )
    bound = page.context["typed"].form
    values = {name: bound[name].value() for name in bound.fields}
    return {**{name: "" if value is None else value for name, value in values.items()}, "edited": "text", **said}


def post(who: Staff, page: str, data: dict[str, Any], **headers: str) -> Any:
    return browser(who).post(reverse(f"studio:{page}", args=["X-1"]), data, headers=headers)


@pytest.fixture
def admin() -> Staff:
    return make.staff("Adam", roles=(Role.ADMINISTRATOR,))


def test_the_list_shows_strategies_by_filter(admin: Staff, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for n in range(5):
        make.strategy(f"X-{n}")
    Strategy.objects.filter(code="X-3").update(status="paused")
    page = browser(admin)
    page.get(reverse("studio:overview"))

    with django_assert_num_queries(7):
        found = page.get(reverse("studio:overview"), {"status": "paused"})

    assert [strategy.code for strategy, _n in found.context["rows"]] == ["X-3"]


def test_a_preview_counts_what_is_typed_and_saves_nothing(
    draft: StrategyVersion, admin: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted(monkeypatch)

    first = post(admin, "preview", form(draft))
    second = post(admin, "preview", form(draft, condition="account_age_days >= 300"))

    assert first.context["found"].matched > second.context["found"].matched > 0
    assert [row["step"] for row in first.context["steps"]] == [1, 2, 3, 4, 5, 6]
    assert StrategyVersion.objects.get().condition == gateworld.CONDITION


def test_an_administrator_sees_counts_and_no_client_and_a_supervisor_only_his_branch(
    draft: StrategyVersion, admin: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted(monkeypatch)
    place = Branch.objects.get(pk=Client.objects.order_by("pk")[0].branch_id)
    head = make.staff("Sue", roles=(Role.SUPERVISOR,), at=place)

    whole = post(admin, "preview", form(draft)).context
    part = post(head, "preview", form(draft)).context

    assert (whole["sample"], len(whole["found"].branches)) == ([], 2)
    assert [branch for branch, _n, _left in part["found"].branches] == [place]
    assert {line.branch for line in part["sample"]} == {place.name}
    assert {line.name for line in part["sample"]} == {"B**"}


def test_a_fault_is_said_with_its_place_and_nobody_is_counted(draft: StrategyVersion, admin: Staff) -> None:
    data = form(draft, condition="account_age_days > 1 AND no_such > 2")

    checked, preview = post(admin, "check", data), post(admin, "preview", data)

    assert [problem.position for problem in checked.context["typed"].checked.problems] == [25]
    assert "no_such &gt; 2" in checked.content.decode()
    assert "found" not in preview.context


def test_a_row_that_is_added_and_filled_becomes_text(draft: StrategyVersion, admin: Staff) -> None:
    lines = {
        "b_kind": ["AND", "row", "row"], "b_depth": ["0", "1", "1"],
        "b_feature": ["", "account_age_days", "account_status"],
        "b_op": ["", ">=", "="], "b_value": ["", "30", "active"], "b_piece": ["", "", ""],
    }  # fmt: skip

    filled = post(admin, "check", form(draft, edited="rows", **lines)).context["typed"]
    added = post(admin, "check", form(draft, edited="rows", do="group:0", **lines)).context["typed"]
    dropped = post(admin, "check", form(draft, edited="rows", do="drop:1", **lines)).context["typed"]

    assert filled.text == "account_age_days >= 30 AND account_status = 'active'"
    assert [(line.kind, line.depth) for line in added.lines][3:] == [("OR", 1), ("row", 2)]
    assert dropped.text == "account_status = 'active'"


def test_without_a_script_rows_that_were_changed_are_saved(draft: StrategyVersion, admin: Staff) -> None:
    lines = {
        "b_kind": ["AND", "row"], "b_depth": ["0", "1"], "b_feature": ["", "account_age_days"], "b_op": ["", ">="],
        "b_value": ["", "100"], "b_piece": ["", ""],
    }  # fmt: skip
    moved = {**lines, "b_value": ["", "250"]}
    said = {"was": draft.condition, "do": "save", "template_code": "", "playbook_code": ""}
    saved = []

    typed = {"condition": "account_age_days >= 7"}
    for given in (lines, {**moved, **typed}, {**moved, "was": "account_age_days >= 9"}):
        post(admin, "author", form(draft, **{**said, **given}))
        saved.append(StrategyVersion.objects.get().condition)
    post(admin, "author", form(draft, **{**said, **moved, "was": saved[-1]}))

    assert saved == [draft.condition, "account_age_days >= 7", "account_age_days >= 7"]
    assert StrategyVersion.objects.get().condition == "account_age_days >= 250"


def test_people_of_a_branch_read_rounded_counts_and_how_their_own_clients_lie(
    draft: StrategyVersion, admin: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted(monkeypatch)
    place = Branch.objects.get(pk=Client.objects.order_by("pk")[0].branch_id)
    sue, n = make.staff("Sue", roles=(Role.SUPERVISOR,), at=place), Client.objects.filter(branch=place).count()
    exact = post(sue, "preview", form(draft)).context["found"]
    place.parent = make.branch("HQ")
    place.save()

    found = post(sue, "preview", form(draft)).context["found"]
    leaves = [post(who, "check", form(draft)).context["leaves"][0] for who in (sue, admin)]

    assert (exact.rounded, found.rounded) == (False, True)
    assert found.matched + found.used == 5 * round((exact.matched + exact.used) / 5)
    assert {count % 5 for _point, count in leaves[0].points} == {0}
    assert [sum(height for _x, _y, _w, height in leaf.bars) > 0 for leaf in leaves] == [True, True]
    assert leaves[0].bars != leaves[1].bars
    assert n < gateworld.CLIENTS


@pytest.mark.parametrize(("n", "told"), [(0, 0), (1, 5), (7, 5), (8, 10), (22, 20)])
def test_somebody_is_never_nobody(n: int, told: int) -> None:
    assert coarse.rounded(n) == told


def test_a_draft_is_saved_by_who_may_and_by_nobody_else(draft: StrategyVersion, admin: Staff) -> None:
    said = form(draft, condition="account_age_days > 7", do="save", template_code="", playbook_code="")
    head = make.staff("Sue", roles=(Role.SUPERVISOR,))

    refused = post(head, "author", said)
    before = StrategyVersion.objects.get().condition
    saved = post(admin, "author", said)

    assert (refused.status_code, before) == (404, gateworld.CONDITION)
    assert saved.status_code == 302, saved.context["typed"].form.errors
    assert StrategyVersion.objects.get().condition == "account_age_days > 7"
    assert list(VersionEvent.objects.values_list("kind", "by")) == [("edited", admin.user.pk)]


def test_a_condition_with_a_fault_is_not_saved(draft: StrategyVersion, admin: Staff) -> None:
    answer = post(admin, "author", form(draft, condition="account_age_days >", do="save"))

    assert answer.status_code == 422
    assert StrategyVersion.objects.get().condition == gateworld.CONDITION


def test_each_number_has_its_place_in_the_text_bounds_and_a_curve(
    draft: StrategyVersion, admin: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted(monkeypatch)

    leaf = post(admin, "check", form(draft)).context["leaves"][0]

    assert draft.condition[leaf.at : leaf.at + leaf.size] == leaf.threshold == "100"
    assert (leaf.low, leaf.high) == ("0", "900")
    assert dict(leaf.points)["0"] == gateworld.CLIENTS
    assert leaf.line.startswith("M0 ")


def test_lines_end_as_in_the_browser_so_that_a_slider_finds_its_number(
    draft: StrategyVersion, admin: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted(monkeypatch)
    data = form(draft, condition="account_age_days >= 300\r\nAND\r\naccount_age_days < 700", do="count")

    found = post(admin, "author", data).context

    text = "account_age_days >= 300\nAND\naccount_age_days < 700"
    assert found["typed"].text == text
    assert {text[leaf.at : leaf.at + leaf.size] for leaf in found["leaves"]} == {"300", "700"}


@pytest.mark.parametrize(
    "said",
    [
        {"edited": "rows", "b_depth": ["0", "9" * 5000]},
        {"edited": "rows", "b_depth": ["0", "1"], "do": f"row:{'9' * 5000}"},
        {"cooldown_n": "32767", "cooldown_unit": "td"},
        {"condition": "cash_ratio > 0.5"},
        {"condition": "99999999999999 * account_age_days * 99999999999999 > 1"},
    ],
)
def test_nothing_that_is_typed_breaks_a_page(
    draft: StrategyVersion, admin: Staff, monkeypatch: pytest.MonkeyPatch, said: dict[str, Any]
) -> None:
    counted(monkeypatch)
    rows = {name: ["", ""] for name in ("b_feature", "b_op", "b_value", "b_piece")} | {"b_kind": ["AND", "row"]}
    draft.condition = said.get("condition", draft.condition)
    draft.save()

    answers = [post(admin, page, form(draft, **rows, **said)) for page in ("check", "preview", "estimate", "author")]
    page = browser(admin).get(reverse("admin:strategies_strategyversion_change", args=[draft.pk]))

    assert {answer.status_code for answer in [*answers, page]} == {200}


def test_the_administration_counts_within_the_branch_of_its_reader(
    draft: StrategyVersion, admin: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted(monkeypatch)
    place = Branch.objects.get(pk=Client.objects.order_by("pk")[0].branch_id)
    author = make.staff("Bob", roles=(Role.BRANCH_AUTHOR,), at=place)
    page = reverse("admin:strategies_strategyversion_change", args=[draft.pk])
    StrategyVersion.objects.update(condition="account_age_days >= 0 AND account_age_days < 10000")

    own = Client.objects.filter(branch=place).count()

    assert f"matched {gateworld.CLIENTS}, not matched 0" in browser(admin).get(page).content.decode()
    assert f"matched {own}, not matched 0" in browser(author).get(page).content.decode()
    assert own < gateworld.CLIENTS


def test_a_name_that_no_database_can_hold_is_no_address(admin: Staff) -> None:
    page = browser(admin)

    assert page.get(reverse("studio:overview"), {"q": "\x00"}).status_code == 400
    assert page.get("/kpm/strategies/%00/").status_code == 400


def test_an_analyst_sees_neither_sensitive_clients_nor_his_own_account(draft: StrategyVersion) -> None:
    shown, sensitive, own = (make.client(n, sensitive=n == 2) for n in (1, 2, 3))
    analyst = make.staff("Ann", roles=(Role.ANALYST,), own_client_no=own.client_no)

    lines = sample_of(analyst.user, [shown.pk, sensitive.pk, own.pk], NOW)

    assert [(line.name, line.tail) for line in lines] == [(None, shown.client_no[-4:])]
