"""Takes one file in: read and screen piece by piece, stage, then judge and write in one transaction."""

import csv
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path

from django.db import connection, transaction

from clients.intake import parquet, record, rejects
from clients.intake.checks import Problem
from clients.intake.cleaning import Cleaned, Cleaner, marked_cut
from clients.intake.fitting import Fit, WrongHeader, fit_header, fit_objects
from clients.intake.folder import private_folder
from clients.intake.opening import BadFile, Opened
from clients.intake.options import FORMAT, BadUsage, Options
from clients.intake.registry import Kind
from clients.intake.screening import Screen
from clients.intake.staging import Staging
from clients.intake.translating import Translator, fit_form, form_of

MERGING = 0x494D4D  # first key of the lock that lets one file of a kind be written at a time
SETTINGS = "SET LOCAL work_mem = '64MB'; SET LOCAL jit = off;"
CUT = "the compressed file is cut off here: what came before was read, fetch the file again"
HEADLESS = "the first line cannot be read as a header: end each line with LF or CRLF and name one column per field"


@dataclass(frozen=True)
class Order:
    """What was asked for. `progress` is told (bytes read, size of the file, lines read)."""

    kind: Kind
    path: Path
    options: Options
    now: datetime
    target: Path
    progress: Callable[[int, int, int], None] | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of a file; `codes` counts problems by code, `notes` says what was derived or is worth a look."""

    lines: int = 0
    accepted: int = 0
    unchanged: int = 0
    rejected: int = 0
    money: Decimal | None = None
    clients: int | None = None
    codes: dict[str, int] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)
    sha256: str = ""
    reject_file: str = ""
    refused: str = ""


def take(order: Order, keep: Callable[[Outcome], None]) -> Outcome:
    """Take the file in; `keep` is called with the outcome inside the transaction of the merge.

    Raises BadFile when the file as a whole cannot be read, BadUsage when an option does not fit it.
    """
    with private_folder() as folder, Opened(order.path) as opened:
        if opened.form != "parquet":
            return Taking(order, order.path, opened, folder, keep).take(lambda: opened.digest)
        if order.options.form:
            raise BadUsage(f"--set {FORMAT}={order.options.form}: the file is Parquet; leave it out.")
        packed, source = folder / "packed", folder / "rows.csv"
        opened.copy_to(packed)
        parquet.to_csv(packed, source)
        plain = replace(order, options=replace(order.options, delimiter=",", encoding="utf-8"))
        with Opened(source) as converted:
            return Taking(plain, source, converted, folder, keep).take(lambda: opened.digest)


class Taking:
    """One text file on its way in."""

    def __init__(
        self, order: Order, source: Path, opened: Opened, folder: Path, keep: Callable[[Outcome], None]
    ) -> None:
        """`source` is what is read line by line: the file itself, or what was made of it."""
        self.order, self.source, self.opened, self.folder, self.keep = order, source, opened, folder, keep
        self.kind, self.blocks = order.kind, opened.blocks()
        self.records, self.money = 0, Decimal(0)

    def take(self, digest: Callable[[], str]) -> Outcome:
        """Do all of it; `digest` is asked when everything has been read."""
        number, lines = next(self.blocks, (0, []))
        if not number:
            raise BadFile(f"{self.order.path.name} is empty.")
        try:
            fit = self._fit(lines)
        except WrongHeader as why:
            return self._refuse(why, digest())
        first = (number, lines) if fit.objects else (number + 1, lines[1:])
        with Staging(self.kind, fit.present, self.order.now, dry_run=self.order.options.dry_run) as staging:
            with closing(Screen(fit, self.folder, self.order.now)) as screen:
                self._stage(first, fit, screen, staging)
                return self._merge(fit, screen.repeated(), staging, digest())

    def _fit(self, lines: list[bytes]) -> Fit:
        options = self.order.options
        if form := form_of(self.kind, options, name=self.order.path.name, shown=self.opened.form, lines=lines):
            return fit_form(self.kind, options, form)
        if options.pages:
            named = " or ".join(f"--set {FORMAT}={name}" for name in self.kind.forms)
            raise BadUsage(f"--map {next(iter(options.pages))}: the file names no pages; if it does, give {named}.")
        if self.opened.form == "jsonl":
            return fit_objects(self.kind, options)
        try:
            text = lines[0].decode(options.encoding)
            return fit_header(self.kind, options, next(csv.reader([text], delimiter=options.delimiter), []))
        except UnicodeDecodeError:
            message = f"the header is not {options.encoding.upper()}: save the file as UTF-8 or give --encoding"
            raise WrongHeader([("", message)], "E_ENCODING") from None
        except csv.Error as error:
            raise WrongHeader([("", f"{HEADLESS} ({error})")]) from None

    def _refuse(self, why: WrongHeader, digest: str) -> Outcome:
        faults = [(why.code, column, message) for column, message in why.faults]
        rejects.write_header(self.order.target, faults)
        outcome = Outcome(codes={why.code: len(faults)}, sha256=digest, reject_file=str(self.order.target))
        outcome = replace(outcome, refused=str(why))
        self.keep(outcome)
        return outcome

    def _stage(self, first: tuple[int, list[bytes]], fit: Fit, screen: Screen, staging: Staging) -> None:
        cleaner, number = _cleaner(fit), first[0]
        for number, lines in chain([first], self.blocks):
            cleaned = cleaner.clean(number, lines) if self.opened.ended else self._last(cleaner, number, lines)
            self._pass_on(cleaned, screen, staging)
            number += len(lines)
        self._pass_on(cleaner.clean(number, [], last=True), screen, staging)
        if self.opened.cut and self.opened.ended:
            self._pass_on(Cleaned(b"", 1, [Problem(number, "E_COLUMN", "", CUT)]), screen, staging)

    def _last(self, cleaner: Cleaner | Translator, number: int, lines: list[bytes]) -> Cleaned:
        """The last line has no line end: of a cut-off file it is left out, of another it is read and looked at."""
        if self.opened.cut:
            return Cleaned(b"", 1, [Problem(number, "E_COLUMN", "", CUT)])
        cleaned = cleaner.clean(number, lines, last=True)
        return replace(cleaned, faults=marked_cut(cleaned.faults, number + len(lines) - 1))

    def _pass_on(self, cleaned: Cleaned, screen: Screen, staging: Staging) -> None:
        self.records += cleaned.records
        staging.reject(cleaned.faults)
        for text, count in cleaned.notes.items():
            staging.note(text, count)
        if cleaned.data:
            piece = self.folder / "piece.txt"
            piece.write_bytes(cleaned.data)
            screened = screen.screen(piece)
            staging.reject(screened.problems)
            staging.take(screened.good)
            self.money += screened.money
        if self.order.progress:
            self.order.progress(self.opened.done, self.opened.size, self.records)

    def _merge(self, fit: Fit, repeated: list[int], staging: Staging, digest: str) -> Outcome:
        staging.run("ANALYZE intake_stage")
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(SETTINGS)
                cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [MERGING, self.kind.name])
            self.kind.fill(staging)
            if fit.form:
                fit.form.settle(staging, repeated)
            record.judge(staging, repeated)
            outcome = replace(self._counted(staging, self.kind.write(staging)), sha256=digest)
            if outcome.rejected:
                rejects.write(self.order.target, fit=fit, source=self.source)
                outcome = replace(outcome, reject_file=str(self.order.target))
            self.keep(outcome)
            transaction.set_rollback(self.order.options.dry_run)
        return outcome

    def _counted(self, staging: Staging, accepted: int) -> Outcome:
        rejected = staging.rows("SELECT count(DISTINCT line) FROM intake_bad")[0][0]
        codes = staging.rows("SELECT code, count(DISTINCT line) FROM intake_bad GROUP BY code ORDER BY code")
        clients = staging.rows(self.kind.clients)[0][0] if self.kind.clients else None
        return Outcome(
            lines=self.records,
            accepted=accepted,
            unchanged=self.records - rejected - accepted,
            rejected=rejected,
            money=self.money if self.kind.money else None,
            clients=clients,
            codes=dict(codes),
            notes=staging.notes,
        )


def _cleaner(fit: Fit) -> Cleaner | Translator:
    if fit.translate:
        return Translator(fit.translate)
    options, width = fit.options, 0 if fit.objects else len(fit.theirs)
    return Cleaner(width=width, delimiter=options.delimiter, encoding=options.encoding, long=fit.long)
