"""Requests a second of the API, of a plain REST framework, of Datasette and of the database's floor, in one run.

    python -m benchmarks.api [--rows 1000000] [--databases postgresql,sqlite] [--rounds 5] [--seconds 1]
                             [--datasette PROGRAM] [--filled URL,URL] [--fill]

Fills a throwaway PostgreSQL and an SQLite file with the same invented claims (`benchmarks.api_data`), starts the
systems on them, one worker with one thread each, and asks them the same questions in turn: page 1 of a frequent, a
middling and a rare speaker's claims, the frequent one's row 50,000 (`deep`; a twentieth of the rows where there are
fewer than a million), the newest claims, a search, and the same search with four facets. The systems:

- `ours`: `manage.py serve` as it is shipped, without a token; `ours_token`: with one; limits on, but never met;
- `floor`: our own statements by the bare driver and orjson in a bare WSGI application on the same server; on PostgreSQL
  also `floor_prepared`, which keeps the statements' plans as our server does;
- `drf`: a ModelViewSet with ModelSerializers and CursorPagination, without accounts or limits;
- `datasette` (SQLite only): a canned query with our join, the speakers of each claim and the words that are searched
  for within it; without facets, which it does not count for such queries. It
  is no part of the development requirements: install `benchmarks/requirements.txt` into an environment of its own and
  name its program; without, it is left out.

Before anything is timed, answers are compared: `ours` with the floor field by field, with the others by ids and texts.
Prints one JSON line: rows, indexes, requests a second, p50, p99 and queries a request, and the ratios of requests a
second; and milliseconds of the processor a request, the server's and the database's together, which say more than
the clock on a machine that others use too, with their ratio. `--filled` takes databases that `--fill` left behind,
since filling a million rows takes minutes; `--size` is the same as `--rows`.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.ingest import sqlite
from benchmarks.rivals.load import Client, Times
from benchmarks.rivals.systems import System, environment, python, start
from tests.postgres import throwaway_postgres

ROOT = Path(__file__).resolve().parent.parent
DEEP = 50_000
WARM_UP = 8
SERVER = {"shared_buffers": "4GB", "random_page_cost": "1.1", "max_wal_size": "8GB"}
"""Of PostgreSQL: all of a million claims in its own memory, as on a machine that is meant for it."""


def questions_of(database: str, rows: int, folder: Path) -> tuple[dict[str, Any], Path, str]:
    """What is asked, the file that says so, and the token to ask with."""
    target = folder / "questions.json"
    deep = min(DEEP, rows // 20)
    done = python(["-m", "benchmarks.rivals.record", str(rows), str(deep), str(target)], database)
    return json.loads(target.read_text()), target, done


def same(question: dict[str, Any], bodies: dict[str, bytes]) -> dict[str, str]:
    """For each system how far its answer was compared with ours.

    Raises:
        SystemExit: two answers differ.
    """
    answer = json.loads(bodies["ours"])
    ours, facets = answer["results"], answer.get("facets")
    compared = {}
    for name, body in bodies.items():
        theirs = json.loads(body)
        if name.startswith(("ours", "floor")):
            rows = [{key: row[key] for key in one} for row, one in zip(ours, theirs["results"], strict=True)]
            is_same = theirs["results"] == rows and theirs.get("facets") == facets
            how = "whole" if rows == ours else "all but highlights"
        elif name == "drf":
            is_same, how = [_usual(row) for row in theirs["results"]] == [_usual(row) for row in ours], "most fields"
        else:
            both = [[row["id"], row["text"]] for row in ours]
            is_same, how = [row[:2] for row in theirs["rows"][:50]] == both, "id, text"
        if not is_same:
            raise SystemExit(f"{name} answers {question['path']} otherwise than we do")
        compared[name] = how
    return compared


def _usual(row: dict[str, Any]) -> list[Any]:
    """What the usual answer has in common with ours; its speakers have no order."""
    same = ("id", "text", "spans", "kind", "act", "context", "said_on", "article", "engine", "review_status")
    return [*(row[name] for name in same), sorted(one["id"] for one in row["speakers"])]


@dataclass
class Cell:
    """One question to one system."""

    system: System
    client: Client
    body: bytes = b""
    times: Times = field(default_factory=Times)


def measured(systems: list[System], questions: dict[str, Any], rounds: int, seconds: float) -> dict[str, Any]:
    """Asks every system every question, in turn, round after round, each round in another order."""
    cells = {
        name: {
            system.name: Cell(system, Client(system.port, path, system.token))
            for system in systems
            if (path := system.path_of(name, question))
        }
        for name, question in questions.items()
    }
    compared = {name: same(questions[name], _warmed(cells[name])) for name in cells}
    for number in range(rounds):
        for asked in cells.values():
            order = list(asked.values())
            for cell in order[number % len(order) :] + order[: number % len(order)]:
                cell.client.turn(seconds, cell.times, cell.system.spent)
    for cell in (cell for asked in cells.values() for cell in asked.values()):
        cell.client.close()
    return {name: _figures(questions[name], cells[name], compared[name]) for name in cells}


def _warmed(asked: dict[str, Cell]) -> dict[str, bytes]:
    """The answers of all systems, each asked some times before."""
    for name, cell in asked.items():
        for _ in range(WARM_UP):
            status, cell.body = cell.client.ask()
            if status != 200:
                raise SystemExit(f"{name} answers with {status}: {cell.body[:300]!r}")
    return {name: cell.body for name, cell in asked.items()}


def _figures(question: dict[str, Any], asked: dict[str, Cell], compared: dict[str, str]) -> dict[str, Any]:
    found = {name: cell.times.figures() for name, cell in asked.items()}
    ours, others = found["ours"], {name: one for name, one in found.items() if name != "ours"}
    return {
        "rows": len(question["ids"]),
        "bytes": len(asked["ours"].body),
        "queries": question["queries"],
        "compared": compared,
        "systems": found,
        "ours_to": {name: round(ours["per_second"] / one["per_second"], 2) for name, one in others.items()},
        "processor_of_ours_to": {
            name: round(ours["processor_ms"] / (one["processor_ms"] or 0.01), 2) for name, one in others.items()
        },
    }


@contextlib.contextmanager
def filled(kind: str, rows: int, given: list[str]) -> Iterator[str]:
    """The URL of a database that holds the claims; one that was given, or a throwaway one."""
    found = [url for url in given if url.startswith(kind[:6])]
    if found:
        yield found[0]
        return
    with sqlite() if kind == "sqlite" else throwaway_postgres(**SERVER) as url:
        python(["-m", "benchmarks.api_data", str(rows)], url)
        yield url


def one_database(kind: str, options: argparse.Namespace) -> dict[str, Any]:
    """All figures of one database."""
    with (
        filled(kind, options.rows, options.filled) as url,
        tempfile.TemporaryDirectory(prefix="claimtrack-benchmark-") as folder,
        contextlib.ExitStack() as stack,
    ):
        facts = json.loads(python(["-m", "benchmarks.api_data", "--facts"], url))
        questions, target, token = questions_of(url, options.rows, Path(folder))
        systems = start(stack, url, target, token, options.datasette)
        figures = measured(systems, questions, options.rounds, options.seconds)
    first, deep = (figures[name]["systems"]["ours"]["per_second"] for name in ("frequent", "deep"))
    return {**facts, "questions": figures, "ours_deep_to_first_page": round(deep / first, 2)}


def main() -> None:
    """Parses the command line and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", "--size", type=int, default=1_000_000)
    parser.add_argument("--databases", type=lambda text: text.split(","), default=["postgresql", "sqlite"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each turn")
    parser.add_argument("--datasette", type=Path, help="the program, from an environment of its own")
    parser.add_argument("--filled", type=lambda text: text.split(","), default=[])
    parser.add_argument("--fill", action="store_true", help="only fill the database that DATABASE_URL names")
    options = parser.parse_args()
    if options.fill:
        command = [sys.executable, "-m", "benchmarks.api_data", str(options.rows)]
        subprocess.run(command, cwd=ROOT, env=environment(os.environ["DATABASE_URL"]), check=True)
        return
    found = {kind: one_database(kind, options) for kind in options.databases}
    print(json.dumps({"benchmark": "api", "rows": options.rows, "rounds": options.rounds, **found}))


if __name__ == "__main__":
    main()
