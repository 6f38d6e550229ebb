#!/usr/bin/env python
"""Django's command line, with the embedded database started where none is configured."""

import os
import sys

from django.core.management import execute_from_command_line

from portal.embedded.services import borrowed_for


def main() -> None:
    """Run one command; without DATABASE_URL a server under `var/` serves it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    with borrowed_for(sys.argv):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
