"""What files of several owners look up in the register, as SQL over the staged line `s`."""

from clients.intake.checks import Check

CLIENT = "LEFT JOIN register_client cl ON cl.client_no = s.client_no"
BRANCH = "LEFT JOIN org_branch br ON br.code = s.branch"
NO_CLIENT = Check(
    "E_NO_CLIENT", "client_no", "cl.id IS NULL", "no client {} is known: import the clients first", "s.client_no"
)
NO_BRANCH = Check("E_ENUM", "branch", "br.id IS NULL", "no branch has the code '{}'", "s.branch")
# Accounts that hold cash; their numbers are unique among each other (constraint fund_account_once).
CASH_KINDS = "('fund', 'credit_fund', 'pension')"
FUND_ACCOUNT = f"LEFT JOIN register_account a ON a.account_no = s.fund_account AND a.kind IN {CASH_KINDS}"
NO_ACCOUNT = Check(
    "E_NO_ACCOUNT",
    "fund_account",
    "a.id IS NULL",
    "no fund account {} is known: import the accounts first",
    "s.fund_account",
)
CLOSED = Check(
    "E_CLOSED",
    "fund_account",
    "a.opened_on > s.day OR a.closed_on < s.day OR (a.status = 'closed' AND a.closed_on IS NULL)",
    "the account was not open on that day ({})",
    "a.opened_on || ' to ' || coalesce(a.closed_on::text, '')",
)
