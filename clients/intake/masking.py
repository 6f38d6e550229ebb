"""Masks what looks personal in texts that are not known to be: long runs of digits and e-mail addresses."""

import re

EMAIL = re.compile(r"([\w+-])[\w.+-]{0,63}(@[\w.-]{1,255})")  # bounded: a long text costs no more than its length
NUMBER = re.compile(r"\d{11,}[Xx]?")  # mobile, identity and card numbers
RUN = re.compile(r"\d{7,}[Xx]?")  # no name of a column has so many


def masked(text: str, number: re.Pattern[str] = NUMBER) -> str:
    """Return the text with its numbers but for the last four digits, and its addresses but for the first letter."""
    return EMAIL.sub(r"\1***\2", number.sub(lambda found: "*" * (len(found[0]) - 4) + found[0][-4:], text))


def looks_personal(name: str) -> bool:
    """Say whether the name of a column looks like somebody's number or address."""
    return masked(name, RUN) != name
