"""Memory of the running server while it exports all claims, and rows a second, in each format.

    python -m benchmarks.export [--rows 1000000] [--formats ndjson,csv,json,parquet] [--postgres] [--filled URL]

Fills a database of its own with invented claims (`benchmarks.api_data`), or takes one that `benchmarks.api --fill` left
behind; then for each format starts `serve` with one worker, reads the whole export over HTTP and throws it away. The
memory is the worker's peak as Linux counts it (`VmHWM`), before and after. Prints one JSON line.
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
from pathlib import Path
from typing import Any

from benchmarks.api import filled

ROOT = Path(__file__).resolve().parent.parent
FORMATS = ("ndjson", "csv", "json", "parquet")
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
        with urllib.request.urlopen(f"{address}/api/v1/claims/export/?depth__gte=0&format={name}") as answer:  # noqa: S310
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
    parser.add_argument("--filled", type=lambda text: [text], default=[], help="a database that is filled already")
    options = parser.parse_args()
    figures: dict[str, Any] = {"benchmark": "export", "rows": options.rows}
    with filled("postgresql" if options.postgres else "sqlite", options.rows, options.filled) as database:
        for name in options.formats.split(","):
            figures[name] = export(database, name, options.rows)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
