"""Where requests are counted: one number for each asker and window, shared by the workers of one server.

`serve` gives its workers a small file that all of them map into memory: a table of fixed size under a lock that the
kernel frees when its holder dies. One count takes 4.5 µs from one process and 19 µs from two at once on two busy cores;
a table of SQLite in a file of its own 20 and 42, Django's file cache 2,700 and 2,960 (`python -m benchmarks.throttle`).
SQLite would do as well for speed, but its table grows with every address that asks once, and has to be swept. A table
of fixed size cannot be filled up: where more askers come at once than it has room for, those with the fewest requests
are forgotten, never the ones near their limit. Several machines share their counts through Redis (`CACHE_URL`).

Do not count in the main database: each read would become a write, and on SQLite all of them would queue.
"""

import fcntl
import hashlib
import mmap
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from struct import Struct
from typing import Any, Protocol

from django.core.cache import caches

FILE_NAME = "requests"
_BUCKETS = 8_192
_ROOM = 8  # askers that share a bucket
_SLOT = Struct("<QII")  # who (hash), end of the window in Unix time, count
_BUCKET = Struct("<" + "QII" * _ROOM)
_SIZE = _BUCKETS * _BUCKET.size  # 1 MiB, for 65,536 askers a window


class Counters(Protocol):
    """Counts requests."""

    def hit(self, key: str, ends: int, now: float) -> int:
        """Counts one request.

        Args:
            key: The asker.
            ends: When the window ends, in Unix time.
            now: Unix time.

        Returns:
            How many there are in this window, this one included.
        """
        ...


class SharedTable:
    """Counts in a file that several processes map.

    Args:
        path: The file; made where it is not there.
        secret: Keys the hash, so that nobody can choose addresses that fall into one bucket.
    """

    def __init__(self, path: Path, secret: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if os.fstat(self._file).st_size != _SIZE:
            os.ftruncate(self._file, _SIZE)
        self._map = mmap.mmap(self._file, _SIZE)
        self._key = hashlib.sha256(secret.encode()).digest()
        self._threads = threading.Lock()  # the file's lock is the process's, all threads together

    def hit(self, key: str, ends: int, now: float) -> int:
        """As `Counters.hit`."""
        digest = hashlib.blake2b(key.encode(), digest_size=16, key=self._key).digest()
        who = int.from_bytes(digest[:8], "little")
        start = int.from_bytes(digest[8:], "little") % _BUCKETS * _BUCKET.size
        with self._locked():
            slots = list(_SLOT.iter_unpack(self._map[start : start + _BUCKET.size]))
            place, count = _place(slots, who, ends, now)
            _SLOT.pack_into(self._map, start + place * _SLOT.size, who, ends, count)
        return count

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._threads:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Lets go of the file."""
        self._map.close()
        os.close(self._file)


def _place(slots: list[tuple[int, int, int]], who: int, ends: int, now: float) -> tuple[int, int]:
    """Which slot to write, and the count to write there."""
    for place, (slot_who, slot_ends, count) in enumerate(slots):
        if slot_who == who and slot_ends == ends:
            return place, min(count + 1, 2**32 - 1)
    # Nobody is in a slot whose window is over; else whoever asked least makes room.
    return min(range(_ROOM), key=lambda place: (slots[place][1] > now, slots[place][2])), 1


class CachedCounts:
    """Counts in Django's cache: in Redis for all machines, or in this process's memory."""

    def hit(self, key: str, ends: int, now: float) -> int:
        """As `Counters.hit`."""
        cache = caches["default"]
        name = f"requests.{key}.{ends}"
        if cache.add(name, 1, max(1, int(ends - now) + 1)):
            return 1
        try:
            return int(cache.incr(name))
        except ValueError:  # the cache let go of it just now
            return 1


_tables: dict[str, SharedTable] = {}
_opening = threading.Lock()


def counters_of(settings: Any) -> Counters:
    """The counters that the settings name, opened once a process."""
    folder = settings.THROTTLE_FOLDER
    if not folder:
        return CachedCounts()
    if folder not in _tables:
        with _opening:
            if folder not in _tables:
                _tables[folder] = SharedTable(Path(folder) / FILE_NAME, settings.SECRET_KEY)
    return _tables[folder]
