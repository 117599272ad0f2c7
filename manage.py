#!/usr/bin/env python
"""Django's command line for claimtrack."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DatabaseError


def main() -> None:
    """Runs the command; a wrong environment is for its owner to mend, so it ends in one line and not in a trace."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.stderr.write(f"claimtrack cannot start: {error}\n")
        sys.exit(2)
    except DatabaseError:
        if sys.argv[1:2] == ["migrate"]:
            raise  # what it could not do is in the trace only
        _stop_unless_ready()
        raise


def _stop_unless_ready() -> None:
    """Ends in one line where the database is away or a migration is missing; any other error is a fault to trace."""
    from claimtrack.health import NotReadyError, check_database, check_migrations  # needs the settings, loaded by now

    try:
        check_database()
        check_migrations()
    except NotReadyError as error:
        sys.stderr.write(f"claimtrack cannot go on: {error}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
