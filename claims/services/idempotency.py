"""A request that carries a key has its effect once, however often it is sent.

The answer is stored in the transaction of the effect itself, so a process that is killed leaves both or neither. While
the first of two equal requests runs, the second is refused at once; for that each holds a lock that dies with its
process: an advisory lock of PostgreSQL's session, or beside SQLite a file locked by the kernel. A row that says
"running" would outlive its process and shut the client out until some time limit.
"""

import fcntl
import hashlib
import os
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from claims.errors import ClaimError, Conflict
from claims.models import StoredAnswer

KEPT = timedelta(hours=24)
_SWEPT = 100  # old answers that one request takes away


class KeyInUse(Conflict):
    """The first request with this key still runs."""

    code = "in_progress"


class KeyReused(ClaimError):  # noqa: N818  (named for what is wrong, as the API shows it)
    """The key belongs to another request."""

    code = "key_reused"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered."""

    status: int
    headers: dict[str, str]
    body: bytes


@contextmanager
def alone(user: Any, key: str) -> Iterator[None]:
    """Keeps a second request of the user with this key out; to be entered before the transaction.

    Raises:
        KeyInUse: another one runs.
    """
    number = int.from_bytes(hashlib.sha256(f"{user.pk}:{key}".encode()).digest()[:8], "big", signed=True)
    lock = _advisory_lock if connection.vendor == "postgresql" else _file_lock
    with lock(number) as is_alone:
        if not is_alone:
            raise KeyInUse("The first request with this Idempotency-Key still runs; wait for its answer.")
        yield


def stored_answer(user: Any, key: str, fingerprint: str) -> Answer | None:
    """The answer under this key, if it is not older than a day.

    Raises:
        KeyReused: it answered another request.
    """
    row = StoredAnswer.objects.filter(user=user, key=key, created_at__gt=timezone.now() - KEPT).first()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise KeyReused("This Idempotency-Key was used for another request; take a new key for each request.")
    return Answer(row.status, row.headers, zlib.decompress(row.body))


def store_answer(user: Any, key: str, fingerprint: str, answer: Answer) -> None:
    """Keeps an answer for a day, inside the caller's transaction; takes some old ones away."""
    old = StoredAnswer.objects.filter(created_at__lte=timezone.now() - KEPT)
    old.filter(user=user, key=key).delete()
    StoredAnswer.objects.filter(pk__in=list(old.order_by("created_at").values_list("pk", flat=True)[:_SWEPT])).delete()
    StoredAnswer.objects.create(
        user=user,
        key=key,
        fingerprint=fingerprint,
        status=answer.status,
        headers=answer.headers,
        body=zlib.compress(answer.body),
    )


@contextmanager
def _advisory_lock(number: int) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone and connection.connection is not None:  # a connection that broke took its locks along
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


@contextmanager
def _file_lock(number: int) -> Iterator[bool]:
    """A file of its own for each key, gone afterwards; in a folder beside the database, which all its users share."""
    name = str(connection.settings_dict["NAME"])
    folder = Path(f"{name}.locks" if Path(name).is_absolute() else tempfile.gettempdir())
    folder.mkdir(exist_ok=True)
    path = folder / f"{number & (2**64 - 1):016x}"
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_alone = _is_still(path, file)  # its last holder may have taken the file away just now
        except BlockingIOError:
            is_alone = False
        yield is_alone
        if is_alone:
            path.unlink(missing_ok=True)
    finally:
        os.close(file)


def _is_still(path: Path, file: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(file))
    except FileNotFoundError:
        return False
