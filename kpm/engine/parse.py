"""From text to one sqlglot tree: size, characters, words, exactly one statement."""

import re
import unicodedata

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokens import Token, TokenType

from kpm.engine.problem import ConditionError, refuse

DIALECT = "duckdb"
LONGEST = 4000
INVISIBLE = ("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp")
DEEPEST_BRACKETS = 24
WORDS = {
    TokenType.VAR, TokenType.NUMBER, TokenType.STRING, TokenType.L_PAREN, TokenType.R_PAREN, TokenType.COMMA,
    TokenType.AND, TokenType.OR, TokenType.NOT, TokenType.BETWEEN, TokenType.IN, TokenType.IS, TokenType.NULL,
    TokenType.TRUE, TokenType.FALSE, TokenType.DATE, TokenType.EQ, TokenType.NEQ, TokenType.LT, TokenType.LTE,
    TokenType.GT, TokenType.GTE, TokenType.PLUS, TokenType.DASH, TokenType.STAR,
}  # fmt: skip
NUMBER = re.compile(r"\d{1,14}(\.\d{1,6})?")
TEXT = re.compile(r"'(?:[^']|'')*'")
PLAIN = re.compile(r"[A-Za-z0-9_ \t\r\n().,=<>+*'-]")
HINTS = {
    ";": ("statements", "Only one expression is allowed; take out the semicolon."),
    "/": ("division", "Division is not allowed; write safe_div(a, b), which is empty for a zero divisor."),
    "%": ("division", "The remainder % is not allowed."),
    "!": ("operator", "Write <> for 'not equal' and NOT for negation; ! is not allowed."),
    '"': ("quoted_name", "Feature names are written without quotation marks; texts take single ones."),
    "`": ("quoted_name", "Feature names are written without quotation marks."),
    "?": ("parameter", "Parameters are not allowed; write the value."),
    "$": ("parameter", "Parameters and dollar quotes are not allowed; write the value."),
    ":": ("cast", "Casts and parameters (: and ::) are not allowed."),
    "@": ("parameter", "Parameters are not allowed; write the value."),
    "#": ("comment", "Comments are not allowed in a condition."),
}


def parse(text: str) -> exp.Expr:
    """Parse one condition; ConditionError when it is not exactly one expression in plain words.

    Size, characters (a semicolon among them), brackets and words are looked at before the parser runs, so
    that no text can exhaust it or reach a statement it knows.
    """
    _check_size(text)
    blank = TEXT.sub(lambda found: "'" + " " * (len(found.group()) - 2) + "'", text)
    _check_characters(text, blank)
    _check_brackets(blank)
    for token in _tokens(text):
        _check_token(token, text)
    statements = _statements(text)
    if len(statements) != 1:
        raise refuse("statements", "Write exactly one expression.")
    return statements[0]


def _check_size(text: str) -> None:
    if not text.strip():
        raise refuse("empty", "The condition is empty; write at least one comparison.")
    if len(text) > LONGEST:
        raise refuse("too_long", f"The condition has {len(text)} characters; at most {LONGEST} are allowed.")


def _check_characters(text: str, blank: str) -> None:
    for position, char in enumerate(blank):
        if not PLAIN.match(char):
            code, message = HINTS.get(char, ("character", f"The character {char!r} is not allowed here."))
            raise refuse(code, message, position)
    for position, char in enumerate(text):
        if unicodedata.category(char) in INVISIBLE and char not in "\t\r\n":
            raise refuse("character", f"The invisible character {char!r} is not allowed.", position)
    if "--" in blank:
        raise refuse("comment", "Comments are not allowed in a condition.", blank.index("--"))


def _check_brackets(blank: str) -> None:
    depth = 0
    for position, char in enumerate(blank):
        depth += (char == "(") - (char == ")")
        if depth > DEEPEST_BRACKETS:
            raise refuse("too_deep", f"More than {DEEPEST_BRACKETS} brackets inside each other.", position)


def _statements(text: str) -> list[exp.Expr]:
    try:
        found = sqlglot.parse(text, read=DIALECT)
    except RecursionError:
        raise refuse("too_deep", "The condition is nested too deeply to be read.") from None
    except SqlglotError as error:
        raise _not_parsed(error) from None
    return [statement for statement in found if statement is not None]


def _not_parsed(error: SqlglotError) -> ConditionError:
    details = getattr(error, "errors", None) or [{}]
    near = details[0].get("highlight") or ""
    where = f" near {near!r}" if near else ""
    return refuse("not_parsed", f"The condition cannot be read{where}; look for a missing word or bracket.")


def _tokens(text: str) -> list[Token]:
    try:
        return list(sqlglot.tokenize(text, read=DIALECT))
    except SqlglotError as error:
        raise _not_parsed(error) from None


def _check_token(token: Token, text: str) -> None:
    source = text[token.start : token.end + 1]
    if token.comments:
        raise refuse("comment", "Comments are not allowed in a condition.", token.start)
    if token.token_type not in WORDS:
        raise refuse("not_allowed", f"{source} is not allowed in a condition.", token.start, source)
    if token.token_type == TokenType.EQ and source != "=":
        raise refuse("operator", f"Write = instead of {source}.", token.start, source)
    if token.token_type == TokenType.STRING and not source.startswith("'"):
        raise refuse("not_allowed", f"{source} is not a plain text in single quotes.", token.start, source)
    if token.token_type == TokenType.NUMBER and not NUMBER.fullmatch(source):
        advice = "at most 14 digits before and 6 after the point, without exponent or underscore"
        raise refuse("number", f"{source} is not a plain number: {advice}.", token.start, source)
