"""Draining the outbox from the command line, and by the server itself as a process of its own."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from claims.services.webhooks import create_webhook, send_test
from claimtrack.env import random_key
from tests.claims.factories import make_user
from tests.claims.outgoing.far_end import HOST, FarEnd, far_end
from tests.conftest import ROOT, Manage, clean_environment
from tests.postgres import free_port

SUBSCRIBE = """
from django.contrib.auth import get_user_model
from claims.services.webhooks import create_webhook, send_test
admin = get_user_model().objects.create_superuser("admin")
send_test(create_webhook(actor=admin, name="Archive", url={url!r}, events=["claim.created"]), actor=admin)
"""
SECONDS = 60


@pytest.fixture
def end() -> Iterator[FarEnd]:
    with far_end() as server:
        yield server


def queue(end: FarEnd, settings: Any) -> None:
    """Subscribes the far end; one test message is due."""
    settings.WEBHOOK_PRIVATE_HOSTS = [HOST]
    admin = make_user("desk admin")
    send_test(create_webhook(actor=admin, name="Archive", url=end.url, events=["claim.created"]), actor=admin)


def once() -> str:
    out = StringIO()
    call_command("deliver_webhooks", "--once", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_once_sends_what_is_due_and_ends(end: FarEnd, settings: Any) -> None:
    queue(end, settings)
    assert once() == "1 delivered, 0 failed\n"
    assert json.loads(end.received[0].body)["type"] == "webhook.test"
    assert once() == "0 delivered, 0 failed\n"


@pytest.mark.django_db
def test_what_does_not_arrive_is_told(end: FarEnd, settings: Any) -> None:
    queue(end, settings)
    end.status = 500
    with pytest.raises(CommandError, match="did not arrive"):
        once()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_it_sends_until_it_is_stopped(end: FarEnd, settings: Any) -> None:
    queue(end, settings)
    end.before = lambda: os.kill(os.getpid(), signal.SIGTERM)
    handlers = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        call_command("deliver_webhooks", stdout=StringIO())
    finally:
        for one, handler in handlers.items():
            signal.signal(one, handler)
    assert len(end.received) == 1


def test_the_server_sends_beside_its_work(end: FarEnd, manage: Manage, scratch_database: str) -> None:
    assert manage("migrate", "--verbosity", "0").returncode == 0
    made = manage("shell", "-c", SUBSCRIBE.format(url=end.url), WEBHOOK_PRIVATE_HOSTS=HOST)
    assert made.returncode == 0, made.stderr
    arrived = threading.Event()
    end.before = arrived.set
    process = subprocess.Popen(
        [sys.executable, ROOT / "manage.py", "serve", "--port", str(free_port())],
        env=clean_environment(SECRET_KEY=random_key(), DATABASE_URL=scratch_database, WEBHOOK_PRIVATE_HOSTS=HOST),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        process.stdout.readline()  # it runs
        assert arrived.wait(SECONDS)
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0
    finally:
        process.kill()
        process.communicate()
