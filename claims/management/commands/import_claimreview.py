"""`import_claimreview PATH|- …`: stores what other desks found, from JSON-LD or from pages that hold it."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from claims.errors import ClaimError
from claims.services.external_reviews import ImportedReviews, import_reviews

MAX_BYTES = 200_000_000  # the largest public feed of all desks has some 150 MB


class Command(BaseCommand):
    help = (
        "Stores ClaimReviews of other desks: JSON-LD files (also feeds, and one JSON value a line) or HTML pages that "
        "hold it; - is standard input. What is stored already is passed over, what has changed is replaced."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, or - for standard input")

    def handle(self, *args: Any, paths: list[str], **options: Any) -> None:
        total = ImportedReviews()
        for path in paths:
            try:
                result = import_reviews(_read(path))
            except ClaimError as error:
                total.rejected.append(f"{path}: {error.message}")
                self.stderr.write(total.rejected[-1])
            except OSError as error:
                total.rejected.append(f"{path}: {error.strerror or error}")
                self.stderr.write(total.rejected[-1])
            else:
                for line in (*result.rejected, *result.remarks):
                    self.stderr.write(f"{path}: {line}")
                total.stored += result.stored
                total.changed += result.changed
                total.known += result.known
                total.rejected += result.rejected
        self.stdout.write(
            f"{total.stored} stored, {total.changed} changed, {total.known} known already,"
            f" {len(total.rejected)} rejected"
        )
        if total.rejected:
            sys.exit(1)


def _read(path: str) -> bytes:
    if path == "-":
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    else:
        with Path(path).open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise OSError(f"it has more than {MAX_BYTES:,} bytes; split it")
    return data
