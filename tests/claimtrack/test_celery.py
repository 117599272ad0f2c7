"""The work queue: a real worker on a broker in memory; and everything else without Celery."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from celery.contrib.testing.worker import start_worker
from django.core.management import CommandError, call_command

from claims.extraction import ENGINE_VERSION
from claims.services.webhooks import create_webhook, send_test
from claimtrack.celery import TASK_SECONDS, app
from claimtrack.env import random_key
from tests.claims.factories import make_article, make_claim, make_user
from tests.claims.outgoing.far_end import HOST, far_end
from tests.conftest import ROOT, clean_environment

SECONDS = 60
in_rows = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def worker(transactional_db: None, settings: Any) -> Iterator[None]:
    settings.CELERY_BROKER_URL = app.conf.broker_url = "memory://"
    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=SECONDS):
        yield


def wait_for(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


@in_rows
def test_a_worker_sends_webhooks(worker: None, settings: Any) -> None:
    settings.WEBHOOK_PRIVATE_HOSTS = [HOST]
    admin = make_user("desk admin")
    with far_end() as end:
        send_test(create_webhook(actor=admin, name="A", url=end.url, events=["claim.created"]), actor=admin)
        app.send_task(app.conf.beat_schedule["webhooks"]["task"])
        wait_for(lambda: end.received)


@in_rows
def test_a_worker_brings_articles_to_the_engine(worker: None) -> None:
    article = make_article(text="Mayor Ana Duarte said on Monday that the bridge would open in May.")
    make_claim(article=article)
    out = StringIO()
    call_command("reextract", "--all", "--queue", stdout=out)
    assert out.getvalue() == "1 articles handed to the workers\n"
    wait_for(lambda: article.runs.filter(engine_version=ENGINE_VERSION).exists())
    app.send_task("claims.reextract", [999_999])  # deleted since: nothing happens
    app.send_task("claims.reextract", [article.pk])  # a second time changes nothing
    time.sleep(0.5)
    assert article.runs.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("broker", "arguments", "message"),
    [
        pytest.param("", ["--all", "--queue"], "needs CELERY_BROKER_URL", id="no broker"),
        pytest.param("memory://", ["--all", "--queue", "--model", "x"], "do not go together", id="another model"),
    ],
)
def test_what_cannot_be_queued_says_why(broker: str, arguments: list[str], message: str, settings: Any) -> None:
    settings.CELERY_BROKER_URL = broker
    with pytest.raises(CommandError, match=message) as refused:
        call_command("reextract", *arguments)
    assert refused.value.returncode == 2


def test_a_dead_workers_task_goes_to_another_and_no_live_one_is_done_twice() -> None:
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.task_time_limit == TASK_SECONDS < app.conf.broker_transport_options["visibility_timeout"]


def test_without_celery_everything_else_works(tmp_path: Any) -> None:
    code = (
        "import sys; sys.modules.update(celery=None, kombu=None); sys.argv = ['manage.py', 'check'];"
        "import manage; manage.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=clean_environment(SECRET_KEY=random_key(), DATABASE_URL=f"sqlite:///{tmp_path / 'a.sqlite3'}"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
