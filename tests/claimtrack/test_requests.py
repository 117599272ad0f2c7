"""Each request's id and log line, and the client's address behind a proxy."""

import json
import logging
import sys
from collections.abc import Callable

import pytest
from django.test import Client

from claimtrack.logs import JsonFormatter, request_id
from claimtrack.wsgi import behind_proxies

UUID_LENGTH = 32


@pytest.mark.parametrize(
    ("offered", "is_kept"),
    [
        pytest.param("trace-7.a_B", True, id="plain"),
        pytest.param("x" * 64, True, id="longest"),
        pytest.param("x" * 65, False, id="but-not-too-long"),
        pytest.param('a", "level": "error', False, id="but-not-forged"),
        pytest.param("", False, id="none"),
    ],
)
def test_a_callers_id_is_kept_if_it_is_harmless(client: Client, offered: str, is_kept: bool) -> None:
    answered = client.get("/healthz", headers={"x-request-id": offered})["X-Request-ID"]
    if is_kept:
        assert answered == offered
    else:
        assert len(answered) == UUID_LENGTH
        assert answered.isalnum()


def test_every_answer_has_an_id_of_its_own(client: Client) -> None:
    ids = {client.get(path)["X-Request-ID"] for path in ("/healthz", "/healthz", "/nothing", "/static/nothing.css")}
    assert len(ids) == 4
    assert request_id.get() == ""


@pytest.mark.django_db
def test_the_log_line_names_the_route_and_keeps_secrets(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="claimtrack.request"):
        client.post(
            "/api/v1/notes/?speaker_name=Jane+Roe",
            data={"text": "a private thought"},
            content_type="application/json",
            headers={"authorization": "Token tell-nobody", "cookie": "sessionid=tell-nobody"},
        )
    (record,) = [record for record in caplog.records if record.name == "claimtrack.request"]
    line = JsonFormatter().format(record)
    assert json.loads(line)["message"] == "POST /api/v1/notes/ 401"
    assert json.loads(line)["status"] == 401
    assert json.loads(line)["ms"] >= 0
    everything = caplog.text + line
    for secret in ("tell-nobody", "private thought", "Jane"):
        assert secret not in everything


def test_a_path_cannot_break_the_line(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="claimtrack.request"):
        client.get("/a%0aERROR%20all%20is%20lost")
    assert "\n" not in caplog.records[-1].getMessage()


def _record(**extra: object) -> logging.LogRecord:
    record = logging.makeLogRecord({"name": "desk", "levelname": "ERROR", "msg": "stored %d", "args": (3,)})
    vars(record).update(extra)
    return record


@pytest.mark.parametrize("odd", ["\ud800", 2**70, float("nan"), {1: "one"}, b"bytes", object()])
def test_nothing_that_is_logged_loses_the_line(odd: object) -> None:
    assert json.loads(JsonFormatter().format(_record(odd=odd)))["message"] == "stored 3"


def test_json_has_the_fields_of_a_call_and_the_request() -> None:
    token = request_id.set("r-1")
    try:
        row = json.loads(JsonFormatter().format(_record(route="x/", odd=object)))
    finally:
        request_id.reset(token)
    assert row["message"] == "stored 3"
    assert (row["level"], row["logger"], row["request_id"], row["route"]) == ("error", "desk", "r-1", "x/")
    assert row["time"].endswith("+00:00")


def test_json_leaves_out_what_holds_a_whole_request() -> None:
    row = json.loads(JsonFormatter().format(_record(request="<POST with a body>", params=["a name"])))
    assert "request" not in row
    assert "params" not in row
    assert "request_id" not in row


def test_json_keeps_a_traceback_on_one_line() -> None:
    try:
        raise ValueError("lost")
    except ValueError:
        line = JsonFormatter().format(_record(exc_info=sys.exc_info()))
    assert "\n" not in line
    assert "ValueError: lost" in json.loads(line)["exception"]


def _address(peer: str, forwarded: str, trusted: list[str]) -> str:
    seen: list[str] = []

    def application(environ: dict[str, str], start_response: Callable[..., None]) -> list[bytes]:
        seen.append(environ["REMOTE_ADDR"])
        return []

    environ = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded, "wsgi.url_scheme": "http"}
    behind_proxies(application, trusted)(environ, None)
    return seen[0]


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "expected"),
    [
        pytest.param("10.0.0.1", "198.51.100.7", ["10.0.0.1"], "198.51.100.7", id="from-the-proxy"),
        pytest.param("10.0.0.9", "198.51.100.7", ["10.0.0.0/24"], "198.51.100.7", id="from-its-network"),
        pytest.param("10.0.0.1", "1.1.1.1, 198.51.100.7", ["10.0.0.1"], "198.51.100.7", id="last-hop-counts"),
        pytest.param("203.0.113.5", "198.51.100.7", ["10.0.0.1"], "203.0.113.5", id="but-not-from-anybody"),
        pytest.param("203.0.113.5", "198.51.100.7", [], "203.0.113.5", id="but-not-without-a-proxy"),
    ],
)
def test_the_clients_address(peer: str, forwarded: str, trusted: list[str], expected: str) -> None:
    assert _address(peer, forwarded, trusted) == expected
