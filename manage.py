#!/usr/bin/env python
"""Django's command line for claimtrack."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Runs the command; a wrong environment is for its owner to mend, so it ends in one line and not in a trace."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.stderr.write(f"claimtrack cannot start: {error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
