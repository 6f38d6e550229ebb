"""The file kind of the news: articles as their sources gave them. Importing this registers it."""

import json
from collections.abc import Iterator

from clients.intake.checks import Check, Problem
from clients.intake.masking import masked
from clients.intake.merging import Facts
from clients.intake.registry import Kind, Merge, Note, Row, register
from clients.intake.shapes import shape
from clients.market.symbols import read_symbol
from kpm.news.models import Article
from kpm.news.rules import rules
from kpm.news.safetext import plain_text

RULES = rules()
COLUMNS = shape(
    """
    **source**:s60* **source_id**:s200* published_at:t* kind:e*(flash, news, announcement, research) title:h*
    body:h url:s500 lang:e(zh, en) symbols:s rating:e(buy, add, hold, reduce) licence:s40*
    reversal_of:s200
    """
)
LISTED = ", ".join(f"'{licence}'" for licence in RULES.licences)
CHECKS = (
    Check(
        "E_FUTURE",
        "published_at",
        f"published_at > :now + INTERVAL {RULES.minutes_ahead} MINUTE",
        "{} lies in the future",
        "published_at",
    ),
    Check(
        "E_RANGE",
        "title",
        f"length(title) > {RULES.longest_title}",
        f"the title is longer than {RULES.longest_title} characters",
    ),
    Check("E_TYPE", "url", "NOT regexp_matches(url, '^https?://')", "'{}' is no web address", "url"),
    Check(
        "E_ENUM",
        "licence",
        f"licence NOT IN ({LISTED})",
        f"the licence '{{}}' does not allow display: {', '.join(RULES.licences)} do",
        "licence",
    ),
    Check("E_RANGE", "reversal_of", "reversal_of = source_id", "an article cannot take back itself"),
)
FACTS = Facts(
    Article,
    key={"source": "s.source", "source_id": "s.source_id"},
    same="published_at kind title body url lang rating licence reversal_of",
    other={"symbols": "string_to_array(coalesce(s.symbols, ''), ';')::varchar[]"},
    needs={"symbols": "symbols"},
)
UNKNOWN = """
    SELECT symbol, count(*) FROM intake_good s CROSS JOIN unnest(string_to_array(s.symbols, ';')) AS symbol
    WHERE NOT EXISTS (SELECT FROM market_security k WHERE k.code || '.' || k.exchange_id = symbol)
    GROUP BY 1 ORDER BY 1
"""
TOLD = 20  # unknown symbols that are named; the others are counted


def prepare(rows: list[Row], note: Note) -> Iterator[Problem]:
    """Reduce HTML to safe text and write symbols as the house does."""
    for row in rows:
        row["title"], row["body"] = plain_text(row["title"]), plain_text(row["body"] or "") or None
        if not row["title"]:
            yield Problem(row["line"], "E_REQUIRED", "title", "the title holds no text")
        row["symbols"] = ";".join(dict.fromkeys(_symbols(row["symbols"] or "", note))) or None


def _symbols(text: str, note: Note) -> Iterator[str]:
    given = json.loads(text) if text.startswith("[") else text.replace(",", ";").split(";")
    for word in (str(word).strip() for word in given):
        if found := read_symbol(word):
            yield f"{found[1]}.{found[0]}"
        elif word:
            note(f"'{masked(word[:20])}' is no symbol", 1)


def write(merge: Merge) -> int:
    """Insert the articles that are new; symbols nobody knows are kept and said."""
    unknown = merge.rows(UNKNOWN)
    for symbol, count in unknown[:TOLD]:
        merge.note(f"no security {symbol} is known", count)
    merge.note("further symbols that are not known", len(unknown) - TOLD)
    return FACTS.write(merge, FACTS.join())


KIND = register(
    Kind(
        name="news",
        title="articles and flashes",
        columns=COLUMNS,
        checks=CHECKS,
        joins=FACTS.join(),
        record_checks=(FACTS.conflict(),),
        prepare=prepare,
        write=write,
    )
)
