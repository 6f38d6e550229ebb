"""From text to one sqlglot tree: size, characters, words, exactly one statement."""

import re
import unicodedata

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokens import Token, TokenType

from kpm.engine.problem import ConditionError, refuse
from kpm.engine.problem import gettext_noop as _

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
    ";": ("statements", _("Only one expression is allowed; take out the semicolon.")),
    "/": ("division", _("Division is not allowed; write safe_div(a, b), which is empty for a zero divisor.")),
    "%": ("division", _("The remainder %% is not allowed.")),
    "!": ("operator", _("Write <> for 'not equal' and NOT for negation; ! is not allowed.")),
    '"': ("quoted_name", _("Feature names are written without quotation marks; texts take single ones.")),
    "`": ("quoted_name", _("Feature names are written without quotation marks.")),
    "?": ("parameter", _("Parameters are not allowed; write the value.")),
    "$": ("parameter", _("Parameters and dollar quotes are not allowed; write the value.")),
    ":": ("cast", _("Casts and parameters (: and ::) are not allowed.")),
    "@": ("parameter", _("Parameters are not allowed; write the value.")),
    "#": ("comment", _("Comments are not allowed in a condition.")),
}
NOT_ALLOWED = _("%(piece)s is not allowed in a condition.")
NOT_A_NUMBER = _(
    "%(piece)s is not a plain number: at most 14 digits before and 6 after the point, no exponent or underscore."
)


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
        raise refuse("statements", _("Write exactly one expression."))
    return statements[0]


def _check_size(text: str) -> None:
    if not text.strip():
        raise refuse("empty", _("The condition is empty; write at least one comparison."))
    if len(text) > LONGEST:
        sentence = _("The condition has %(count)s characters; at most %(most)s are allowed.")
        raise refuse("too_long", sentence, count=len(text), most=LONGEST)


def _check_characters(text: str, blank: str) -> None:
    for position, char in enumerate(blank):
        if not PLAIN.match(char):
            code, sentence = HINTS.get(char, ("character", _("The character %(char)s is not allowed here.")))
            raise refuse(code, sentence, position, char=ascii(char))
    for position, char in enumerate(text):
        if unicodedata.category(char) in INVISIBLE and char not in "\t\r\n":
            sentence = _("The invisible character %(char)s is not allowed.")
            raise refuse("character", sentence, position, char=ascii(char))
    if "--" in blank:
        raise refuse("comment", _("Comments are not allowed in a condition."), blank.index("--"))


def _check_brackets(blank: str) -> None:
    depth = 0
    for position, char in enumerate(blank):
        depth += (char == "(") - (char == ")")
        if depth > DEEPEST_BRACKETS:
            sentence = _("More than %(most)s brackets inside each other.")
            raise refuse("too_deep", sentence, position, most=DEEPEST_BRACKETS)


def _statements(text: str) -> list[exp.Expr]:
    try:
        found = sqlglot.parse(text, read=DIALECT)
    except RecursionError:
        raise refuse("too_deep", _("The condition is nested too deeply to be read.")) from None
    except SqlglotError as error:
        raise _not_parsed(error) from None
    return [statement for statement in found if statement is not None]


def _not_parsed(error: SqlglotError) -> ConditionError:
    details = getattr(error, "errors", None) or [{}]
    near = details[0].get("highlight") or ""
    if not near:
        return refuse("not_parsed", _("The condition cannot be read; look for a missing word or bracket."))
    sentence = _("The condition cannot be read near %(near)s; look for a missing word or bracket.")
    return refuse("not_parsed", sentence, near=near)


def _tokens(text: str) -> list[Token]:
    try:
        return list(sqlglot.tokenize(text, read=DIALECT))
    except SqlglotError as error:
        raise _not_parsed(error) from None


def _check_token(token: Token, text: str) -> None:
    source = text[token.start : token.end + 1]
    if token.comments:
        raise refuse("comment", _("Comments are not allowed in a condition."), token.start)
    if token.token_type not in WORDS:
        raise refuse("not_allowed", NOT_ALLOWED, token.start, source, piece=source)
    if token.token_type == TokenType.EQ and source != "=":
        raise refuse("operator", _("Write = instead of %(piece)s."), token.start, source, piece=source)
    if token.token_type == TokenType.STRING and not source.startswith("'"):
        sentence = _("%(piece)s is not a plain text in single quotes.")
        raise refuse("not_allowed", sentence, token.start, source, piece=source)
    if token.token_type == TokenType.NUMBER and not NUMBER.fullmatch(source):
        raise refuse("number", NOT_A_NUMBER, token.start, source, piece=source)
