"""Accounts and consents: whose they are, which is the main one, what may stand beside what."""

import pytest

from clients.register.models import Account, Client, Consent
from tests.clients.intake.lines import ACCOUNT, CONSENT
from tests.clients.intake.taking import Take
from tests.clients.intake.world import BOB, account

SECOND = ACCOUNT | {"market": "SH", "account_no": "A200000001"}


def _main() -> list[str]:
    return list(Account.objects.filter(main=True).order_by("account_no").values_list("account_no", flat=True))


def test_an_account_is_kept_and_again_unchanged(world: Take) -> None:
    first, second = world("accounts", [ACCOUNT]), world("accounts", [ACCOUNT])

    found = Account.objects.get(account_no="0800000001")
    assert (first.counts, second.counts) == ((1, 0, 0), (0, 1, 0))
    assert (found.client.client_no, found.fund_account, found.permissions) == (
        "C0000001", "100000001", ["GEM", "STAR"],
    )  # fmt: skip
    assert (found.main, found.designated, found.closed_on) == (False, True, None)


def test_permissions_in_another_order_are_the_same(world: Take) -> None:
    world("accounts", [ACCOUNT])

    assert world("accounts", [ACCOUNT | {"permissions": "STAR; GEM"}]).counts == (0, 1, 0)


def test_a_change_makes_one_history_row(world: Take) -> None:
    world("accounts", [ACCOUNT])

    world("accounts", [ACCOUNT | {"status": "frozen"}])

    history = Account.pgh_event_model.objects.filter(account_no="0800000001").order_by("pgh_id")
    assert list(history.values_list("status", flat=True)) == ["normal", "frozen"]


def test_the_main_account_moves_within_a_file_in_any_order(world: Take) -> None:
    world("accounts", [ACCOUNT | {"main": "1"}, SECOND | {"main": "0"}])
    before = _main()

    taken = world("accounts", [SECOND | {"main": "1"}, ACCOUNT | {"main": "0"}])

    assert taken.counts == (2, 0, 0)
    assert (before, _main()) == (["0800000001"], ["A200000001"])


def test_the_main_account_may_close_while_another_comes_forward(world: Take) -> None:
    world("accounts", [ACCOUNT | {"main": "1"}])
    closed = ACCOUNT | {"main": "1", "status": "closed", "closed_on": "2026-11-19"}

    taken = world("accounts", [SECOND | {"main": "1"}, closed])

    assert taken.counts == (2, 0, 0)
    assert world("accounts", [SECOND | {"main": "1"}, closed]).counts == (0, 2, 0)


def test_a_second_main_account_is_rejected(world: Take) -> None:
    world("accounts", [ACCOUNT | {"main": "1"}])

    in_record = world("accounts", [SECOND | {"main": "1"}])
    in_file = world("accounts", [ACCOUNT | {"main": "0"}, SECOND | {"main": "1"},
                                 SECOND | {"main": "1", "account_no": "A200000002"}])  # fmt: skip

    assert in_record.codes == [(2, "E_CONFLICT", "main")]
    assert in_file.codes == [(4, "E_CONFLICT", "main")]
    assert _main() == ["A200000001"]


def test_when_the_step_back_is_rejected_the_step_forward_is_too(world: Take) -> None:
    world("accounts", [ACCOUNT | {"main": "1"}])

    taken = world("accounts", [ACCOUNT | {"main": "0", "status": "odd"}, SECOND | {"main": "1"}])

    assert taken.codes == [(2, "E_ENUM", "status"), (3, "E_CONFLICT", "main")]
    assert _main() == ["0800000001"]


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"client_no": "C9"}, "E_NO_CLIENT", "client_no"),
        ({"branch": "XX"}, "E_ENUM", "branch"),
        ({"closed_on": "2026-11-19"}, "E_ORDER", "closed_on"),
        ({"status": "closed", "closed_on": "2012-06-17"}, "E_ORDER", "closed_on"),
        ({"opened_on": "2026-11-21"}, "E_FUTURE", "opened_on"),
        ({"permissions": "GEM;FLY"}, "E_ENUM", "permissions"),
        ({"bank_card_tail": "12a4"}, "E_RANGE", "bank_card_tail"),
        ({"bank": "6222020200112233445"}, "E_RANGE", "bank_card_tail"),
        ({"kind": "credit_securities", "client_no": BOB}, "E_NO_ACCOUNT", "kind"),
        ({"kind": "fund", "account_no": "100000001"}, "E_CONFLICT", "account_no"),
        (
            {"kind": "securities", "market": "SH", "account_no": "A100000001", "client_no": BOB},
            "E_CONFLICT",
            "client_no",
        ),
    ],
)
def test_each_wrong_account_is_rejected_for_its_own_reason(
    world: Take, change: dict[str, str], code: str, column: str
) -> None:
    before = Account.objects.count()

    taken = world("accounts", [ACCOUNT | change])

    assert (2, code, column) in taken.codes
    assert Account.objects.count() == before


def test_a_credit_account_may_come_with_its_normal_one(world: Take) -> None:
    bobs = ACCOUNT | {"client_no": BOB, "account_no": "0800000002"}

    taken = world("accounts", [bobs | {"kind": "credit_securities", "account_no": "0600000002"}, bobs])

    assert taken.counts == (2, 0, 0)


def test_two_fund_accounts_of_a_file_cannot_share_a_number(world: Take) -> None:
    fund = ACCOUNT | {"kind": "fund", "market": "OTC", "account_no": "100000009"}

    taken = world("accounts", [fund, fund | {"kind": "pension"}])

    assert taken.codes == [(3, "E_CONFLICT", "account_no")]


def test_a_consent_is_a_fact(world: Take) -> None:
    first, again = world("consents", [CONSENT]), world("consents", [CONSENT])
    changed = world("consents", [CONSENT | {"given": "0"}])
    later = world("consents", [CONSENT | {"given": "0", "at": "2026-10-02T10:00:00"}])

    assert (first.counts, again.counts, later.counts) == ((1, 0, 0), (0, 1, 0), (1, 0, 0))
    assert changed.codes == [(2, "E_CONFLICT", "")]
    assert list(Consent.objects.order_by("at").values_list("given", flat=True)) == [True, False]


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"client_no": "C9"}, "E_NO_CLIENT", "client_no"),
        ({"purpose": "spam"}, "E_ENUM", "purpose"),
        ({"at": "2026-11-21T10:00:00"}, "E_FUTURE", "at"),
        ({"given": "yes"}, "E_TYPE", "given"),
    ],
)
def test_each_wrong_consent_is_rejected_for_its_own_reason(
    world: Take, change: dict[str, str], code: str, column: str
) -> None:
    assert world("consents", [CONSENT | change]).codes == [(2, code, column)]
    assert not Consent.objects.exists()


def test_the_lake_s_client_ids_are_not_used_up_by_files_that_change_nothing(world: Take) -> None:
    owner = Client.objects.get(client_no="C0000001")
    world("accounts", [ACCOUNT])
    for _ in range(3):
        world("accounts", [ACCOUNT])

    first = Account.objects.get(account_no="0800000001").pk
    assert account(owner, "ta", "OTC", "T1").pk == first + 1
