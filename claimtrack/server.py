"""The production server: granian in front of the WSGI application.

Granian reads slow clients outside the worker's threads, so a handful of them cannot starve the rest, which is what a
server needs that people run with nothing before it. Workers are spawned and not forked: a fork would copy the
parent's database connections and the engine's threads, and the threads would not run.
"""

import contextlib
import errno
import gc
import http.client
import multiprocessing
import os
import shutil
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from django.conf import settings
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

_DRAIN_SECONDS = 20  # time for requests under way when the server is told to stop
_RETRY_SECONDS = 0.1


class PortError(Exception):
    """The address cannot be bound."""


def check_port(host: str, port: int) -> None:
    """Raises PortError, with one line that says why, unless `host:port` can be bound.

    The server itself binds with SO_REUSEPORT: two of them would share a port in silence.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port of a server just stopped is free
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortError(f"port {port} of {host} is in use; choose another one: PORT={port + 1}") from None
            raise PortError(f"cannot listen on {host}:{port}: {error.strerror or error}") from None
        except OverflowError:
            raise PortError(f"the port must be between 0 and 65535, got {port}") from None


def run_server(*, host: str, port: int, on_ready: Callable[[], None]) -> None:
    """Serves until TERM or INT, then lets requests under way finish.

    Args:
        host: Address to listen on.
        port: Port to listen on.
        on_ready: Called once, from another thread, as soon as a request is answered.

    Raises:
        SystemExit: workers keep dying; status 1.
    """
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "claimtrack.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=settings.SERVER_WORKERS,
        blocking_threads=settings.SERVER_THREADS,
        workers_max_rss=settings.SERVER_WORKER_MAX_MB or None,
        respawn_failed_workers=True,
        workers_kill_timeout=_DRAIN_SECONDS,
        log_level=LogLevels.warning,
        log_dictconfig=settings.LOGGING,
    )
    stopped = threading.Event()
    with _metrics_folder(), _counters_folder():
        waiter = threading.Thread(target=_when_reachable, args=(host, port, stopped, on_ready), daemon=True)
        waiter.start()
        try:
            server.serve(target_loader=_load_in_worker)
        finally:
            stopped.set()


def _load_in_worker(target: str) -> Callable[..., Any]:
    """Gives the WSGI application, in a worker whose end only its parent decides."""
    os.setpgrp()  # Ctrl-C reaches the whole group, and a worker told twice to stop does not stop
    threading.Thread(target=_follow_parent, daemon=True).start()
    module, _, name = target.partition(":")
    application = getattr(import_module(module), name)
    import_module(settings.ROOT_URLCONF)  # all of the code, before the first request needs it
    gc.collect()
    gc.freeze()  # what is there now stays; the collector need not look through it again and again
    gc.set_threshold(10_000)  # a page of claims makes over 1,000 objects, and leaves none to be collected
    return application  # type: ignore[no-any-return]


def _follow_parent() -> None:
    """Ends this worker when its parent is killed: an orphan would hold the port and answer on."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


@contextlib.contextmanager
def _metrics_folder() -> Iterator[None]:
    """Names a fresh folder in which the workers keep their counters, unless the environment names one."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        yield
        return
    folder = tempfile.mkdtemp(prefix="claimtrack-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    try:
        yield
    finally:
        del os.environ["PROMETHEUS_MULTIPROC_DIR"]
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _counters_folder() -> Iterator[None]:
    """Names a fresh folder in which the workers count requests together, unless `CACHE_URL` says where."""
    if os.environ.get("CACHE_URL"):
        yield
        return
    folder = tempfile.mkdtemp(prefix="claimtrack-counts-")
    os.environ["CACHE_URL"] = f"file://{folder}"
    try:
        yield
    finally:
        del os.environ["CACHE_URL"]
        shutil.rmtree(folder, ignore_errors=True)


def _when_reachable(host: str, port: int, stopped: threading.Event, on_ready: Callable[[], None]) -> None:
    address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  (compared, not bound)
    while not stopped.is_set():
        connection = http.client.HTTPConnection(address, port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()  # any status: a host name not allowed is answered too
        except (OSError, http.client.HTTPException):
            time.sleep(_RETRY_SECONDS)
        else:
            on_ready()
            return
        finally:
            connection.close()
