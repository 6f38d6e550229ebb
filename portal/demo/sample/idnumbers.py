"""Numbers with a check character: resident ID (GB 11643) and unified social credit code (GB 32100)."""

from datetime import date

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECK = "10X98765432"
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def id_number(area: str, born: date, order: int) -> str:
    """Return a resident ID number; `order` 1-999 is odd for men. Areas ending in 01 are given to no resident."""
    body = f"{area}{born:%Y%m%d}{order:03d}"
    return body + ID_CHECK[sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True)) % 11]


def credit_code(area: str, number: int) -> str:
    """Return the unified social credit code of a company; `number` (8 digits) is its organisation code."""
    body = f"91{area}{_organisation_code(number)}"
    total = sum(CREDIT_ALPHABET.index(char) * pow(3, i, 31) for i, char in enumerate(body))
    return body + CREDIT_ALPHABET[-total % 31]


def _organisation_code(number: int) -> str:
    body = f"{number:08d}"
    check = 11 - sum(int(digit) * weight for digit, weight in zip(body, ORG_WEIGHTS, strict=True)) % 11
    return body + {10: "X", 11: "0"}.get(check, str(check))
