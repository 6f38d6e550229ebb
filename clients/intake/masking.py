"""Masks what looks personal in texts that are not known to be: long numbers, e-mail addresses, Chinese words."""

import re

EMAIL = re.compile(r"([\w+-])[\w.+-]{0,63}(@[\w.-]{1,255})")  # bounded: a long text costs no more than its length
NUMBER = re.compile(r"\d(?:[ -]?\d){10,}[Xx]?")  # mobile, identity and card numbers, also written in groups
WORDS = re.compile(r"[\u3400-\u9fff][\u3400-\u9fff·]+")  # a name or an address, for all that anybody knows
RUN = re.compile(r"\d{7,}[Xx]?")  # no name of a column has so many


def masked(text: str, number: re.Pattern[str] = NUMBER) -> str:
    """Return the text with its numbers but for the last four digits, and its addresses but for the first letter."""
    return EMAIL.sub(r"\1***\2", number.sub(lambda found: "*" * (len(found[0]) - 4) + found[0][-4:], text))


def masked_words(text: str) -> str:
    """Return the text with numbers and addresses masked, and Chinese words but for their first character."""
    return WORDS.sub(lambda found: found[0][0] + "*" * (len(found[0]) - 1), masked(text))


def looks_personal(name: str) -> bool:
    """Say whether the name of a column looks like somebody's number or address."""
    return masked(name, RUN) != name
