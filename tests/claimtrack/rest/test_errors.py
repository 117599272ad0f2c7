"""Every error below /api/v1/ has one shape and tells nothing that it should not."""

import http.client
import logging
from typing import Any

import pytest
from django.test import Client
from rest_framework import exceptions
from rest_framework.test import APIClient

from claims.api.urls import router as claims_router
from claims.errors import Conflict, InvalidValue, NotAllowed
from claimtrack.rest.errors import describe
from sources.api.urls import router as sources_router
from sources.parsing import TooLarge
from tests.claims.factories import make_token

pytestmark = pytest.mark.django_db


def shape(data: dict[str, Any]) -> dict[str, Any]:
    assert set(data) == {"error"}
    assert set(data["error"]) == {"code", "message", "fields"}
    for problem in data["error"]["fields"]:
        assert set(problem) == {"field", "code", "message", "suggestion"}
    return data["error"]


@pytest.mark.parametrize(
    ("error", "status", "code", "field"),
    [
        (InvalidValue("No text.", field="text"), 400, "invalid", "text"),
        (NotAllowed("No."), 403, "forbidden", None),
        (Conflict("Published already."), 409, "conflict", None),
        (TooLarge("Too long."), 413, "too_large", "text"),
        (exceptions.ValidationError({"a": {"b": ["Wrong."]}}), 400, "invalid", "a.b"),
        (exceptions.ValidationError("Wrong."), 400, "invalid", ""),
        (exceptions.NotAuthenticated(), 401, "not_authenticated", None),
        (exceptions.PermissionDenied(), 403, "forbidden", None),
        (exceptions.Throttled(7), 429, "throttled", None),
        (RuntimeError("secret"), 500, "server_error", None),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_each_error_has_its_status(error: Exception, status: int, code: str, field: str | None) -> None:
    answered, data = describe(error)
    described = shape(data)
    assert (answered, described["code"]) == (status, code)
    assert [problem["field"] for problem in described["fields"]] == ([] if field is None else [field])
    assert "secret" not in str(data)


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("nope/", ""),
        ("claim/", "/api/v1/claims/"),
        ("claims/one/", "/api/v1/claims/"),
        ("claims/1/notes/", "/api/v1/claims/"),
        ("speakers/99999999999999999999/", "/api/v1/speakers/"),
        ("claims.json", "/api/v1/claims/"),
        ("%00/", ""),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PUT"])
def test_an_address_that_is_not_there(anyone: APIClient, method: str, path: str, hint: str) -> None:
    answer = anyone.generic(method, f"/api/v1/{path}")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/json"
    error = shape(answer.json())
    assert error["code"] == "not_found"
    assert hint in error["message"]


class TestLastSlash:
    def test_a_reader_is_led_to_it_with_the_parameters(self, anyone: APIClient) -> None:
        answer = anyone.get("/api/v1/claims?kind=direct")
        assert (answer.status_code, answer["Location"]) == (301, "/api/v1/claims/?kind=direct")

    def test_a_write_is_refused_rather_than_lost(self, anyone: APIClient) -> None:
        answer = anyone.post("/api/v1/articles", {"text": "x"})
        assert answer.status_code == 404
        assert "/api/v1/articles/" in shape(answer.json())["message"]

    def test_no_address_is_made_up(self, anyone: APIClient) -> None:
        assert anyone.get("/api/v1/nope").status_code == 404


def test_an_unforeseen_error_is_logged_and_not_told(anyone: APIClient, monkeypatch, caplog) -> None:
    def fail(*args: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("claims.api.views.ClaimShape.build", fail)
    with caplog.at_level(logging.ERROR):
        answer = anyone.get("/api/v1/claims/1/")
    assert answer.status_code == 500
    assert shape(answer.json())["code"] == "server_error"
    assert b"secret" not in answer.content
    assert "secret detail" in caplog.text


def test_an_unforeseen_error_outside_the_views_is_not_told_either(monkeypatch) -> None:
    def fail(*args: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("claimtrack.rest.views.RootView.dispatch", fail)
    answer = Client(raise_request_exception=False).get("/api/v1/")
    assert answer.status_code == 500
    assert shape(answer.json())["code"] == "server_error"
    assert b"secret" not in answer.content


def test_a_foreign_host_is_400_in_the_same_shape(anyone: APIClient) -> None:
    answer = anyone.get("/api/v1/claims/", HTTP_HOST="evil.example")
    assert answer.status_code == 400
    assert shape(answer.json())["code"] == "invalid"


@pytest.mark.parametrize("accept", ["text/csv", "application/xml", "image/png"])
def test_a_format_that_is_not_offered_is_406(anyone: APIClient, accept: str) -> None:
    answer = anyone.get("/api/v1/claims/", HTTP_ACCEPT=accept)
    assert (answer.status_code, shape(answer.json())["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html,application/xhtml+xml,*/*;q=0.8"])
def test_a_browser_gets_json(anyone: APIClient, accept: str) -> None:
    answer = anyone.get("/api/v1/claims/", HTTP_ACCEPT=accept)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")


def test_the_root_names_every_list(anyone: APIClient) -> None:
    root = anyone.get("/api/v1/").json()
    lists = {prefix for router in (claims_router, sources_router) for prefix, _, _ in router.registry}
    assert lists | {"changes", "claimreview", "extract", "schema", "docs", "redoc"} == set(root)
    for name, address in root.items():
        wanted = 405 if name == "extract" else 401 if name.startswith("webhook") else 200
        assert anyone.get(address).status_code == wanted, address


def test_caches_are_told_that_the_reader_matters(anyone: APIClient) -> None:
    varies = {word.strip() for word in anyone.get("/api/v1/claims/")["Vary"].split(",")}
    assert {"Authorization", "Cookie"} <= varies


def test_over_a_real_socket(live_server) -> None:
    """Real HTTP: status line, headers, a body that is longer than it may be, and a method nobody knows."""
    connection = http.client.HTTPConnection(live_server.thread.host, live_server.thread.port, timeout=20)
    try:
        connection.request("GET", "/api/v1/claims/?speeker=1")
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Content-Type"]) == (400, "application/json")
        assert b'"suggestion":"speaker"' in answer.read()
        connection.request("HEAD", "/api/v1/claims/")
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b"")
        connection.request("BREW", "/api/v1/claims/")
        answer = connection.getresponse()
        assert answer.status == 405
        answer.read()
        connection.request("POST", "/api/v1/articles/", b"{}", {"Content-Type": "application/json"})
        answer = connection.getresponse()
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="claimtrack"')
        answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "named"),
    [
        pytest.param("DELETE", "claims/", {}, 405, "DELETE is not taken here; use GET or HEAD.", id="a method"),
        pytest.param("OPTIONS", "claims/feed.atom", {}, 405, "use GET or HEAD.", id="a document's method"),
        pytest.param("GET", "claims/", {"accept": "text/csv"}, 406, "offered as application/json;", id="a format"),
        pytest.param(
            *("POST", "notes/", {"content-type": "text/plain"}, 415),
            "The Content-Type text/plain is not taken here; send application/json.",
            id="a body's type",
        ),
        pytest.param("POST", "notes/", {}, 415, "A body without Content-Type is not", id="a body without a type"),
        pytest.param(
            *("POST", "claimreview/import/", {"content-type": "text/plain"}, 415),
            "send application/ld+json or application/json or application/x-ndjson or text/html.",
            id="types of its own",
        ),
    ],
)
def test_what_is_refused_is_told_what_is_taken(
    method: str, path: str, headers: dict[str, str], status: int, named: str
) -> None:
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {make_token('desk admin')}")
    kind = headers.get("content-type", "")
    answer = client.generic(method, f"/api/v1/{path}", b"x", content_type=kind, headers=headers)
    assert answer.status_code == status
    assert named in shape(answer.json())["message"]
    assert "OPTIONS" not in answer["Allow"]
