"""Who lives in the sample branch, by construction: the people that tests and guides may name.

All persons and companies are invented. `T` is the last trading day given to `write_sample`. The first
thirteen client numbers are the cast below; from C0000014 on stand ordinary clients. Branch HF01 has the managers
E0101 and E0102, branch NJ01 the manager E0201; the advisers E0103 and E0202 manage nobody.

What a run of the strategies on T must find is in `EXPECTED`; no other client meets those conditions.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Character:
    """One person of the cast; `level` is the risk level (1-5), None where no assessment exists."""

    client_no: str
    name: str
    sex: str
    born: date | None
    branch: str
    manager_no: str
    level: int | None
    role: str


CONCENTRATED = Character(
    "C0000001", "顾长河", "M", date(1968, 4, 12), "HF01", "E0101", 4,
    "holds nearly 90 % of his assets in 603849.SH, worth 400,000 or more at T (MAT-TRD-019, an adviser's task)",
)  # fmt: skip
BIG_MOVE = Character(
    "C0000002", "沈若溪", "F", date(1985, 9, 23), "NJ01", "E0201", 4,
    "holds nearly half of her assets in 301940.SZ, up 8 % on T, far from its limit (MAT-TRD-016, a message)",
)  # fmt: skip
QUIET_STARTER = Character(
    "C0000003", "陆明舟", "M", date(1998, 2, 6), "HF01", "E0101", 3,
    "made his only trade some 24 days before T, the rest is cash; agrees to marketing (GRW-TRD-001)",
)  # fmt: skip
QUIET_REFUSER = Character(
    "C0000004", "乔晚晴", "F", date(1997, 11, 18), "HF01", "E0102", 3,
    "like him, some 33 days before T, but withdrew her consent to marketing: stopped at the consent gate",
)  # fmt: skip
EXPIRED = Character(
    "C0000005", "卫景行", "M", date(1974, 6, 30), "HF01", "E0101", 3,
    "trades now and then; his risk assessment has expired",
)  # fmt: skip
UNASSESSED = Character(
    "C0000006", "唐静姝", "F", date(1979, 1, 15), "NJ01", "E0201", None,
    "never answered the questionnaire, never agreed to marketing; holds only cash",
)  # fmt: skip
LOWEST = Character(
    "C0000007", "孟秋实", "M", date(1949, 8, 3), "HF01", "E0102", 1,
    "lowest risk class (risk_lowest = 1); holds only the treasury bond fund 511005.SH",
)  # fmt: skip
COMPANY = Character(
    "C0000008", "示例远航贸易有限公司", "", None, "NJ01", "E0201", 3,
    "an organisation",
)  # fmt: skip
DORMANT = Character(
    "C0000009", "方怀瑾", "M", date(1961, 12, 9), "HF01", "", 2,
    "dormant: small cash, no trade, no manager, an old assessment",
)  # fmt: skip
CLOSED = Character(
    "C0000010", "叶听澜", "F", date(1983, 3, 27), "NJ01", "E0201", 2,
    "closed all accounts before the first trading day of the sample",
)  # fmt: skip
MARGIN = Character(
    "C0000011", "秦望舒", "F", date(1976, 10, 1), "HF01", "E0102", 4,
    "has a credit account with one financing contract",
)  # fmt: skip
MARGIN_TWO = Character(
    "C0000012", "韩清和", "M", date(1971, 5, 21), "NJ01", "E0201", 5,
    "has a credit account with one financing contract",
)  # fmt: skip
MARGIN_THREE = Character(
    "C0000013", "江临风", "M", date(1981, 7, 14), "HF01", "E0101", 5,
    "has a credit account with two financing contracts",
)  # fmt: skip

CAST = (
    CONCENTRATED, BIG_MOVE, QUIET_STARTER, QUIET_REFUSER, EXPIRED, UNASSESSED, LOWEST, COMPANY, DORMANT,
    CLOSED, MARGIN, MARGIN_TWO, MARGIN_THREE,
)  # fmt: skip
CREDIT = (MARGIN, MARGIN_TWO, MARGIN_THREE)
QUIET = (QUIET_STARTER, QUIET_REFUSER)

# The securities the story turns on, as (exchange, code).
HEAVY = ("SH", "603849")
GAINER = ("SZ", "301940")  # held by BIG_MOVE alone
SUSPENDED = ("SZ", "000770")  # no trading from the 30th to the 24th trading day before the end
BOND_FUND = ("SH", "511005")

# Strategy code -> client numbers whose condition is true on T.
EXPECTED = {
    "MAT-TRD-019": (CONCENTRATED.client_no,),
    "MAT-TRD-016": (BIG_MOVE.client_no,),
    "GRW-TRD-001": (QUIET_STARTER.client_no, QUIET_REFUSER.client_no),
}
# Of those, stopped at the consent gate.
REFUSED = {"GRW-TRD-001": (QUIET_REFUSER.client_no,)}
