"""All tests as `make test` runs them: on SQLite, on a throwaway PostgreSQL, and in a browser.

A run goes on after failures, so that one report shows them all. It fails on any skipped test whose reason is not the
absence of `../shared`: a test that quietly stops running is worth nothing.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.postgres import PostgresError, throwaway_postgres

ROOT = Path(__file__).resolve().parent.parent
BROWSER = "tests/browser"
RUNS: dict[str, list[str]] = {
    "SQLite": ["tests", f"--ignore={BROWSER}"],
    "PostgreSQL": ["tests", f"--ignore={BROWSER}", "--only-database"],
    "browser": [BROWSER],
}


def run_pytest(name: str, arguments: list[str], environment: dict[str, str], folder: Path) -> dict[str, Any]:
    """One session; its totals, its exit status and its seconds."""
    sys.stdout.write(f"\n--- {name} ---\n")
    sys.stdout.flush()
    target = folder / f"{name}.json"
    started = time.monotonic()
    # Not `--dist=worksteal`: a worker whose tests have emptied all tables, which come last, would be given others.
    options = ["-n", "2", "--durations=8", f"--totals={target}"]
    command = [sys.executable, "-m", "pytest", *options, *arguments]
    status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    totals = json.loads(target.read_text(encoding="utf-8")) if target.is_file() else {}
    return {**totals, "status": status, "seconds": time.monotonic() - started}


@contextlib.contextmanager
def database_for(name: str) -> Iterator[dict[str, str]]:
    """The environment for a run: no settings of this machine, and the database that it is about."""
    environment = {**os.environ, "ENV_FILE": os.devnull}
    environment.pop("DATABASE_URL", None)
    if name == "PostgreSQL":
        with throwaway_postgres() as url:
            yield {**environment, "DATABASE_URL": url}
    else:
        yield environment


def report(name: str, totals: dict[str, Any]) -> bool:
    """Prints a run's line, and each skip that is not allowed; whether the run is good."""
    if "passed" not in totals:
        sys.stdout.write(f"{name:<11} did not run (status {totals['status']})\n")
        return False
    counts = f"{totals['passed']} passed, {totals['skipped']} skipped, {totals['failed']} failed"
    sys.stdout.write(f"{name:<11} {counts} in {totals['seconds']:.0f} s\n")
    for reason in totals["undue_skips"]:
        sys.stdout.write(f"{'':<11} not allowed to skip: {reason}\n")
    return totals["status"] == 0 and totals["passed"] > 0 and not totals["undue_skips"]


def main() -> int:
    """Runs everything; 0 if all is good."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the throwaway server is stopped on the way out
    outcomes = {}
    with tempfile.TemporaryDirectory(prefix="claimtrack-tests-") as folder:
        for name, arguments in RUNS.items():
            try:
                with database_for(name) as environment:
                    outcomes[name] = run_pytest(name, arguments, environment, Path(folder))
            except PostgresError as error:
                sys.stderr.write(f"{error}\n")
                return 1
    sys.stdout.write("\n")
    good = [report(name, totals) for name, totals in outcomes.items()]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
