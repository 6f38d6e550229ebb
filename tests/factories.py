"""Rows for tests, made with the ORM: people named Alice, Bob and Charlie, their accounts, holdings and work.

Every function fills what the database asks for and takes the rest by name. Numbers count up, so that two calls never
collide; what a test asserts it passes itself. All passwords are PASSWORD.
"""

import itertools
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from advisory.inbox.models import Message
from advisory.taskqueue.models import Disposition, Playbook, PlaybookStep, PlaybookVersion, Task
from clients.ledger.models import CashFlow, Position
from clients.market.models import Exchange, Security
from clients.org.models import Branch, Role, Staff, User
from clients.org.services import hire
from clients.register.models import Account, Client
from kpm.outcomes.models import SuccessCase
from kpm.strategies.models import Segment, SegmentExport, Strategy, StrategyVersion
from portal.home.models import DataCopy

PASSWORD = "correct-horse-battery"
DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)  # a Sunday, 10:00 in Shanghai; the last closed day is DAY
_number = itertools.count(1)


def branch(code: str = "", **fields: Any) -> Branch:
    """A branch of its own tree, or the one with this code."""
    found = Branch.objects.filter(code=code).first() if code else None
    n = next(_number)
    return found or Branch.objects.create(code=code or f"B{n:04}", **{"name": f"Branch {n}", **fields})


def staff(
    name: str = "Alice", *, roles: tuple[str, ...] = (Role.MANAGER,), at: Branch | None = None, **fields: Any
) -> Staff:
    """A member of staff who can log in with his staff number and PASSWORD."""
    number = fields.pop("staff_no", f"9{next(_number):05}")
    person = hire(
        staff_no=number,
        name=name,
        branch=at or branch(),
        roles=list(roles),
        password=PASSWORD,
        on=date(2020, 1, 1),
        adviser_licence=fields.pop("licence", ""),
    )
    for field, value in fields.items():
        setattr(person, field, value)
    person.save()
    return person


def client(
    name: str = "Bob", *, manager: Staff | None = None, at: Branch | None = None, login: bool = True, **fields: Any
) -> Client:
    """A client in his manager's branch, with a login unless `login` is false."""
    number = fields.pop("client_no", f"C{next(_number):08}")
    user = User.objects.create_user(number, PASSWORD, kind=User.Kind.CLIENT) if login else None
    known = {"kind": Client.Kind.INDIVIDUAL, "status": Client.Status.ACTIVE, "opened_on": date(2020, 1, 1), **fields}
    place = at or (manager.branch if manager else branch())
    return Client.objects.create(client_no=number, user=user, name=name, branch=place, manager=manager, **known)


def account(of: Client, kind: str = Account.Kind.FUND, **fields: Any) -> Account:
    """An account; a fund account is the client's main one when he has none yet."""
    known = {"status": Account.Status.NORMAL, "opened_on": date(2020, 1, 1), **fields}
    known.setdefault("main", not of.accounts.filter(kind=kind, main=True).exists())
    number = known.pop("account_no", f"{next(_number):012}")
    return Account.objects.create(client=of, branch=of.branch, kind=kind, account_no=number, **known)


def fund_account(of: Client) -> Account:
    """The client's main fund account, made when he has none."""
    found = of.accounts.filter(kind=Account.Kind.FUND, main=True).first()
    return found or account(of)


def security(code: str = "600519", exchange: str = "SH", name: str = "贵州茅台", **fields: Any) -> Security:
    """The security with this code, made when missing."""
    known = {"type": Security.Type.STOCK, "status": Security.Status.LISTED, "tick": Decimal("0.01"), **fields}
    market, _ = Exchange.objects.get_or_create(code=exchange, defaults={"name": exchange})
    return Security.objects.get_or_create(exchange=market, code=code, defaults={"name": name, **known})[0]


def position(of: Client, what: Security | None = None, *, day: date = DAY, **fields: Any) -> Position:
    """A holding at the close of `day`; `market_value` follows from quantity and last price unless given."""
    known = {"quantity": Decimal(100), "cost_price": Decimal(10), "last_price": Decimal(11), **fields}
    known.setdefault("market_value", (known["quantity"] * known["last_price"]).quantize(Decimal("0.01")))
    fund = fund_account(of)
    what = what or security()
    return Position.objects.create(day=day, account=fund, holder_account=fund, client=of, security=what, **known)


def cash(of: Client, balance: Decimal | int, *, day: date = DAY, **fields: Any) -> CashFlow:
    """A cash flow after which the main fund account holds `balance`."""
    n = next(_number)
    known = {"kind": CashFlow.Kind.INTEREST, "amount": Decimal("0.01"), "currency": "CNY", **fields}
    known.setdefault("time", datetime(day.year, day.month, day.day, 7, tzinfo=UTC) + timedelta(seconds=n))
    known.setdefault("flow_no", f"F{n:08}")
    return CashFlow.objects.create(
        day=day, account=fund_account(of), client=of, balance_after=Decimal(balance), **known
    )


