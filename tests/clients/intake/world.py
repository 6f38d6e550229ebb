"""A small world that files refer to: a branch, two people, securities, accounts and the bar of a day."""

from datetime import date
from decimal import Decimal

from clients.market.models import Security
from clients.org.models import Branch, Staff, User
from clients.register.models import Account, Client

ALICE, BOB = "C0000001", "C0000002"
ALICES, BOBS = "100000001", "100000002"


def furnish() -> None:
    """Make the branch HF01 with its manager, Alice (fund, Shanghai and credit accounts), Bob and three securities."""
    branch = Branch.objects.create(code="HF01", name="合肥")
    user = User.objects.create(login="E0101", kind=User.Kind.STAFF, password="!")
    Staff.objects.create(user=user, staff_no="E0101", name="经理", branch=branch)
    alice, bob = (client(number, branch) for number in (ALICE, BOB))
    for owner, number in ((alice, ALICES), (bob, BOBS)):
        account(owner, "fund", "OTC", number)
    account(alice, "securities", "SH", "A100000001", fund_account=ALICES)
    account(alice, "credit_fund", "OTC", "E000000001")
    for exchange, code, board in (("SH", "600519", "main"), ("SZ", "000001", "main"), ("SZ", "300750", "gem")):
        security(exchange, code, board)


def client(number: str, branch: Branch) -> Client:
    """Make a client."""
    return Client.objects.create(client_no=number, kind="individual", name="测试", branch=branch, status="active")


def account(owner: Client, kind: str, market: str, number: str, *, fund_account: str = "") -> Account:
    """Make an account opened in 2020."""
    return Account.objects.create(
        client=owner,
        kind=kind,
        market=market,
        account_no=number,
        fund_account=fund_account or number,
        status="normal",
        opened_on=date(2020, 1, 2),
        branch=owner.branch,
    )


def security(exchange: str, code: str, board: str) -> Security:
    """Make a listed stock."""
    return Security.objects.create(
        exchange_id=exchange,
        code=code,
        name=code,
        type="stock",
        board=board,
        status="listed",
        list_date=date(2001, 8, 27),
        tick=Decimal("0.01"),
    )
