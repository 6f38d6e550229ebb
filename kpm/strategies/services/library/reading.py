"""Reads strategy files entry by entry: what is wrong with one entry, even its YAML, stops only that one."""

import re
import textwrap
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from kpm.engine.strictyaml import StrictLoader, WrittenTwice
from kpm.strategies.catalogue_of import FOLDER
from kpm.strategies.models import Strategy
from kpm.strategies.services.library.entries import Entry, Fault, LibraryFault

COMPOSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml finds the places of 206 entries three times as fast
BEGINNING = re.compile(r"(?m)^(?=[ \t]*- code:)")
CODE = re.compile(r"- code:\s*[\"']?([^\s\"'#]+)")


@dataclass
class Reading:
    """What was read: the entries in the order of the files, and what could not be read."""

    entries: list[Entry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def shipped_files() -> list[Path]:
    """Return the files of the library, one of each lifecycle and business line."""
    names = (f"{life}_{business}.yaml" for life in Strategy.Lifecycle.values for business in Strategy.Business.values)
    return [file for name in names if (file := FOLDER / name).exists()]


def read_files(path: Path | None = None) -> Reading:
    """Read one file, or every file of the shipped library; raises OSError for a file that cannot be opened."""
    reading = Reading()
    for file in [path] if path else shipped_files():
        for found in _file(file):
            reading.entries.append(found) if isinstance(found, Entry) else reading.faults.append(found)
    return reading


def read_library(path: Path | None = None, *, codes: Collection[str] | None = None) -> list[Entry]:
    """Read the entries of one file or of the shipped library, or only those of `codes`; raises LibraryFault."""
    reading = read_files(path)
    if reading.faults:
        raise LibraryFault(reading.faults)
    return [entry for entry in reading.entries if codes is None or entry.code in codes]


def _file(path: Path) -> Iterator[Entry | Fault]:
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=COMPOSER)
    except UnicodeDecodeError as fault:
        yield Fault("?", f"The file is not UTF-8: {fault.reason} at byte {fault.start}.", path.name, 1)
        return
    except yaml.YAMLError as error:
        yield from _pieces(path.name, text, error)
        return
    items = _items(root)
    if items is None:
        yield Fault("?", "A strategy file needs a list under the key strategies.", path.name, 1)
    for item in items or []:
        yield _entry(path.name, item)


def _items(root: yaml.Node | None) -> list[yaml.Node] | None:
    for key, value in root.value if isinstance(root, yaml.MappingNode) else []:
        if key.value == "strategies" and isinstance(value, yaml.SequenceNode):
            return list(value.value)
    return None


def _entry(file: str, node: yaml.Node, above: int = 0) -> Entry | Fault:
    """One entry of a list; `above` is the number of lines of the file above the text that it was composed from."""
    line = node.start_mark.line + 1 + above
    if not isinstance(node, yaml.MappingNode):
        return Fault("?", "An entry is a mapping that begins with its code.", file, line)
    scalars = {key.value: value.value for key, value in node.value if isinstance(value, yaml.ScalarNode)}
    lines = {str(key.value): key.start_mark.line + 1 + above for key, _value in node.value}
    try:
        return Entry(StrictLoader("").construct_document(node), file=file, lines=lines)
    except WrittenTwice as twice:
        return Fault(scalars.get("code", "?"), _words(twice), file, twice.line + above)
    except (yaml.YAMLError, ValueError, TypeError) as error:  # a date of February 30th, a list as a key
        return Fault(scalars.get("code", "?"), f"This is no valid YAML: {_words(error)}", file, line)


def _pieces(file: str, text: str, error: yaml.YAMLError) -> Iterator[Entry | Fault]:
    """The entries of a file that is no YAML as a whole, each by itself, so that one of them stops only itself."""
    head, *pieces = BEGINNING.split(text)
    above, sound = head.count("\n"), True
    for piece in pieces:
        found = _piece(file, piece, above)
        sound = sound and isinstance(found, Entry)
        above += piece.count("\n")
        yield found
    if sound:
        yield Fault("?", f"The file is no valid YAML: {_words(error)}", file, _line(error))


def _piece(file: str, piece: str, above: int) -> Entry | Fault:
    try:
        root = yaml.compose(textwrap.dedent(piece), Loader=COMPOSER)
        return _entry(file, root.value[0], above) if root else Fault("?", "An entry is empty.", file, above + 1)
    except yaml.YAMLError as error:
        named = CODE.search(piece)
        text = f"This is no valid YAML: {_words(error)}"
        return Fault(named[1] if named else "?", text, file, above + _line(error))


def _words(error: Exception) -> str:
    return str(getattr(error, "problem", None) or error).strip().rstrip(".") + "."


def _line(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark else 1
