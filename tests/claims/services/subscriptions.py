"""What tests of subscriptions share: what the far end was told, and messages on their way to it."""

from collections.abc import Callable
from typing import Any

import orjson

from claims.models import Webhook, WebhookDelivery
from claims.services.drain import drain_once
from claims.services.verification import publish_verdict
from claims.services.webhooks import send_test
from tests.claims.factories import make_user, make_verdict
from tests.claims.outgoing.far_end import FarEnd

Subscribe = Callable[..., Webhook]
EVERYTHING = list(Webhook.Event.values)


def told(end: FarEnd) -> list[tuple[str, Any]]:
    """What the far end was told, after draining."""
    drain_once()
    messages = [orjson.loads(request.body) for request in end.received]
    return [(message["type"], message["data"]) for message in messages]


def publish(claim: Any, rating: str = "false", reason: str = "") -> Any:
    verdict = make_verdict(claim, rating=rating, state="proposed")
    return publish_verdict(verdict, reviewer=make_user("reviewer"), reason=reason)


def queue(webhook: Webhook, count: int = 1) -> list[WebhookDelivery]:
    for _ in range(count):
        send_test(webhook, actor=webhook.created_by)
    return list(WebhookDelivery.objects.order_by("pk"))
