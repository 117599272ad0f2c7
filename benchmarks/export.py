"""Memory of the running server while it exports all claims, and rows a second, in each format.

    python -m benchmarks.export [--rows 1000000] [--formats ndjson,csv,json,parquet] [--postgres]

Fills a database of its own with invented claims (one speaker each of 1,000), then for each format starts `serve` with
one worker, reads the whole export over HTTP and throws it away. The memory is the worker's peak as Linux counts it
(`VmHWM`), before and after. Prints one JSON line. With a million rows, filling takes minutes.
"""

import argparse
import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.ingest import postgres, sqlite

ROOT = Path(__file__).resolve().parent.parent
FORMATS = ("ndjson", "csv", "json", "parquet")
CLAIMS_AN_ARTICLE = SPEAKERS = 1_000
START_SECONDS = 60
CHUNK = 1 << 16


def environment(database: str) -> dict[str, str]:
    """What the child processes are told."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "claimtrack.settings",
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "benchmark",
        "DATABASE_URL": database,
        "THROTTLE_ANON": "off",
        "LOG_LEVEL": "warning",
        "OMP_NUM_THREADS": "1",
    }


def fill(rows: int) -> None:
    """Stores invented claims in the empty database that the environment names; to be called in a fresh process."""
    import django

    django.setup()
    from django.core.management import call_command

    from claims.models import Speaker
    from sources.models import Source

    call_command("migrate", verbosity=0)
    source = Source.objects.create(name="Valley Post", slug="valley-post")
    people = [Speaker(name=f"Ada Quill{n}", slug=f"ada-quill{n}", kind="person") for n in range(SPEAKERS)]
    Speaker.objects.bulk_create(people)
    for number in range(-(-rows // CLAIMS_AN_ARTICLE)):
        _store_article(source, people, number, min(CLAIMS_AN_ARTICLE, rows - number * CLAIMS_AN_ARTICLE))


def _store_article(source: Any, people: list[Any], number: int, claims: int) -> None:
    from claims.models import Claim, ClaimSpeaker, ExtractionRun
    from sources.models import Article

    article = Article.objects.create(
        source=source,
        text=f"Story {number}.",
        text_sha256=f"{number:064d}",
        headline=f"Story {number}",
        url=f"https://valley.example/{number}",
        published_on=date(2020, 1, 1) + timedelta(days=number % 2_000),
    )
    run = ExtractionRun.objects.create(article=article, engine_version="benchmark")
    rows = [_claim(article, run, place) for place in range(claims)]
    Claim.objects.bulk_create(rows, batch_size=500)
    ClaimSpeaker.objects.bulk_create(
        [
            ClaimSpeaker(claim=claim, speaker=person, words="she", said_on=claim.said_on)
            for claim, person in zip(rows, people, strict=False)
        ],
        batch_size=500,
    )


def _claim(article: Any, run: Any, place: int) -> Any:
    from claims.models import Claim

    text = f"“The bridge is safe for every family in this valley, and I shall cross it first,” as number {place} says"
    return Claim(
        article=article,
        run=run,
        text=text,
        spans=[{"start": place, "end": place + len(text), "quote": text}],
        span_key=str(place),
        start=place,
        cue_text="said",
        mention_text="she",
        context=f"It was Monday. {text}, she said. Nobody spoke.",
        kind="direct",
        act="statement",
        said_on=article.published_on,
        confidence=0.9,
        speaker_status="resolved",
    )


@contextlib.contextmanager
def server(database: str) -> Iterator[tuple[str, int]]:
    """Address and process id of a worker that answers already."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    parent = subprocess.Popen(command, cwd=ROOT, env=environment(database), stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _await(f"{address}/api/v1/claims/?page_size=1")
        children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
        yield address, max(map(int, children), key=peak_mb)
    finally:
        parent.terminate()
        parent.wait(timeout=START_SECONDS)


def _await(url: str) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310  (our own server)
            return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def peak_mb(pid: int) -> float:
    """The most memory that a process ever held."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def export(database: str, name: str, rows: int) -> dict[str, float]:
    """Reads one export to its end, from a fresh server."""
    with server(database) as (address, worker):
        before, size, started = peak_mb(worker), 0, time.perf_counter()
        with urllib.request.urlopen(f"{address}/api/v1/claims/export/?format={name}") as answer:  # noqa: S310
            while data := answer.read(CHUNK):
                size += len(data)
        seconds = time.perf_counter() - started
        return {
            "mb": round(size / 1e6, 1),
            "rows_per_second": round(rows / seconds),
            "before_mb": round(before, 1),
            "peak_mb": round(peak_mb(worker), 1),
        }


def main() -> None:
    """Parses the command line and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--formats", default=",".join(FORMATS))
    parser.add_argument("--postgres", action="store_true", help="a throwaway PostgreSQL instead of SQLite")
    parser.add_argument("--fill", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fill:
        fill(options.rows)
        return
    figures: dict[str, Any] = {"benchmark": "export", "rows": options.rows}
    with (postgres if options.postgres else sqlite)() as database:
        command = [sys.executable, "-m", "benchmarks.export", "--fill", "--rows", str(options.rows)]
        subprocess.run(command, cwd=ROOT, env=environment(database), check=True)
        for name in options.formats.split(","):
            figures[name] = export(database, name, options.rows)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
