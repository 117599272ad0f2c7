"""`/healthz` and `/readyz`, each failure made for real."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from claims.extraction import Engine
from claims.extraction.engine import DEFAULT_MODEL
from claimtrack import health
from claimtrack.env import random_key
from tests.conftest import Manage, run_manage

ASK = """
from django.test import Client
for path in ("/healthz", "/readyz"):
    response = Client(headers={"host": "localhost"}).get(path)
    print(response.status_code, response.content.decode())
"""


@pytest.fixture(autouse=True)
def _nothing_found_good_yet() -> Iterator[None]:
    health._good.clear()
    yield
    health._good.clear()


def test_healthz_touches_no_database(client: Client) -> None:
    response = client.get("/healthz")  # outside django_db: a query would fail the test
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_readyz_looks_at_everything_once_and_at_the_database_always(
    client: Client, django_assert_num_queries: object
) -> None:
    expected = {"status": "ready", "checks": {"database": "ok", "migrations": "ok", "engine": "ok"}}
    assert client.get("/readyz").json() == expected
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert client.get("/readyz").json() == expected


@pytest.mark.django_db
def test_readyz_without_the_model_file(client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "meta.json").write_bytes((DEFAULT_MODEL / "meta.json").read_bytes())  # described, but not there
    monkeypatch.setattr(health, "extract", Engine(tmp_path).extract)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"] == {
        "database": "ok",
        "migrations": "ok",
        "engine": "the engine's model does not load",
    }


def test_readyz_with_pending_migrations(manage: Manage) -> None:
    alive, ready = manage("shell", "-c", ASK).stdout.splitlines()[-2:]
    assert alive == '200 {"status": "ok"}'
    status, _, body = ready.partition(" ")
    assert status == "503"
    assert "migrations are not applied" in json.loads(body)["checks"]["migrations"]


def test_readyz_without_its_database_server() -> None:
    nobody_listens = "postgres://desk:tell-nobody@127.0.0.1:1/desk"
    done = run_manage("shell", "-c", ASK, SECRET_KEY=random_key(), DATABASE_URL=nobody_listens)
    alive, ready = done.stdout.splitlines()[-2:]
    assert alive == '200 {"status": "ok"}'
    assert ready.startswith("503 ")
    assert "the database does not answer" in ready
    assert "tell-nobody" not in done.stdout


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_they_only_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
