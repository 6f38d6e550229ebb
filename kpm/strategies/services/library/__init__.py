"""The library: strategies from YAML in the library's own field names into immutable versions.

The mapping (`trigger` → condition, `cooldown_days` → cool-down in days, `occurrence` object → anchor, `outcome` → goal
or process figure, `message`/`steps` → codes of the template and playbook that the floor above makes from the same
file) follows ARCHITECTURE 2. One bad entry stops only itself. Loading the same file again changes nothing; a changed
entry becomes the next version, which goes live where the one before it was live: what an administrator paused or
replaced stays as he left it.
"""

from kpm.strategies.services.library.checking import faults_of
from kpm.strategies.services.library.entries import Entry, Fault, LibraryFault
from kpm.strategies.services.library.loading import Loaded, load_library
from kpm.strategies.services.library.reading import Reading, read_files, read_library

__all__ = [
    "Entry",
    "Fault",
    "LibraryFault",
    "Loaded",
    "Reading",
    "faults_of",
    "load_library",
    "read_files",
    "read_library",
]
