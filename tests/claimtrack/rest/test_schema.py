"""The description: valid OpenAPI 3.1, complete, and true of the answers; its page loads nothing from elsewhere."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.urls import get_resolver
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

from claims.api.filters import ClaimFilter
from claimtrack.rest.errors import API_PREFIX
from tests.claims.factories import make_claim, make_note, make_speaker, make_verdict

pytestmark = pytest.mark.django_db
NOUNS = ["claims", "speakers", "sources", "articles", "notes", "verdicts", "ratings"]
METHODS = ("get", "post", "patch", "put", "delete")
UNDESCRIBED = {"root", "schema", "docs", "redoc", "nowhere"}  # about the API, not of it


@pytest.fixture
def schema(anyone: APIClient) -> dict[str, Any]:
    answer = anyone.get("/api/v1/schema/")
    assert answer.status_code == 200
    return answer.json()


def operations(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, item in schema["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]


def everywhere(node: Any) -> Any:
    yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from everywhere(inner)


def test_it_is_valid_openapi_3_1(schema: dict[str, Any]) -> None:
    validate_schema(schema)
    assert schema["openapi"].startswith("3.1")
    assert not [node for node in everywhere(schema) if isinstance(node, dict) and "nullable" in node]


def addresses(patterns: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """All addresses below `patterns`, with the names in them in braces, and what answers there."""
    for one in patterns:
        path = before + str(one.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
        if hasattr(one, "url_patterns"):
            yield from addresses(one.url_patterns, path)
        elif one.name not in UNDESCRIBED:
            yield "/" + re.sub(r"\(\?P<\w+>\[0-9\]\{1,18\}\)|<int:\w+>", "{id}", path).replace("\\.", "."), one.callback


def test_it_describes_exactly_what_is_there(schema: dict[str, Any]) -> None:
    there = {
        (path, method)
        for path, view in addresses(get_resolver().url_patterns)
        if path.startswith(("/api/v1/", "/v1alpha1/", "/compat/"))
        for method in getattr(view, "actions", None) or [one for one in METHODS if hasattr(view.cls, one)]
        if method in METHODS and method in view.cls.http_method_names
    }
    assert ("/api/v1/claims/{id}/", "patch") in there
    there -= {("/compat/citron/quotes/", method) for method in METHODS}  # the same as without the slash
    assert {(path, method) for path, method, _ in operations(schema)} == there


def test_every_operation_says_what_it_does_and_how_it_fails(schema: dict[str, Any]) -> None:
    for path, method, operation in operations(schema):
        assert operation["summary"], path
        assert operation["description"], path
        assert {"400", "401", "429"} <= set(operation["responses"]), (path, method)
        assert ("404" in operation["responses"]) == ("{id}" in path)
        if method != "get" and path.startswith(API_PREFIX):
            assert {"403", "409", "413", "415"} <= set(operation["responses"]), (path, method)
        for parameter in operation.get("parameters", []):
            assert parameter["description"], (path, parameter["name"])


def test_every_write_says_what_it_promises(schema: dict[str, Any]) -> None:
    for path, method, operation in operations(schema):
        if not path.startswith(API_PREFIX):
            continue
        sent = {one["name"] for one in operation.get("parameters", []) if one["in"] == "header"}
        is_row = re.fullmatch(r"/api/v1/[a-z-]+/{id}/", path) is not None
        is_document = "304" in operation["responses"] and not is_row
        expected = {
            "get": "If-None-Match" if is_row or is_document else None,
            "post": "Idempotency-Key",
            "patch": "If-Match",
        }[method]
        assert sent == ({expected} if expected else set()), (path, method)
        status = {"If-None-Match": "304", "Idempotency-Key": "422", "If-Match": "412"}.get(str(expected))
        assert status is None or status in operation["responses"], (path, method)
        for code, answer in operation["responses"].items():
            assert code[0] != "2" or "RateLimit" in answer["headers"], (path, method)


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        pytest.param("claims/", "get", "403", id="a filter of the desk's"),
        pytest.param("verdicts/", "get", "403", id="another"),
        pytest.param("claims/export/", "get", "403", id="in an export"),
        pytest.param("claims/{id}/", "get", "403", id="as_of"),
        pytest.param("articles/", "post", "451", id="a text that was taken down"),
        pytest.param("claims/{id}/annotation/", "get", "304", id="a document that the reader has"),
        pytest.param("claims/feed.atom", "get", "304", id="a feed that the reader has"),
    ],
)
def test_what_only_the_view_knows_is_described_too(schema: dict[str, Any], path: str, method: str, status: str) -> None:
    assert status in schema["paths"][API_PREFIX + path][method]["responses"]
    assert "x-answers-too" not in str(schema)


def test_but_not_where_nobody_is_refused(schema: dict[str, Any]) -> None:
    for path, status in (("sources/", "403"), ("claimreview/", "403"), ("claims/export/", "304")):
        assert status not in schema["paths"][API_PREFIX + path]["get"]["responses"]


def test_every_filter_is_described_with_its_values(schema: dict[str, Any]) -> None:
    parameters = {one["name"]: one for one in schema["paths"]["/api/v1/claims/"]["get"]["parameters"]}
    page = {"cursor", "page_size", "count", "ordering", "fields", "omit", "expand"}
    negated = parameters["negated"]["schema"]["properties"]
    assert {*parameters, *negated} >= {*ClaimFilter.base_filters, *page}
    assert not [name for name in parameters if name.endswith("!")]
    assert parameters["kind"]["schema"]["enum"] == ["direct", "mixed", "indirect"]
    assert negated["kind!"]["enum"] == ["direct", "mixed", "indirect"]
    assert parameters["kind__in"]["schema"]["items"]["enum"] == ["direct", "mixed", "indirect"]
    assert parameters["speaker"]["schema"]["type"] == "array"
    assert parameters["page_size"]["schema"]["maximum"] == 500
    assert "-said_on" in parameters["ordering"]["schema"]["enum"]


@pytest.mark.parametrize("noun", NOUNS)
def test_answers_are_as_described(anyone: APIClient, schema: dict[str, Any], noun: str) -> None:
    claim = make_claim(make_speaker(), said_on=None)
    make_claim(article=claim.article, within=claim)
    make_verdict(claim)
    make_note(claim, is_public=True)
    _check(schema, f"/api/v1/{noun}/", anyone.get(f"/api/v1/{noun}/").json())
    if noun == "claims":
        _check(schema, "/api/v1/claims/", anyone.get("/api/v1/claims/?depth__in=0,1&page_size=1&count=true").json())
    row = anyone.get(f"/api/v1/{noun}/").json()["results"][0]
    _check(schema, f"/api/v1/{noun}/{{id}}/", anyone.get(f"/api/v1/{noun}/{row['id']}/").json())


def test_a_row_that_may_be_asked_for_in_part_requires_no_field(schema: dict[str, Any]) -> None:
    shapes = schema["components"]["schemas"]
    in_part = set()
    for _, _, operation in operations(schema):
        if "omit" in {parameter["name"] for parameter in operation.get("parameters", ())}:
            name = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].split("/")[-1]
            items = shapes[name]["properties"].get("results", {}).get("items")
            in_part.add(items["$ref"].split("/")[-1] if items else name)
    assert in_part >= {"Claim", "Source", "Speaker", "Webhook", "Delivery"}
    assert not {name: shapes[name]["required"] for name in in_part if "required" in shapes[name]}
    assert "required" in shapes["SourceBrief"]  # where a row refers to another, it is whole


def test_errors_are_as_described(anyone: APIClient, schema: dict[str, Any]) -> None:
    _check(schema, "/api/v1/claims/", anyone.get("/api/v1/claims/?speeker=1").json(), status="400")
    _check(schema, "/api/v1/claims/{id}/", anyone.get("/api/v1/claims/999/").json(), status="404")


def _check(schema: dict[str, Any], path: str, answer: Any, status: str = "200") -> None:
    described = schema["paths"][path]["get"]["responses"][status]["content"]["application/json"]["schema"]
    closed = {
        name: one | ({"additionalProperties": False} if one.get("type") == "object" else {})
        for name, one in schema["components"]["schemas"].items()
    }
    Draft202012Validator(described | {"components": {"schemas": closed}}).validate(answer)


class TestPage:
    def test_it_opens_without_a_token_and_loads_nothing_from_elsewhere(self, anyone: APIClient) -> None:
        answer = anyone.get("/api/v1/docs/")
        assert answer.status_code == 200
        html = answer.content.decode()
        addresses = re.findall(r'(?:src|href)="([^"]+)"', html)
        assert len(addresses) >= 4
        assert all(address.startswith("/") and not address.startswith("//") for address in addresses)
        assert "<style" not in html
        assert not re.search(r"<script(?![^>]*src=)", html)

    def test_its_files_are_there(self, anyone: APIClient) -> None:
        html = anyone.get("/api/v1/docs/").content.decode()
        names = re.findall(r'="/static/([^"]+)"', html)
        assert len(names) >= 3
        assert all(finders.find(name) for name in names)

    def test_its_script_asks_no_validator(self, anyone: APIClient) -> None:
        (address,) = re.findall(r'src="([^"]*script=[^"]*)"', anyone.get("/api/v1/docs/").content.decode())
        answer = anyone.get(address)
        script = answer.content.decode()
        assert answer["Content-Type"].startswith("application/javascript")
        assert '"validatorUrl": null' in script
        assert "/api/v1/schema/" in script
        assert "http://" not in script.replace("http://testserver", "")
        assert "https://" not in script

    def test_the_content_security_policy_is_as_strict_as_elsewhere(self, anyone: APIClient) -> None:
        policy = anyone.get("/api/v1/docs/")["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "script-src 'self'" in policy
