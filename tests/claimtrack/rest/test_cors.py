"""Pages of other origins: refused unless the operator names them, each as a process with an environment of its own."""

import json

import pytest

from claimtrack.env import random_key
from tests.conftest import ROOT, run_manage

ASK = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
import json
from django.test import Client
client = Client()
page = {{"origin": "https://news.example"}}
wants = page | {{"access-control-request-method": "POST", "access-control-request-headers": "idempotency-key"}}
answers = [
    client.get("/api/v1/schema/", headers=page),
    client.options("/api/v1/claims/", headers=wants),
    client.get("/healthz", headers=page),
]
print(json.dumps([{{name.lower(): value for name, value in one.items()}} for one in answers]))
"""


def _ask(**variables: str) -> list[dict[str, str]]:
    given = {"SECRET_KEY": random_key(), "ALLOWED_HOSTS": "testserver", "LOG_LEVEL": "error"} | variables
    done = run_manage("shell", "--no-imports", "-c", ASK, **given)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_no_other_origin_unless_named() -> None:
    for answer in _ask():
        assert not [name for name in answer if name.startswith("access-control")]


def test_a_named_origin_may_ask_without_cookies() -> None:
    read, preflight, health = _ask(CORS_ORIGINS="https://news.example")
    assert read["access-control-allow-origin"] == "https://news.example"
    exposed = read["access-control-expose-headers"].split(", ")
    assert {"ETag", "Link", "RateLimit", "Retry-After", "Content-Disposition"} <= set(exposed)
    assert "idempotency-key" in preflight["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in read | preflight
    assert "access-control-allow-origin" not in health


def test_but_not_one_that_is_not_named() -> None:
    for answer in _ask(CORS_ORIGINS="https://other.example"):
        assert "access-control-allow-origin" not in answer


@pytest.mark.parametrize("value", ["*", "news.example", "https://news.example/path"])
def test_what_is_no_origin_stops_the_start(value: str) -> None:
    done = run_manage("check", SECRET_KEY=random_key(), CORS_ORIGINS=value)
    assert done.returncode == 2
    assert "CORS_ORIGINS must list origins" in done.stderr
