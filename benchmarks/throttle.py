"""What counting one request costs, by place: the shared table, SQLite, Django's file cache, this process's memory.

Run by `python -m benchmarks.throttle [--processes N]`: N processes count at once for 64 askers. Prints one JSON line:
the median time of a count in microseconds over the rounds, and the share of counts that were lost.
"""

import argparse
import json
import multiprocessing
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import django
from django.conf import settings

ASKERS = 64
ENDS = 2**31
Hit = Callable[[str], int]


def _table(folder: Path) -> Hit:
    from claimtrack.rest.counters import SharedTable

    table = SharedTable(folder / "table", "secret")
    return lambda key: table.hit(key, ENDS, 0)


def _sqlite(folder: Path) -> Hit:
    connection = sqlite3.connect(folder / "counts.sqlite3", timeout=30, isolation_level=None)
    for line in ("journal_mode=WAL", "synchronous=OFF"):
        connection.execute(f"PRAGMA {line}")
    connection.execute("CREATE TABLE IF NOT EXISTS hits (key TEXT PRIMARY KEY, count INTEGER) WITHOUT ROWID")
    upsert = "INSERT INTO hits VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET count = count + 1 RETURNING count"
    return lambda key: int(connection.execute(upsert, (key,)).fetchone()[0])


def _cache(backend: str) -> Callable[[Path], Hit]:
    def make(folder: Path) -> Hit:
        from django.core.cache.backends import filebased, locmem

        cache = filebased.FileBasedCache(str(folder), {}) if backend == "file" else locmem.LocMemCache("x", {})
        return lambda key: 1 if cache.add(key, 1, 600) else int(cache.incr(key))

    return make


PLACES: dict[str, Callable[[Path], Hit]] = {
    "shared table": _table,
    "sqlite": _sqlite,
    "file cache": _cache("file"),
    "memory": _cache("memory"),
}


def _count(place: str, folder: Path, times: int, answers: "multiprocessing.Queue[tuple[float, int]]") -> None:
    settings.configure(CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}})
    django.setup()
    hit = PLACES[place](folder)
    started = time.perf_counter()
    last = [hit(f"asker{number % ASKERS}") for number in range(times)][-ASKERS:]
    answers.put(((time.perf_counter() - started) / times, max(last)))


def _round(place: str, processes: int, times: int) -> tuple[float, float]:
    """Seconds a count, and the share of counts that are missing at the end."""
    with tempfile.TemporaryDirectory() as name:
        answers: multiprocessing.Queue[tuple[float, int]] = multiprocessing.Queue()
        workers = [
            multiprocessing.Process(target=_count, args=(place, Path(name), times, answers)) for _ in range(processes)
        ]
        for worker in workers:
            worker.start()
        results = [answers.get() for _ in workers]
        for worker in workers:
            worker.join()
    expected = times * processes / ASKERS
    lost = 1 - max(count for _, count in results) / expected
    return statistics.mean(seconds for seconds, _ in results), max(0.0, lost)


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--times", type=int, default=6_400)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    rounds: dict[str, list[tuple[float, float]]] = {place: [] for place in PLACES}
    for _ in range(given.rounds):
        for place, results in rounds.items():
            results.append(_round(place, given.processes, given.times))
    figures = {
        place: {
            "µs": round(statistics.median(seconds for seconds, _ in results) * 1e6, 1),
            "lost": round(statistics.median(lost for _, lost in results), 3),
        }
        for place, results in rounds.items()
    }
    base = figures["shared table"]["µs"]
    for one in figures.values():
        one["ratio"] = round(one["µs"] / base, 1)
    print(json.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds"), "processes": given.processes} | figures))


if __name__ == "__main__":
    main()
