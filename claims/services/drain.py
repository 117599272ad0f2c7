"""Draining the outbox for as long as a process lives, or until nothing is due.

The same rounds run inside `serve`, in `deliver_webhooks`, and as a Celery task; none of them knows of the others, and
none has to (`claims.services.deliveries`).
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

from claims.services.deliveries import Tally, deliver_due, forget_old
from claims.services.messages import write_messages

POLL_SECONDS = 2.0
AFTER_TROUBLE_SECONDS = 10.0
TIDY_EVERY = timedelta(hours=1)
STOP_SECONDS = 5.0  # for a message under way; what is cut off goes again when its lease is over

_log = logging.getLogger(__name__)


def drain_once() -> Tally:
    """Writes and sends all that is due by now.

    Returns:
        How many messages arrived, and how many did not.
    """
    total = Tally()
    while True:
        events, tally = write_messages(), deliver_due()
        total.delivered += tally.delivered
        total.failed += tally.failed
        if not (events or tally.delivered or tally.failed):
            return total


def _drain(stopped: threading.Event) -> None:
    """Sends all that is due, and what comes while somebody is waited for, unless it is told to stop."""

    def write() -> bool:
        write_messages()
        return not stopped.is_set()

    while write():
        tally = deliver_due(meanwhile=write)
        if not (tally.delivered or tally.failed):
            return


def drain_until(stopped: threading.Event) -> None:
    """Drains until it is told to stop; outlives a database that is away for a while."""
    next_tidying = timezone.now()
    while not stopped.is_set():
        pause = POLL_SECONDS
        close_old_connections()
        try:
            _drain(stopped)
            if timezone.now() >= next_tidying:
                forget_old(timezone.now())
                next_tidying = timezone.now() + TIDY_EVERY
        except DatabaseError:
            _log.exception("webhooks wait: the database does not answer")
            pause = AFTER_TROUBLE_SECONDS
            with suppress(DatabaseError):
                connections.close_all()
        stopped.wait(pause)
    connections.close_all()


@contextmanager
def drained_in_background() -> Iterator[None]:
    """Drains in a thread of this process while the block lasts."""
    stopped = threading.Event()
    thread = threading.Thread(target=drain_until, args=(stopped,), name="webhooks", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(STOP_SECONDS)
