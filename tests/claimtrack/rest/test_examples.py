"""The description's examples: each is sent to the service, taken, and answered as described."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

from claimtrack.rest.errors import API_PREFIX
from claimtrack.rest.examples import EXAMPLES
from tests.claims.factories import (
    make_claim,
    make_note,
    make_opinion,
    make_token,
    make_user,
    make_verdict,
    make_webhook,
)

pytestmark = pytest.mark.django_db
SCHEMA: dict[str, Any] = SchemaGenerator().get_schema(public=True)
OPERATIONS: dict[str, tuple[str, str, dict[str, Any]]] = {
    operation["operationId"]: (path, method, operation)
    for path, item in SCHEMA["paths"].items()
    for method, operation in item.items()
}
LISTS = sorted(
    name
    for name, (path, method, operation) in OPERATIONS.items()
    if method == "get" and path.startswith(API_PREFIX) and any("example" in one for one in operation["parameters"])
)
ROWS: dict[str, Callable[[User], Any]] = {
    "claims": lambda admin: make_claim(),
    "notes": lambda admin: make_note(author=admin),
    "verdicts": lambda admin: make_verdict(state="proposed"),
    "opinions": lambda admin: make_opinion(reviewer=admin),
    "webhooks": lambda admin: make_webhook(),
}


@pytest.fixture
def admin() -> User:
    return make_user("desk admin")


@pytest.fixture
def desk(admin: User) -> APIClient:
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {make_token(user=admin)}")


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_body_is_taken_and_answered_as_described(name: str, desk: APIClient, admin: User) -> None:
    path, method, operation = OPERATIONS[name]
    body = dict(EXAMPLES[name])
    assert operation["requestBody"]["content"]["application/json"]["example"] == body
    if "claim" in body:
        body["claim"] = make_claim().pk
    if "verdict" in body:
        body["verdict"] = make_verdict(state="proposed").pk
    if "{id}" in path:
        path = path.replace("{id}", str(ROWS[path.split("/")[3]](admin).pk))
    answer = getattr(desk, method)(path, body)
    assert answer.status_code in (200, 201), answer.content
    content = operation["responses"][str(answer.status_code)]["content"]["application/json"]["schema"]
    Draft202012Validator(content | {"components": SCHEMA["components"]}).validate(answer.json())


@pytest.mark.parametrize("name", LISTS)
def test_every_parameters_example_is_taken(name: str, desk: APIClient) -> None:
    path, _, operation = OPERATIONS[name]
    refused = {}
    for one in operation["parameters"]:
        if one["in"] == "query" and "example" in one:
            value = one["example"]
            given = ",".join(map(str, value)) if isinstance(value, list) else value
            answer = desk.get(path, {one["name"]: str(given).lower() if isinstance(given, bool) else given})
            if answer.status_code != 200:
                refused[one["name"]] = answer.content
    assert refused == {}
