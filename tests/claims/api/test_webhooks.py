"""Subscriptions over the API: made, changed, tested, and never public."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from claims.models import Webhook, WebhookDelivery
from tests.claims.factories import make_delivery, make_webhook

ALL = "/api/v1/webhooks/"
LOG = "/api/v1/webhook-deliveries/"
GIVEN = {"name": "Archive", "endpoint": "https://hook.example/in", "events": ["claim.created"]}


@pytest.fixture
def desk(client_of: Callable[..., APIClient], db: None) -> APIClient:
    return client_of("desk admin")


def test_a_subscription_shows_its_secret_once(desk: APIClient) -> None:
    made = desk.post(ALL, GIVEN | {"filters": "?kind=direct"})
    assert made.status_code == 201
    answer = made.json()
    secret = answer.pop("secret")
    assert Webhook.objects.get().secret == secret
    assert (answer["endpoint"], answer["filters"], answer["is_active"]) == (GIVEN["endpoint"], "kind=direct", True)
    assert desk.get(answer["url"]).json() == answer
    assert secret not in desk.get(ALL).content.decode()


@pytest.mark.parametrize(
    ("values", "field", "suggestion"),
    [
        pytest.param({"endpoint": "http://10.0.0.1/"}, "endpoint", None, id="a private address"),
        pytest.param({"endpoint": "http://2130706433/"}, "endpoint", None, id="one written as a number"),
        pytest.param({"filters": "speeker=x"}, "filters", None, id="a misspelt parameter"),
        pytest.param({"events": ["claim.creatd"]}, "events.0", "claim.created", id="a misspelt event"),
        pytest.param({"nmae": "x"}, "nmae", "name", id="an unknown field"),
        pytest.param({"filters": "assignee=ana"}, "filters", None, id="a filter that the public has not"),
    ],
)
def test_what_is_wrong_is_named(values: dict[str, Any], field: str, suggestion: str | None, desk: APIClient) -> None:
    refused = desk.post(ALL, GIVEN | values)
    assert refused.status_code == 400
    (problem,) = refused.json()["error"]["fields"]
    assert (problem["field"], problem["suggestion"]) == (field, suggestion)
    assert not Webhook.objects.exists()


def test_a_subscription_that_ended_is_started_again(desk: APIClient) -> None:
    webhook = make_webhook(is_active=False, disabled_why="It answered 410.")
    assert desk.get(f"{ALL}{webhook.pk}/").json()["disabled_why"] == "It answered 410."
    changed = desk.patch(f"{ALL}{webhook.pk}/", {"is_active": True})
    assert (changed.status_code, changed.json()["is_active"], changed.json()["disabled_why"]) == (200, True, "")


def test_who_was_slower_is_told_how_it_stands(desk: APIClient) -> None:
    address = f"{ALL}{make_webhook().pk}/"
    tag = desk.get(address)["ETag"]
    assert desk.patch(address, {"name": "First"}, headers={"If-Match": tag}).status_code == 200
    slower = desk.patch(address, {"name": "Second"}, headers={"If-Match": tag})
    assert (slower.status_code, slower.json()["error"]["current"]["name"]) == (412, "First")
    log = f"{LOG}{make_delivery().pk}/"
    assert desk.get(log, headers={"If-None-Match": desk.get(log)["ETag"]}).status_code == 304


def test_a_secret_is_renewed(desk: APIClient) -> None:
    webhook = make_webhook()
    answer = desk.post(f"{ALL}{webhook.pk}/secret/", {}).json()
    assert answer["secret"].startswith("whsec_")
    assert answer["secret"] != webhook.secret


def test_a_test_message_is_put_on_its_way(desk: APIClient) -> None:
    webhook = make_webhook()
    made = desk.post(f"{ALL}{webhook.pk}/test/", {})
    assert (made.status_code, made.json()["state"], made.json()["type"]) == (201, "pending", "webhook.test")
    assert desk.get(f"{LOG}?webhook={webhook.pk}").json()["results"] == [made.json()]


def test_no_test_goes_to_one_that_has_ended(desk: APIClient) -> None:
    assert desk.post(f"{ALL}{make_webhook(is_active=False).pk}/test/", {}).status_code == 409


def test_the_log_tells_what_was_answered_and_sends_again(desk: APIClient) -> None:
    delivery = make_delivery(state="failed", attempts=10)
    make_delivery(state="delivered")
    (row,) = desk.get(f"{LOG}?state=failed").json()["results"]
    assert (row["id"], row["due_at"]) == (delivery.pk, None)
    assert [(one["status"], one["error"]) for one in row["attempts"]] == [(500, "")]
    again = desk.post(f"{LOG}{delivery.pk}/again/", {})
    assert (again.status_code, again.json()["state"]) == (200, "pending")


def test_twenty_messages_cost_the_queries_of_one(desk: APIClient, django_assert_max_num_queries: Any) -> None:
    webhook = make_webhook()
    make_delivery(webhook)
    desk.get(LOG)
    for _ in range(20):
        make_delivery(webhook)
    with django_assert_max_num_queries(8):
        assert len(desk.get(LOG).json()["results"]) == 21


@pytest.mark.parametrize("address", [ALL, LOG, f"{ALL}1/", f"{LOG}1/"])
@pytest.mark.parametrize(("role", "status"), [("", 401), ("contributor", 403), ("reviewer", 403)])
def test_nobody_else_reads_them(
    address: str, role: str, status: int, client_of: Callable[..., APIClient], anyone: APIClient, db: None
) -> None:
    make_delivery()
    client = client_of(role) if role else anyone
    assert client.get(address).status_code == status


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("post", ALL),
        ("patch", f"{ALL}1/"),
        ("post", f"{ALL}1/test/"),
        ("post", f"{ALL}1/secret/"),
        ("post", f"{LOG}1/again/"),
    ],
)
def test_nobody_else_writes_them(method: str, address: str, client_of: Callable[..., APIClient], db: None) -> None:
    make_delivery()
    assert getattr(client_of("reviewer"), method)(address, GIVEN).status_code == 403
    assert not WebhookDelivery.objects.filter(type="webhook.test").exists()
