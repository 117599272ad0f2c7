"""Subscriptions and the log of deliveries, as a desk admin sees them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Change, Webhook, WebhookDelivery
from tests.claims.factories import make_delivery, make_webhook

ADD = "admin:claims_webhook_add"
LIST = "admin:claims_webhook_changelist"
LOG = "admin:claims_webhookdelivery_changelist"
GIVEN = {"name": "Archive", "url": "https://hook.example/in", "events": ["claim.created"], "is_active": "on"}


@pytest.fixture
def client(editor: Callable) -> Client:
    made: Client = editor("desk admin")
    return made


def run(client: Client, action: str, *rows: Any, page: str = LIST) -> str:
    data = {"action": action, "index": "0", "_selected_action": [row.pk for row in rows]}
    return client.post(reverse(page), data, follow=True).content.decode()


def test_a_subscription_is_made_and_its_secret_shown_once(client: Client) -> None:
    response = client.post(reverse(ADD), GIVEN | {"filters": "?kind=direct"})
    webhook = Webhook.objects.get()
    assert (webhook.events, webhook.filters, webhook.created_by) == (["claim.created"], "kind=direct", client.user)
    assert webhook.secret in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    for page in (reverse(LIST), reverse("admin:claims_webhook_change", args=[webhook.pk])):
        assert webhook.secret not in client.get(page).content.decode()
    assert Change.objects.filter(action="create_webhook", actor=client.user).exists()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        pytest.param({"url": "http://127.0.0.1/"}, "not a public address", id="a private address"),
        pytest.param({"filters": "speeker=x"}, "speaker", id="a misspelt parameter"),
        pytest.param({"events": []}, "This field is required", id="no event"),
        pytest.param({"name": ""}, "This field is required", id="no name"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(values: dict[str, Any], message: str, client: Client) -> None:
    page = client.post(reverse(ADD), GIVEN | values)
    assert page.status_code == 200
    assert message in page.content.decode()
    assert not Webhook.objects.exists()


def test_a_subscription_that_has_ended_says_why_and_goes_on_when_made_active(client: Client) -> None:
    webhook = make_webhook(is_active=False, disabled_why="It answered 410.")
    assert "It answered 410." in client.get(reverse(LIST)).content.decode()
    client.post(reverse("admin:claims_webhook_change", args=[webhook.pk]), GIVEN)
    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.disabled_why) == (True, "")


def test_a_test_message_is_put_on_its_way(client: Client) -> None:
    webhook = make_webhook()
    assert "1 on the way" in run(client, "test", webhook)
    assert WebhookDelivery.objects.get().type == "webhook.test"


def test_no_test_goes_to_a_subscription_that_has_ended(client: Client) -> None:
    assert "make it active first" in run(client, "test", make_webhook(is_active=False))
    assert not WebhookDelivery.objects.exists()


def test_a_secret_is_renewed_for_one_at_a_time(client: Client) -> None:
    webhook, other = make_webhook(), make_webhook(name="Mirror")
    old = webhook.secret
    assert "Select one" in run(client, "renew", webhook, other)
    page = run(client, "renew", webhook)
    webhook.refresh_from_db()
    assert webhook.secret != old == webhook.previous_secret
    assert webhook.secret in page
    assert old not in page


def test_the_log_shows_message_attempts_and_answers(client: Client) -> None:
    delivery = make_delivery()
    page = client.get(reverse("admin:claims_webhookdelivery_change", args=[delivery.pk])).content.decode()
    for text in ("out of order", "500", "claim.created", delivery.message_id):
        assert text in page


def test_a_message_is_sent_again_from_the_log(client: Client) -> None:
    delivery = make_delivery(state="failed", attempts=10)
    assert "1 on the way again" in run(client, "again", delivery, page=LOG)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("pending", 0)


def test_a_subscription_is_deleted_with_its_log(client: Client) -> None:
    webhook = make_delivery().webhook
    client.post(reverse("admin:claims_webhook_delete", args=[webhook.pk]), {"post": "yes"})
    assert not Webhook.objects.exists()
    assert Change.objects.filter(action="delete_webhook").exists()


@pytest.mark.parametrize("role", ["API reader", "contributor", "fact-checker", "reviewer"])
@pytest.mark.parametrize("page", [LIST, ADD, LOG])
def test_nobody_but_a_desk_admin_gets_in(role: str, page: str, editor: Callable) -> None:
    assert editor(role).get(reverse(page)).status_code == 403
