"""Articles a second, peak memory and queries an article, from text to stored claims, end to end.

    python -m benchmarks.ingest --gold PATH [--runs 5] [--postgres]

PATH holds rows `{"id", "text", …}`, for example PolNeAR's dev articles (README, "Figures"). Each run ingests all rows
into a database of its own, in a process of its own, one thread: SQLite in a temporary folder, and with `--postgres` a
throwaway PostgreSQL besides. Runs of both databases alternate. Prints one JSON line with medians.
"""

import argparse
import contextlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "BENCHMARK_DATABASE_URL"


def one_run(gold: Path) -> dict[str, Any]:
    """Ingests every row into the empty database that the environment names; to be called in a fresh process."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from claims.extraction import extract
    from claims.models import Claim
    from claims.services.articles import process_article
    from sources.parsing import parse_rows

    call_command("migrate", verbosity=0)
    extract("The mayor said that it was late.")  # loading the model is the start's cost, not the article's
    queries = [0]

    def count(execute: Any, *arguments: Any) -> Any:
        queries[0] += 1
        return execute(*arguments)

    articles = 0
    started = time.perf_counter()
    with connection.execute_wrapper(count), gold.open("rb") as stream:
        for row in parse_rows(stream, today=date.today()):
            if row.article is None:
                raise SystemExit(f"{gold}, line {row.line_number}: {row.error}")
            process_article(row.article)
            articles += 1
    seconds = time.perf_counter() - started
    return {
        "articles": articles,
        "claims": Claim.objects.count(),
        "articles_per_second": articles / seconds,
        "queries_per_article": queries[0] / articles,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def child(gold: Path, database: str) -> dict[str, Any]:
    """One run in a process of its own."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "claimtrack.settings",
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "benchmark",
        "DATABASE_URL": database,
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, "-m", "benchmarks.ingest", "--gold", str(gold), "--child"]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


@contextlib.contextmanager
def sqlite() -> Iterator[str]:
    """The URL of an empty SQLite database."""
    with tempfile.TemporaryDirectory(prefix="claimtrack-benchmark-") as folder:
        yield f"sqlite:///{folder}/database.sqlite3"


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty PostgreSQL database on a server of its own."""
    from tests.postgres import throwaway_postgres

    with throwaway_postgres() as url:
        yield url


def main() -> None:
    """Parses the command line and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    gold = options.gold.resolve()
    if options.child:
        print(json.dumps(one_run(gold)))
        return
    databases = {"sqlite": sqlite} | ({"postgresql": postgres} if options.postgres else {})
    results: dict[str, list[dict[str, Any]]] = {name: [] for name in databases}
    for _ in range(options.runs):
        for name, database in databases.items():
            with database() as url:
                results[name].append(child(gold, url))
    figures: dict[str, Any] = {"benchmark": "ingest", "runs": options.runs}
    for name, runs in results.items():
        figures[name] = {key: round(statistics.median(run[key] for run in runs), 2) for key in runs[0]}
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
