"""What a client's copy holds: of each table the columns that are his to have, and the tables that are left out.

Columns are looked up as the ORM writes it (`security__code`). A kind with `lake` has its older days there, under the
same names. Rows always go through `clients.org.access.scope`, which gives a client his own and nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from advisory.taskqueue.selectors import BEGUN, TOLD, WORK
from clients.portrait.traits.trait import Text
from clients.shared import masking

SECURITY = "security__code security__exchange security__name"
ACCOUNT = "account__kind account__account_no"
# Facts that tell of what he did or got; the others are the house's notes about its own work.
FACTS = ("signed_in", "sign_in_locked", "message_delivered", "message_read")
DONE = "done"


@dataclass(frozen=True)
class Kind:
    """One kind of rows: `model` of the record and `lake`, a table of the lake; one of them may be empty.

    `masks` hides parts of what his own pages hide too.
    """

    name: str
    title: Text
    fields: tuple[str, ...]
    model: str = ""
    lake: str = ""
    where: Q = field(default_factory=Q)
    masks: Mapping[str, Callable[[str], str]] = field(default_factory=dict)


def _kind(name: str, title: Text, fields: str, model: str = "", **options: object) -> Kind:
    return Kind(name, title, tuple(fields.split()), model, **options)  # type: ignore[arg-type]


def _his(prefix: str = "") -> Q:
    """Tasks that the client may hear of: begun or done, and no matter of selling or of the law."""
    said = {"purpose__in": TOLD, "kind__in": WORK, "state__in": [*BEGUN, DONE]}
    return Q(**{f"{prefix}{name}": value for name, value in said.items()})


HIDDEN: dict[str, Callable[[str], str]] = {
    "account__account_no": masking.mask_account,
    "account_no": masking.mask_account,
    "mobile": masking.mask_mobile,
    "id_no": masking.mask_id_no,
    "unified_account": masking.mask_account,
}
KINDS = (
    _kind(
        "client", _("Who you are"),
        "client_no name kind id_type id_no id_valid_from id_valid_to birth_date sex nationality mobile email address "
        "occupation education income_band tax_residency brokers_elsewhere assets_elsewhere unified_account "
        "branch__name manager__staff_no manager__name manager_since opened_on status created_at changed_at",
        "register.Client", masks=HIDDEN,
    ),
    _kind("registration", _("Registration"), "source at", "register.Registration"),
    _kind(
        "accounts", _("Accounts"),
        "kind market account_no main designated status opened_on closed_on branch__name bank depository commission "
        "min_commission first_trade_on permissions",
        "register.Account", masks=HIDDEN,
    ),
    _kind(
        "risk_assessments", _("Answers about risk"),
        "level lowest assessed_on valid_to max_horizon_days intended_kinds source", "register.RiskAssessment",
    ),
    _kind("consents", _("Consents"), "purpose version at given channel", "register.Consent"),
    _kind("contact_preferences", _("How you may be reached"), "channel allowed hours", "register.ContactPreference"),
    _kind("watchlist", _("Securities you watch"), f"{SECURITY} added_at removed_at", "register.WatchlistItem"),
    _kind(
        "contacts", _("Contacts between us"), "channel outbound purpose started_at ended_at staff__staff_no reached",
        "register.Touch",
    ),
    _kind("grants", _("Staff to whom you were opened by name"), "staff__staff_no granted_at expires_at",
          "register.ClientGrant"),
    _kind(
        "trades", _("Trades"),
        f"day time {ACCOUNT} {SECURITY} side business quantity price amount commission stamp_tax transfer_fee "
        "other_fee net_amount currency trade_no order_no channel reversal_of",
        "ledger.Trade", masks=HIDDEN,
    ),
    _kind(
        "cash", _("Cash"), f"day time {ACCOUNT} kind amount balance_after currency bank memo flow_no reversal_of",
        "ledger.CashFlow", masks=HIDDEN,
    ),
    _kind(
        "positions", _("Holdings at the close of each day"),
        f"day {ACCOUNT} {SECURITY} quantity available frozen unsettled cost_price last_price market_value collateral",
        "ledger.Position", lake="positions", masks=HIDDEN,
    ),
    _kind(
        "products", _("Products at the close of each day"),
        f"day {ACCOUNT} product__ta_code product__product_code product__name shares cost market_value",
        "ledger.ProductHolding", lake="product_holdings", masks=HIDDEN,
    ),
    _kind(
        "margin", _("Margin account at the close of each day"),
        f"day {ACCOUNT} cash collateral_value debt ratio credit_line warn_line call_line close_line call_day",
        "ledger.MarginAccountDay", lake="margin_accounts", masks=HIDDEN,
    ),
    _kind(
        "margin_contracts", _("Margin contracts at the close of each day"),
        f"day {ACCOUNT} contract_no kind {SECURITY} opened_on due_on principal quantity outstanding interest rate "
        "extended status",
        "ledger.MarginContractDay", lake="margin_contracts", masks=HIDDEN,
    ),
    _kind("commission", _("Commission by month"), "month amount", "ledger.CommissionMonth"),
    _kind("messages", _("Messages"), "created_at purpose title body why valid_until read_at", "inbox.Message"),
    _kind(
        "deliveries", _("Ways of the messages"), "message__title channel sent_at delivered_at read_at failed_at reason",
        "inbox.Delivery",
    ),
    _kind(
        "services", _("What was done for you"),
        "created_at kind purpose strategy_name_zh strategy_name_en why state closed_at last_worker__staff_no",
        "taskqueue.Task", where=_his(),
    ),
    _kind("outcomes", _("What came of it"), "at task__strategy_name_zh contact response staff__staff_no",
          "taskqueue.TaskResult", where=_his("task__")),
    _kind("facts", _("Signing in, and messages opened"), "at kind object_id properties", "behaviour.BusinessFact",
          where=Q(kind__in=FACTS)),
    _kind("devices", _("Browsers and devices known as yours"), "anonymous_id at", "behaviour.AnonymousLink"),
    _kind(
        "events", _("What you did on screen"),
        "happened_at type event anonymous_id channel platform device os browser city region context properties",
        lake="events",
    ),
    _kind(
        "visits", _("Visits"),
        "day started_at ended_at dwell_ms entry_page exit_page open_form pages events platform device os browser city",
        lake="sessions",
    ),
    _kind("declarations", _("What you said of the conclusions"), "at trait value", "portrait.Declaration"),
    _kind("copies", _("Copies you asked for"), "asked_at ready_at expires_at fetched_at size", "home.DataCopy"),
)  # fmt: skip
# Tables about clients of which a copy holds nothing, each with its reason.
LEFT_OUT: dict[str, str] = {
    "register.ContactHold": "complaints, proceedings and deaths are kept apart, also from the client's pages",
    "strategies.Hit": "what a rule found; messages and services say which of your figures were the reason",
    "strategies.HitEnding": "what a rule found; messages and services say which of your figures were the reason",
    "strategies.HitFeedback": "the same as the outcomes of services",
    "strategies.Assignment": "the lot by which services are compared; knowing it would spoil the comparison",
    "strategies.UniversalHoldout": "the lot by which services are compared; knowing it would spoil the comparison",
    "outcomes.Outcome": "how services are compared; worked out from trades and money that the copy holds",
    "outcomes.CaseClient": "days of services that a branch learns from; the services themselves are in the copy",
    "dispatch.RoutingDecision": "to whom work was given; the work itself is in the copy",
    "dispatch.FollowUp": "work that is only planned",
    "taskqueue.TaskEvent": "steps of work; the work itself is in the copy",
}
