"""Files whose lines are of a form of their kind's own: which file is one, and rows made of its lines one by one.

A row goes on as the text of a JSON object, so that all that is checked of files of JSON is checked of these too.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from clients.intake.checks import Problem
from clients.intake.cleaning import LONGEST, US, Cleaned, Unreadable, decoded
from clients.intake.fitting import Fit, fit_objects
from clients.intake.options import Options
from clients.intake.registry import Form, Kind, Row

LOG = ".log"  # in the name of a file that may begin with a line that cannot be read
ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class LeftOut(Exception):
    """This line is right and tells nothing that the kind keeps; the message says which sort it is, and is counted."""


class Translator:
    """Cleans block after block as `Cleaner` does, making rows of lines."""

    def __init__(self, translate: Callable[[bytes], str]) -> None:
        """`translate` returns the text of a line's row; raises Unreadable and LeftOut."""
        self._translate = translate

    def clean(self, number: int, lines: list[bytes], *, last: bool = False) -> Cleaned:
        """Clean the lines of one block, the first of which has this number; blank ones and those left out are none."""
        cleaned, plain = Cleaned(b"", 0), []
        for at, line in enumerate(lines, number):
            try:
                if line.strip():
                    plain.append(f"{at}{US}{self._translate(line)}\n")
            except LeftOut as why:
                cleaned.notes[str(why)] += 1
            except Unreadable as why:
                cleaned.faults.append(Problem(at, why.code, "", str(why)))
        cleaned.data, cleaned.records = "".join(plain).encode(), len(plain) + len(cleaned.faults)
        return cleaned


def form_of(kind: Kind, options: Options, *, name: str, shown: str, lines: Sequence[bytes]) -> Form | None:
    """Return the form that the operator names or the first line or the file's name tells; None for CSV and JSON.

    `shown` is what the first bytes of the file tell.
    """
    if options.form:
        return kind.forms[options.form]
    if shown != "csv":
        return None
    first = next((line for line in lines if line.strip()), b"")[:LONGEST].decode("latin-1")
    return next((form for form in kind.forms.values() if LOG in name or form.fits(first)), None)


def fit_form(kind: Kind, options: Options, form: Form) -> Fit:
    """Fit a file of this form; raises BadUsage when an option does not fit it."""
    read, given = form.reader(options.mapped, options.pages), options.given

    def translate(line: bytes) -> str:
        return ENCODE(_without(read(decoded(line, options.encoding)), given))

    return replace(fit_objects(kind, replace(options, mapped={})), options=options, form=form, translate=translate)


def _without(row: Row, given: Mapping[str, str]) -> Row:
    """What is set for every line is not read from it."""
    return {name: value for name, value in row.items() if name not in given} if given else row
