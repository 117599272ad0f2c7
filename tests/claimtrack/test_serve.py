"""The server as a real process on a free port of the loopback address."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from claimtrack.env import random_key
from tests.conftest import ROOT, Manage, clean_environment
from tests.postgres import free_port

START_SECONDS = 90  # on a busy machine of two cores
STOP_SECONDS = 15

Serve = Callable[..., tuple[subprocess.Popen[str], str]]


@pytest.fixture
def serve(manage: Manage, scratch_database: str, tmp_path: Path) -> Iterator[Serve]:
    """Starts `serve` on a migrated database, once per call; gives the process and its address."""
    started: list[subprocess.Popen[str]] = []
    migrated = manage("migrate", "--verbosity", "0")
    assert migrated.returncode == 0, migrated.stderr

    # A killed server cannot remove its temporary files; the test's own folder goes with the test.
    own = {"SECRET_KEY": random_key(), "DATABASE_URL": scratch_database, "TMPDIR": str(tmp_path)}

    def start(**variables: str) -> tuple[subprocess.Popen[str], str]:
        port = free_port()
        process = subprocess.Popen(
            [sys.executable, ROOT / "manage.py", "serve", "--port", str(port)],
            env=clean_environment(**own, **variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # a group of its own, so that a test can play the terminal
        )
        started.append(process)
        base = f"http://127.0.0.1:{port}"
        _wait_for(lambda: process.poll() is not None or _status(f"{base}/healthz") == 200, START_SECONDS)
        return process, base

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=STOP_SECONDS)


def _wait_for(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.1)


def _status(url: str) -> int | None:
    try:
        with urllib.request.urlopen(url, timeout=30) as response:  # noqa: S310  (our own server)
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def _text(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as response:  # noqa: S310  (our own server)
        return str(response.read().decode())


def test_it_announces_itself_answers_and_ends_on_term(serve: Serve) -> None:
    process, base = serve()
    assert process.stdout is not None
    assert process.stdout.readline() == f"claimtrack answers at {base}/\n"
    ready = json.loads(_text(f"{base}/readyz"))
    assert ready == {"status": "ready", "checks": {"database": "ok", "migrations": "ok", "engine": "ok"}}
    assert _status(f"{base}/api/v1/claims/") == 200
    assert _status(f"{base}/static/admin/css/base.css") == 200
    process.send_signal(signal.SIGTERM)
    assert process.wait(STOP_SECONDS) == 0
    assert _status(f"{base}/healthz") is None


def test_ctrl_c_in_a_terminal_ends_it_at_once(serve: Serve) -> None:
    process, _ = serve()
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(STOP_SECONDS) == 0


def test_metrics_add_up_over_workers(serve: Serve) -> None:
    _, base = serve(SERVER_WORKERS="2")
    for _ in range(20):
        assert _status(f"{base}/api/v1/claims/") == 200
    line = next(line for line in _text(f"{base}/metrics").splitlines() if 'route="api/v1/claims/",status="200"' in line)
    assert line.endswith(" 20.0")


def test_workers_count_requests_together(serve: Serve) -> None:
    _, base = serve(SERVER_WORKERS="2", THROTTLE_ANON="5/day")
    statuses = [_status(f"{base}/api/v1/ratings/") for _ in range(20)]
    assert statuses == [200] * 5 + [429] * 15


def test_no_worker_outlives_a_killed_server(serve: Serve) -> None:
    process, base = serve()
    process.kill()
    process.wait(STOP_SECONDS)
    _wait_for(lambda: _status(f"{base}/healthz") is None, STOP_SECONDS)


def test_a_port_in_use_is_one_clear_line(manage: Manage) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = manage("serve", "--port", str(port))
    assert done.returncode == 1
    assert f"port {port} of 127.0.0.1 is in use" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("host", "port", "message"),
    [("127.0.0.1", "70000", "between 0 and 65535"), ("192.0.2.1", "0", "cannot listen on 192.0.2.1")],
    ids=["no-such-port", "not-our-address"],
)
def test_an_address_that_cannot_be_had_is_named(manage: Manage, host: str, port: str, message: str) -> None:
    done = manage("serve", "--host", host, "--port", port)
    assert done.returncode == 1
    assert message in done.stderr
