"""The securities master: names over time, what is derived, and the history of a change."""

from datetime import date

import pytest

from clients.market.models import Security, SecurityName
from tests.clients.intake.taking import Take
from tests.clients.market.takes import BAR, SECURITY

BARE = {name: text for name, text in SECURITY.items() if name not in ("type", "board", "name_from", "short_pinyin")}


def _names(code: str) -> list[tuple[str, date | None, date | None]]:
    rows = SecurityName.objects.filter(security__code=code).order_by("valid_from", "name")
    return list(rows.values_list("name", "valid_from", "valid_to"))


def test_a_line_per_name_makes_one_security_with_its_names(take: Take) -> None:
    older = SECURITY | {"name": "旧名", "short_pinyin": "JM", "industry": "旧业"}
    newer = SECURITY | {"name_from": "2020-05-06"}

    taken = take("securities", [newer, older])

    assert taken.counts == (2, 0, 0)
    assert Security.objects.values_list("name", "industry").get() == ("贵州茅台", "白酒")
    assert _names("600519") == [
        ("旧名", date(2001, 8, 27), date(2020, 5, 5)),
        ("贵州茅台", date(2020, 5, 6), None),
    ]
    assert take("securities", [newer, older]).counts == (0, 2, 0)


def test_an_older_name_that_comes_later_does_not_touch_the_present_state(take: Take) -> None:
    take("securities", [SECURITY | {"name_from": "2020-05-06"}])

    taken = take("securities", [SECURITY | {"name": "旧名", "industry": "旧业"}])

    assert taken.counts == (1, 0, 0)
    assert Security.objects.values_list("name", "industry").get() == ("贵州茅台", "白酒")
    assert len(_names("600519")) == 2


def test_a_change_makes_one_history_row(take: Take) -> None:
    take("securities", [SECURITY])

    taken = take("securities", [SECURITY | {"status": "suspended"}])

    history = Security.pgh_event_model.objects.order_by("pgh_id").values_list("status", flat=True)
    assert taken.counts == (1, 0, 0)
    assert list(history) == ["listed", "suspended"]


def test_a_column_that_the_file_leaves_out_stays(take: Take) -> None:
    take("securities", [SECURITY])

    taken = take("securities", [{name: text for name, text in SECURITY.items() if name != "industry"}])

    assert taken.counts == (0, 1, 0)
    assert Security.objects.get().industry == "白酒"


def test_type_board_name_from_and_pinyin_are_derived_and_said(take: Take) -> None:
    bond = {"exchange": "SH", "code": "113050", "name": "南银转债", "list_date": ""}

    taken = take("securities", [BARE, BARE | {"exchange": "SZ", "code": "300750"}, BARE | bond])

    assert taken.counts == (3, 0, 0)
    assert taken.outcome.notes == {
        "type or board derived from the prefix of the code": 3,
        "name_from derived from the first trading day known": 2,
    }
    rows = Security.objects.order_by("code").values_list("code", "type", "board", "short_pinyin")
    assert list(rows) == [
        ("113050", "cb", "", "NYZZ"), ("300750", "stock", "gem", "GZMT"), ("600519", "stock", "main", "GZMT"),
    ]  # fmt: skip
    assert _names("113050") == [("南银转债", None, None)]


def test_without_a_day_of_listing_the_first_bar_tells_and_replaces_the_undated_name(
    take: Take,
) -> None:
    undated = BARE | {"list_date": ""}
    take("securities", [undated])
    take("bars", [BAR])

    taken = take("securities", [undated])

    assert taken.counts == (1, 0, 0)
    assert _names("600519") == [("贵州茅台", date(2026, 11, 20), None)]


def test_former_names_without_dates_are_kept_once(take: Take) -> None:
    former = SECURITY | {"fullname": "贵州茅台酒股份有限公司", "area": "贵州", "former_names": "G茅台| 旧名 |"}

    first, second = take("securities", [former]), take("securities", [former])

    assert (first.counts, second.counts) == ((1, 0, 0), (0, 1, 0))
    assert sorted(name for name, start, _end in _names("600519") if start is None) == ["G茅台", "旧名"]
    assert Security.objects.get().fullname == "贵州茅台酒股份有限公司"


def test_a_board_that_its_prefix_does_not_suggest_is_a_note(take: Take) -> None:
    taken = take("securities", [SECURITY | {"board": "star"}])

    assert taken.counts == (1, 0, 0)
    assert taken.outcome.notes == {"the board is not the one its prefix suggests": 1}


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"lot": "0"}, "E_RANGE", "lot"),
        ({"tick": "0"}, "E_RANGE", "tick"),
        ({"collateral_ratio": "1.2"}, "E_RANGE", "collateral_ratio"),
        ({"code": "60051X"}, "E_TYPE", "code"),
        ({"code": "999999", "board": ""}, "E_REQUIRED", "board"),
        ({"code": "999999", "type": ""}, "E_REQUIRED", "type"),
        ({"delist_date": "2001-08-26"}, "E_ORDER", "delist_date"),
        ({"name": "名" * 61}, "E_RANGE", "name"),
        ({"former_names": "名" * 61}, "E_RANGE", "former_names"),
    ],
)
def test_each_wrong_security_is_rejected_for_its_own_reason(
    take: Take,
    change: dict[str, str],
    code: str,
    column: str,
) -> None:
    taken = take("securities", [SECURITY | change])

    assert taken.codes == [(2, code, column)]
    assert not Security.objects.exists()
