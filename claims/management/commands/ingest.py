"""`ingest PATH …`: stores articles and their claims from files, folders or standard input."""

import io
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from claims.extraction import ExtractionError
from claims.services.articles import process_article
from sources.errors import SourceError
from sources.parsing import MAX_TEXT_BYTES, Given, ParsedArticle, detect_format, normalise_url, parse_bytes, parse_rows

SUFFIXES = {".txt", ".html", ".htm", ".jsonl"}
MAX_PAGE_BYTES = 4 * MAX_TEXT_BYTES  # mark-up around a text of that length


@dataclass(frozen=True, slots=True)
class Item:
    """One article as it was given, or what is wrong with it."""

    label: str
    article: ParsedArticle | None
    error: str = ""


class Command(BaseCommand):
    help = (
        "Stores articles with their claims and speakers. Takes .txt, .html and .jsonl files, folders (walked in the "
        "order of names) and - for standard input. A text that is stored already is passed over."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder, or - for standard input")
        parser.add_argument(
            "--source", default="", metavar="NAME", help="the outlet; a row that names its own keeps it"
        )
        parser.add_argument("--url", default="", help="the address where the article was published; for one file")

    def handle(self, *args: Any, paths: list[str], source: str, url: str, **options: Any) -> None:
        try:
            given = Given(source_name=source.strip(), url=normalise_url(url) if url else "")
        except SourceError as error:
            self.stderr.write(f"--url: {error.message}")
            sys.exit(2)
        try:
            stored, known, rejected = self._ingest(paths, given)
        except ExtractionError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{stored} stored, {known} known already, {rejected} rejected")
        if rejected:
            sys.exit(1)

    def _ingest(self, paths: list[str], given: Given) -> tuple[int, int, int]:
        """Stores what can be stored, names what cannot; how many of each kind."""
        stored = known = rejected = 0
        with tqdm(unit="article", disable=not sys.stderr.isatty(), leave=False) as bar:
            for item in self._items(paths, given):
                if item.article is None:
                    bar.clear()
                    self.stderr.write(f"{item.label}: {item.error}")
                    rejected += 1
                elif process_article(item.article).created:
                    stored += 1
                else:
                    known += 1
                bar.update()
        return stored, known, rejected

    def _items(self, paths: list[str], given: Given) -> Iterator[Item]:
        for path in paths:
            if path == "-":
                yield from self._stream("standard input", sys.stdin.buffer, given)
            elif Path(path).is_dir():
                for file in sorted(Path(path).rglob("*")):
                    if file.is_file() and file.suffix.lower() in SUFFIXES:
                        yield from self._file(file, given)
            else:
                yield from self._file(Path(path), given)

    def _file(self, path: Path, given: Given) -> Iterator[Item]:
        try:
            if detect_format(filename=path.name) == "jsonl":
                with path.open("rb") as stream:
                    yield from self._rows(str(path), stream, given)
                return
            with path.open("rb") as stream:
                yield self._article(str(path), stream.read(MAX_PAGE_BYTES + 1), given, filename=path.name)
        except SourceError as error:
            yield Item(str(path), None, error.message)
        except OSError as error:
            yield Item(str(path), None, error.strerror or str(error))

    def _stream(self, label: str, stream: Any, given: Given) -> Iterator[Item]:
        """Standard input: rows where it begins like one, else one text or page."""
        head = stream.peek(1024)[:1024] if isinstance(stream, io.BufferedReader) else b""
        if head and detect_format(head=head) == "jsonl":
            yield from self._rows(label, stream, given)
        else:
            yield self._article(label, stream.read(MAX_PAGE_BYTES + 1), given, filename=None)

    def _article(self, label: str, data: bytes, given: Given, *, filename: str | None) -> Item:
        try:
            is_page = detect_format(filename=filename, head=data[:1024]) == "html"
            limit = MAX_PAGE_BYTES if is_page else MAX_TEXT_BYTES
            today = timezone.localdate()
            return Item(label, parse_bytes(data, today=today, filename=filename, given=given, limit=limit))
        except SourceError as error:
            return Item(label, None, error.message)

    def _rows(self, label: str, stream: Any, given: Given) -> Iterator[Item]:
        reader = parse_rows(stream, today=timezone.localdate(), given=given)
        for row in reader:
            place = f"{label}, line {row.line_number}" + (f" ({row.external_id})" if row.external_id else "")
            yield Item(place, row.article, row.error.message if row.error else "")
        if reader.unknown_fields:
            self.stderr.write(f"{label}: fields that are not stored: {', '.join(sorted(reader.unknown_fields))}")
