"""Milliseconds and queries of the desk's lists, of the start page and of a busy speaker's page.

    python -m benchmarks.desk [--claims 100000] [--runs 5] [--postgres]

Fills a fresh SQLite database (and with `--postgres` a throwaway PostgreSQL besides) with invented claims, opens each
page in one process as an editor with saved filters, looks and notes does, and prints one JSON line: for each page the
median milliseconds of the server's work, template included, those that this process computed (with SQLite that is the
database's work too), and the number of queries.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.ingest import postgres, sqlite

ROOT = Path(__file__).resolve().parent.parent
LIST = "/admin/claims/claim/"
SAVED = 12


def pages(busiest: int) -> dict[str, str]:
    """Addresses by what they stand for."""
    return {
        "list": LIST,
        "list, unassigned": f"{LIST}?desk=unassigned",
        "list, changed since I looked": f"{LIST}?desk=changed&act=all&relayed=all",
        "list, busiest speaker": f"{LIST}?speaker={busiest}",
        "list, one source": f"{LIST}?source=7",
        "list, high precision, no verdict": f"{LIST}?min_confidence=0.9&verdict=none",
        "list, published this week": f"{LIST}?verdict=week",
        "list, with notes": f"{LIST}?notes=any",
        "list, without notes": f"{LIST}?notes=none",
        "list, one tag": f"{LIST}?tag=1",
        "list, by confidence": f"{LIST}?o=-5",
        "list, page 11": f"{LIST}?p=11",
        "start page": "/admin/",
        "speakers": "/admin/claims/speaker/",
        "busiest speaker's page": f"/admin/claims/speaker/{busiest}/change/",
    }


def measure(claims: int, runs: int) -> dict[str, Any]:
    """Fills the empty database that the environment names, and opens every page; for a fresh process."""
    from benchmarks.api_data import World, fill

    fill(claims)
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    busiest = World(claims).speaker_of_rank[0]
    client = Client()
    client.force_login(_editor(busiest), backend=settings.AUTHENTICATION_BACKENDS[-1])
    queries = [0]

    def count(execute: Any, *arguments: Any) -> Any:
        queries[0] += 1
        return execute(*arguments)

    figures = {}
    with connection.execute_wrapper(count):
        for name, address in pages(busiest).items():
            client.get(address)  # templates and content types are read once a process
            times = []
            for _ in range(runs):
                queries[0], started, computed = 0, time.perf_counter(), time.process_time()
                response = client.get(address)
                times.append((time.perf_counter() - started, time.process_time() - computed))
                if response.status_code != 200:
                    raise SystemExit(f"{address}: {response.status_code} {response.headers.get('Location', '')}")
            wall, own = (round(1000 * statistics.median(column), 1) for column in zip(*times, strict=True))
            figures[name] = {"ms": wall, "cpu_ms": own, "queries": queries[0]}
    return figures


def _editor(busiest: int) -> Any:
    """A reviewer with saved filters, who has looked at 2,000 claims, a hundred of which have notes of somebody else."""
    from django.contrib.auth.models import Group, User

    from claims.models import Claim, SpeakerAlias, Tag
    from claims.models.likeness import core_key, sound_key
    from claims.services.looks import mark_seen
    from claims.services.saved_filters import save_filter
    from claims.services.tags import tag_claims
    from claims.services.verification import add_note

    people = [User.objects.create_user(name, is_staff=True) for name in ("mira", "ravi")]
    for person in people:
        person.groups.add(Group.objects.get(name="reviewer"))
    mira, ravi = (User.objects.get(pk=person.pk) for person in people)
    newest = list(Claim.objects.order_by("-pk")[:2_000])
    tag_claims(newest[:200], actor=ravi, tags=[Tag.objects.create(name="flood", key="flood")])
    mark_seen(mira, [claim.pk for claim in newest])
    for claim in newest[:100]:
        add_note(claim, author=ravi, text="Look at the budget.")
    aliases = list(SpeakerAlias.objects.only("key"))
    for alias in aliases:
        alias.core_key, alias.sound_key = core_key(alias.key), sound_key(alias.key)
    SpeakerAlias.objects.bulk_update(aliases, ["core_key", "sound_key"], batch_size=200)
    for number in range(SAVED):
        query = f"speaker={busiest}" if number % 3 == 0 else f"source={number + 1}&desk=unassigned"
        save_filter(actor=mira, name=f"Filter {number}", query=query)
    return mira


def child(options: argparse.Namespace, database: str) -> dict[str, Any]:
    """One measurement in a process of its own."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "claimtrack.settings",
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "benchmark-" * 6,
        "ALLOWED_HOSTS": "testserver",
        "LOG_LEVEL": "error",
        "DATABASE_URL": database,
    }
    sizes = ["--claims", str(options.claims), "--runs", str(options.runs)]
    command = [sys.executable, "-m", "benchmarks.desk", *sizes, "--child"]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def main() -> None:
    """Parses the command line and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(measure(options.claims, options.runs)))
        return
    figures: dict[str, Any] = {"benchmark": "desk", "claims": options.claims, "runs": options.runs}
    for name, database in ({"sqlite": sqlite} | ({"postgresql": postgres} if options.postgres else {})).items():
        with database() as url:
            figures[name] = child(options, url)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
