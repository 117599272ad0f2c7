"""Subscriptions: who makes them, what they may hold, and what becomes of their secrets and messages."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from claims.errors import Conflict, InvalidValue, NotAllowed
from claims.models import Change, Webhook
from claims.services import deliveries
from claims.services.drain import drain_once
from claims.services.webhooks import create_webhook, delete_webhook, edit_webhook, renew_secret, send_again, send_test
from tests.claims.factories import make_user
from tests.claims.outgoing.far_end import FarEnd
from tests.claims.services.subscriptions import EVERYTHING, Subscribe, queue


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        pytest.param({"name": " "}, "name", "A name", id="no name"),
        pytest.param({"url": "http://10.0.0.1/"}, "url", "not a public address", id="a private address"),
        pytest.param({"url": "gopher://hook.example/"}, "url", "https://", id="another scheme"),
        pytest.param({"events": []}, "events", "one or more", id="no event"),
        pytest.param({"events": ["claim.created", "claim.gone"]}, "events", "claim.gone", id="an unknown event"),
        pytest.param({"filters": "speeker=ana"}, "filters", "speaker", id="a misspelt parameter"),
        pytest.param({"filters": "kind=direkt"}, "filters", "direct", id="a misspelt value"),
        pytest.param({"filters": "page_size=5"}, "filters", "page_size", id="a parameter of pages"),
        pytest.param({"filters": "kind=direct&" * 400}, "filters", "at most", id="a filter without end"),
    ],
)
def test_a_subscription_that_cannot_work_says_why(
    values: dict[str, Any], field: str, message: str, subscribe: Subscribe
) -> None:
    with pytest.raises(InvalidValue, match=message) as refused:
        subscribe(**values)
    assert refused.value.field == field
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("role", ["API reader", "contributor", "fact-checker", "reviewer"])
def test_only_a_desk_admin_subscribes(role: str, end: FarEnd, db: None) -> None:
    with pytest.raises(NotAllowed):
        create_webhook(actor=make_user(role), name="Archive", url=end.url, events=EVERYTHING)


def test_the_filter_is_kept_in_its_usual_form(subscribe: Subscribe) -> None:
    assert subscribe(filters="?kind=direct&speaker=a,b ").filters == "kind=direct&speaker=a%2Cb"


def test_both_secrets_sign_for_a_day_after_a_change(subscribe: Subscribe, end: FarEnd, desk_admin: User) -> None:
    webhook = subscribe()
    old = webhook.secret
    renewed = renew_secret(webhook, actor=desk_admin)
    assert renewed.secret != old
    queue(renewed)
    drain_once()
    Webhook.objects.update(previous_secret_until=timezone.now())
    queue(renewed)
    drain_once()
    assert [request.headers["webhook-signature"].count("v1,") for request in end.received] == [2, 1]


def test_no_secret_is_in_the_ledger(subscribe: Subscribe, desk_admin: User) -> None:
    webhook = renew_secret(subscribe(), actor=desk_admin)
    lines = [f"{change.before}{change.after}{change.reason}" for change in Change.objects.filter(model="webhook")]
    assert len(lines) == 2
    assert not any("whsec_" in line or webhook.secret in line for line in lines)


def test_made_active_again_a_subscription_goes_on(subscribe: Subscribe, end: FarEnd, desk_admin: User) -> None:
    webhook = subscribe()
    queue(webhook)
    deliveries.disable(webhook, "It failed.")
    webhook.refresh_from_db()
    with pytest.raises(Conflict, match="not active"):
        send_test(webhook, actor=desk_admin)
    assert drain_once().delivered == 0
    again = edit_webhook(webhook, actor=desk_admin, is_active=True)
    assert (again.disabled_why, again.failing_since) == ("", None)
    assert drain_once().delivered == 1


def test_an_old_message_is_sent_again_under_its_old_id(subscribe: Subscribe, end: FarEnd, desk_admin: User) -> None:
    (delivery,) = queue(subscribe())
    drain_once()
    delivery.refresh_from_db()
    send_again(delivery, actor=desk_admin)
    drain_once()
    first, second = end.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


def test_a_message_on_its_way_is_not_sent_again(subscribe: Subscribe, desk_admin: User) -> None:
    (delivery,) = queue(subscribe())
    list(deliveries.lease_due(timezone.now()))
    with pytest.raises(Conflict, match="right now"):
        send_again(delivery, actor=desk_admin)


def test_a_deleted_subscription_leaves_a_line_in_the_ledger_and_no_message(
    subscribe: Subscribe, desk_admin: User, end: FarEnd
) -> None:
    webhook = subscribe()
    queue(webhook)
    delete_webhook(webhook, actor=desk_admin)
    drain_once()
    assert end.received == []
    assert Change.objects.filter(model="webhook", action="delete_webhook").exists()
