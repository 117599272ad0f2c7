"""Saying that something happened, for whoever wants to be told.

One call, in the transaction of the change itself. It writes a line into the outbox where an active subscription asks
for that type of event, and else costs one short query; whom it concerns is decided when the outbox is drained
(`claims.services.deliveries`), so that no filter runs while an editor or a crawler waits. Do not send from here.
"""

from typing import Any

from claims.models import Webhook, WebhookEvent

Event = Webhook.Event


def publish_event(event: str, **data: Any) -> None:
    """Notes an event.

    Args:
        event: One of `Event`.
        data: What it is about, as ids: `claims` for CLAIM_CREATED; `claim`, `verdict`, `change` and `previous` for
            VERDICT_PUBLISHED and VERDICT_CHANGED; `survivor` and `absorbed` for SPEAKER_MERGED; `speaker` and
            `into` for SPEAKER_SPLIT; `article` and `previous` for ARTICLE_CHANGED.
    """
    if any(event in events for events in Webhook.objects.filter(is_active=True).values_list("events", flat=True)):
        WebhookEvent.objects.create(type=event, data=data)