def message(to: Client, **fields: Any) -> Message:
    """An unread message with its why line."""
    known = {
        "purpose": "service",
        "title": "一笔到期提醒",
        "body": "您持有的理财将于 11-25 到期。",
        "why": "您持有 12,000 份，3 天后到期",
        "evidence": {"position_market_value": "1250000"},
        "data_day": DAY,
        "created_at": NOW,
        **fields,
    }
    return Message.objects.create(client=to, branch=to.branch, **known)


def data_copy(of: Client) -> DataCopy:
    """A copy of his data that a client has asked for, or the one that is being made."""
    return DataCopy.objects.get_or_create(client=of, ready_at=None, defaults={"asked_at": NOW})[0]


def playbook(
    code: str = "", *, steps: tuple[str | dict[str, Any], ...] = ("问候", "说明数字", "记下答复")
) -> PlaybookVersion:
    """A published playbook with one step per text; a step may also be given with all its fields."""
    code = code or f"pb-{next(_number)}"
    book = Playbook.objects.create(code=code, name_zh="标准流程", name_en="Standard process")
    version = PlaybookVersion.objects.create(playbook=book, number=1)
    for order, step in enumerate(steps, start=1):
        known = {"kind": PlaybookStep.Kind.SCRIPT, **(step if isinstance(step, dict) else {"text": step})}
        PlaybookStep.objects.create(version=version, order=order, **known)
    version.state = PlaybookVersion.State.PUBLISHED
    version.save()
    return version


def task(about: Client, *, assignee: Staff | None = None, **fields: Any) -> Task:
    """An open task about a client, for a person or (with `pool=`) for a pool."""
    n = next(_number)
    known = {
        "kind": Task.Kind.TASK,
        "strategy_code": f"KPM-{n:03}",
        "strategy_name_zh": "持仓过度集中",
        "strategy_name_en": "Concentrated portfolio",
        "occurrence": str(n),
        "purpose": "risk",
        "why": "第一大持仓占比 89.71% 不低于 70%",
        "why_en": "Share of the largest holding 89.71% is at least 70%",
        "evidence": {"top1_position_ratio": "0.8971", "position_market_value": "1250000"},
        "evidence_asof": DAY,
        "due_at": NOW + timedelta(hours=6),
        "created_at": NOW,
        **fields,
    }
    return Task.objects.create(client=about, branch=about.branch, assignee=assignee, **known)


def disposition(kind: str, code: str, **fields: Any) -> Disposition:
    """One answer of the outcome panel, made when missing."""
    known = {"label_zh": code, "label_en": code, **fields}
    return Disposition.objects.get_or_create(kind=kind, code=code, defaults=known)[0]


def segment(**fields: Any) -> Segment:
    """A segment of the company unless told otherwise."""
    known = {"name": f"Segment {next(_number)}", "condition": "cash_ratio > 0.5", "created_at": NOW, **fields}
    known["owner"] = fields.get("owner") or staff("Dora", roles=(Role.ANALYST,)).user
    return Segment.objects.create(**known)


def success_case(branch: Branch, **fields: Any) -> SuccessCase:
    """A case of a branch, of nobody yet."""
    known = {"title": f"Case {next(_number)}", "situation": "Idle cash", "done": "Call\nAsk", "result": "Well"}
    known = {**known, "written_at": NOW, **fields}
    known["author"] = fields.get("author") or staff("Erin", at=branch).user
    return SuccessCase.objects.create(branch=branch, **known)


def segment_export(of: Segment, place: Branch, **fields: Any) -> SegmentExport:
    """A list of a segment's clients in a branch that its owner has asked for."""
    known = {"condition": of.condition, "reason": "A letter", "asked_by": of.owner, "asked_at": NOW, **fields}
    return SegmentExport.objects.create(segment=of, place=place, **known)


def strategy(code: str = "X-1", **fields: Any) -> Strategy:
    """The strategy with this code, made with a draft that pushes nothing yet when there is none."""
    found = Strategy.objects.filter(code=code).first()
    if found:
        return found
    named = {"name_zh": "例", "name_en": "Case", "lifecycle": "growth", "business": "trading", "family": "例"}
    made = Strategy.objects.create(code=code, **named)
    said = {"purpose": "service", "condition": "account_age_days > 100", "action": "task", "channels": ["phone"]}
    StrategyVersion.objects.create(strategy=made, number=1, handler="client_manager", **{**said, **fields})
    return made
