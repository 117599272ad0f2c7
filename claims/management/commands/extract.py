"""`extract`: the engine alone, over files or rows; needs neither a database nor a key."""

import os
import sys
from argparse import ArgumentParser
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import nullcontext
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from claims.extraction import ExtractionError, extract, extraction_row
from claims.extraction.explain import explain
from sources.errors import SourceError
from sources.parsing import MAX_TEXT_BYTES
from sources.parsing.encoding import decode

Item = tuple[str | int, str, str]  # id, text, byline
AHEAD = 4  # texts in flight per worker: keeps all busy and memory flat


class Command(BaseCommand):
    help = "Extracts claims from text files, or with --jsonl from rows {id, text}; prints one JSON row an article."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", default=["-"], metavar="FILE", help="text files; - is standard input")
        parser.add_argument("--jsonl", action="store_true", help='the files hold rows {"id", "text", "byline", …}')
        parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes (default: 1)")
        parser.add_argument("--explain", action="store_true", help="print each claim with its evidence, for people")

    def handle(self, *args: Any, files: list[str], jsonl: bool, workers: int, **options: Any) -> None:
        if workers < 1:
            raise CommandError(f"--workers must be at least 1, got {workers}", returncode=2)
        self.failed = False
        items = (item for path in files for item in (self._rows(path) if jsonl else self._file(path)))
        work = _explain_one if options["explain"] else _extract_one
        try:
            for line in _in_order(work, items, workers):
                if not _write(line):
                    break  # the reader has enough, as in `extract … | head`: no reason to go on, and no error
        except ExtractionError as error:
            raise CommandError(str(error)) from error
        if self.failed:
            sys.exit(1)

    def _fail(self, message: str) -> None:
        self.failed = True
        self.stderr.write(message)

    def _file(self, path: str) -> Iterator[Item]:
        try:
            with nullcontext(sys.stdin.buffer) if path == "-" else Path(path).open("rb") as stream:
                data = stream.read(MAX_TEXT_BYTES + 1)
            _check_size(data)
            yield path, decode(data).text, ""
        except SourceError as error:
            self._fail(f"{path}: {error}")
        except OSError as error:
            self._fail(f"{path}: {error.strerror or error}")

    def _rows(self, path: str) -> Iterator[Item]:
        try:
            with nullcontext(sys.stdin.buffer) if path == "-" else Path(path).open("rb") as stream:
                for number, line in enumerate(stream, 1):
                    if line.strip():
                        try:
                            yield _row(line)
                        except (ValueError, SourceError) as error:
                            self._fail(f"{path}, line {number}: {error}")
        except OSError as error:
            self._fail(f"{path}: {error.strerror or error}")


def _write(line: bytes) -> bool:
    """Writes one result; False where the reader has closed the pipe.

    Raises:
        CommandError: it cannot be written, on a full disk for instance.
    """
    try:
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
    except OSError as error:
        # What is left in the buffer would be tried again, and complained of, when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise CommandError(f"the result cannot be written: {error.strerror}") from None
        return False
    return True


def _check_size(content: str | bytes) -> None:
    size = len(content) if isinstance(content, bytes) else len(content.encode())
    if size > MAX_TEXT_BYTES:
        raise SourceError(f"the text is over {MAX_TEXT_BYTES:,} bytes; split it")


def _row(line: bytes) -> Item:
    """One row's id, text and byline (or author, as `ingest` reads it); raises ValueError with what is wrong."""
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"not JSON ({error})") from None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or "id" not in row:
        raise ValueError('expected an object with "id" and a string "text"')
    if not isinstance(row["id"], str | int):
        raise ValueError(f'"id" must be a string or a number, got {type(row["id"]).__name__}')
    _check_size(row["text"])
    byline = row.get("byline") or row.get("author") or ""
    return row["id"], row["text"], byline if isinstance(byline, str) else ""


def _in_order(work: Any, items: Iterable[Item], workers: int) -> Iterator[bytes]:
    """Results in the order of `items`, with a bounded number of texts in flight."""
    if workers == 1:
        yield from map(work, items)
        return
    # Spawned, not forked: the runtime's threads do not survive a fork.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[bytes]] = deque()
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) >= AHEAD * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _extract_one(item: Item) -> bytes:
    identifier, text, byline = item
    return orjson.dumps(extraction_row(identifier, extract(text, byline=byline)), option=orjson.OPT_APPEND_NEWLINE)


def _explain_one(item: Item) -> bytes:
    identifier, text, byline = item
    return explain(identifier, extract(text, byline=byline)).encode()
