"""The table in which workers count together."""

import multiprocessing
import os
from pathlib import Path

import pytest

from claimtrack.rest import counters
from claimtrack.rest.counters import SharedTable

SECRET = "a key of the tests"
TIMES = 2_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "requests"


def _count(path: Path, times: int) -> None:
    table = SharedTable(path, SECRET)
    for _ in range(times):
        table.hit("one", 100, 50)


def test_processes_count_together_and_lose_nothing(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_count, args=(path, TIMES)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    assert SharedTable(path, SECRET).hit("one", 100, 50) == 2 * TIMES + 1


def test_askers_and_windows_are_kept_apart(path: Path) -> None:
    table = SharedTable(path, SECRET)
    assert [table.hit("one", 100, 50) for _ in range(3)] == [1, 2, 3]
    assert table.hit("two", 100, 50) == 1
    assert table.hit("one", 160, 101) == 1
    assert table.hit("one", 100, 50) == 4


def test_a_full_bucket_forgets_whoever_asked_least(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "_BUCKETS", 1)
    table = SharedTable(path, SECRET)
    for number in range(8):
        for _ in range(number + 2):
            table.hit(f"asker {number}", 100, 50)
    assert table.hit("a ninth", 100, 50) == 1
    assert table.hit("asker 7", 100, 50) == 10  # near its limit: remembered
    assert table.hit("asker 0", 100, 50) == 1  # the one with the fewest: forgotten


def test_a_slot_of_a_past_window_is_free_however_full_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "_BUCKETS", 1)
    table = SharedTable(path, SECRET)
    for _ in range(50):
        table.hit("of yesterday", 100, 50)
    for number in range(7):
        table.hit(f"asker {number}", 200, 150)
    assert table.hit("a newcomer", 200, 150) == 1
    assert [table.hit(f"asker {number}", 200, 150) for number in range(7)] == [2] * 7


def test_it_stays_as_small_as_it_is_and_readable_by_its_owner_only(path: Path) -> None:
    table = SharedTable(path, SECRET)
    size = os.stat(path).st_size
    for number in range(20_000):
        table.hit(f"asker {number}", 100, 50)
    assert os.stat(path).st_size == size == 2**20
    assert os.stat(path).st_mode & 0o777 == 0o600
