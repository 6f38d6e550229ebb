"""Collect the texts of pages and code into the Chinese catalogue, or check that it is complete.

`python bin/messages.py` updates locale/zh_Hans/LC_MESSAGES/django.po; `--check` changes nothing and fails when a text
is missing, untranslated or fuzzy. English needs no catalogue: the msgids are English. gettext's own binaries may be
absent on a fresh machine, so Babel does the work; Django's `templatize` turns templates into something it can read.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
FLOORS = ("clients", "kpm", "advisory", "portal")
KEYWORDS = {
    "_": None, "_t": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
}  # fmt: skip
CALL = re.compile(r"\b(n?p?gettext|_)\(((?:u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\"|[\s,]|count)+)\)")
COUNT = re.compile(r",\s*count\s*$")  # the last argument of ngettext, not a part of a word like "account"
Found = tuple[str, Any, str | None, str]


def collect() -> Catalog:
    """Return a catalogue of every text that the house shows."""
    catalog = Catalog()
    for where, message, context, comment in [*from_python(), *from_templates()]:
        catalog.add(message, locations=[(where, 0)], context=context, auto_comments=[comment] if comment else [])
    return catalog


def from_python() -> Iterator[Found]:
    """Yield the texts of Python files."""
    for path in sorted(p for floor in FLOORS for p in (ROOT / floor).rglob("*.py") if "migrations" not in p.parts):
        with path.open("rb") as file:
            for _line, message, _comments, context in extract("python", file, keywords=KEYWORDS):
                yield str(path.relative_to(ROOT)), message, context, ""


def from_templates() -> Iterator[Found]:
    """Yield the texts of templates."""
    for path in sorted((ROOT / "templates").rglob("*.*")):
        for name, arguments in CALL.findall(templatize(path.read_text(encoding="utf-8"))):
            texts = [*ast.literal_eval(f"[{COUNT.sub('', arguments)}]")]
            context = texts.pop(0) if "p" in name else None
            yield str(path.relative_to(ROOT)), tuple(texts) if name.startswith("n") else texts[0], context, ""


def problems(texts: Catalog, translated: Catalog) -> list[str]:
    """Name every text that is missing, untranslated or fuzzy, or whose placeholders are others than in English."""
    found = []
    for message in texts:
        if not message.id:
            continue
        known = translated.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
        if known is None or not translated_whole(known.string):
            found.append(f"not translated: {message.id!r} ({', '.join(place for place, _ in message.locations)})")
        elif known.fuzzy:
            found.append(f"fuzzy: {message.id!r}")
    return found + [f"wrong: {message.id!r}: {fault}" for message, faults in translated.check() for fault in faults]


def translated_whole(string: object) -> bool:
    """Whether a text, or every form of a plural, has its translation."""
    return all(string) if isinstance(string, list | tuple) and string else bool(string)


def main() -> int:
    """Update the catalogue, or check it; the exit status says whether it is complete."""
    settings.configure(USE_I18N=True)
    texts = collect()
    translated = read_po(io.BytesIO(PO.read_bytes()), locale="zh_Hans")
    if "--check" not in sys.argv:
        translated.update(texts, no_fuzzy_matching=True)
        translated.obsolete.clear()
        with PO.open("wb") as file:
            write_po(file, translated, width=120, sort_output=True, no_location=True, omit_header=False)
    missing = problems(texts, translated)
    print("\n".join(missing) or f"{len(translated)} texts, all translated")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
