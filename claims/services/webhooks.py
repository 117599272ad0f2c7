"""Making, changing and ending subscriptions; asking for a test message, and for an old one again.

A subscription's filter is what `GET claims/` takes, and is read by the same code. That code belongs to the API, above
the services; so the project names a reader in its settings (`WEBHOOK_READER`), and everything here and in
`claims.services.deliveries` asks that. What leaves the house is the public view, whoever made the subscription.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import cache
from typing import Any, Protocol
from uuid import uuid4

import orjson
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from claims.errors import Conflict, InvalidValue
from claims.models import Webhook, WebhookDelivery
from claims.outgoing import Permitted, RefusedAddress, new_secret, read_target
from claims.services.history import record_change, require

TEST_EVENT = "webhook.test"
BOTH_SECRETS_FOR = timedelta(hours=24)
MAX_NAME = 100
MAX_FILTERS = 4_000
_SHOWN = ("name", "url", "events", "filters", "is_active")


class Reader(Protocol):
    """What the API knows and the services do not: filters, and how rows look to the public."""

    def check(self, filters: str) -> str:
        """The filter in its usual form.

        Raises:
            InvalidValue: a parameter that is not known, or a value that is not valid.
        """

    def fitting(self, filters: str, claim_ids: Collection[int], *, without: tuple[str, ...] = ()) -> list[int]:
        """Those of the claims that are public and fit, in the order of their ids.

        Args:
            filters: A filter, or empty for all.
            claim_ids: Among which.
            without: Beginnings of parameters that are left aside.

        Raises:
            InvalidValue: the filter is no longer valid.
        """

    def claims(self, claim_ids: Sequence[int]) -> list[dict[str, Any]]:
        """Claims as the API shows them to everybody, in this order; without those that are not public."""

    def speaker(self, speaker_id: int) -> dict[str, Any] | None:
        """A speaker, in brief; None where it is hidden."""

    def article(self, article_id: int) -> dict[str, Any] | None:
        """An article, without its text."""


@cache
def reader() -> Reader:
    """The project's reader."""
    made: Reader = import_string(settings.WEBHOOK_READER)()
    return made


def permitted() -> Permitted:
    """What may be called beyond the public network."""
    return Permitted(frozenset(host.lower() for host in settings.WEBHOOK_PRIVATE_HOSTS))


@transaction.atomic
def create_webhook(
    *, actor: Any, name: str, url: str, events: Sequence[str], filters: str = "", is_active: bool = True
) -> Webhook:
    """Subscribes an address; the row's `secret` is to be shown now and never again.

    Raises:
        NotAllowed: the actor may not make subscriptions.
        InvalidValue: a value is not valid.
    """
    require(actor, "claims.add_webhook")
    values = checked({"name": name, "url": url, "events": events, "filters": filters, "is_active": is_active})
    webhook = Webhook.objects.create(created_by=actor, secret=new_secret(), **values)
    record_change(webhook, "create_webhook", actor=actor, after=values)
    return webhook


@transaction.atomic
def edit_webhook(webhook: Webhook, *, actor: Any, **changes: Any) -> Webhook:
    """Changes `name`, `url`, `events`, `filters` or `is_active`; what is made active again starts afresh.

    Raises:
        NotAllowed: the actor may not change subscriptions.
        InvalidValue: a value is not valid.
    """
    require(actor, "claims.change_webhook")
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    values = checked(changes)
    before = {name: getattr(webhook, name) for name in values}
    if before == values:
        return webhook
    for name, value in values.items():
        setattr(webhook, name, value)
    if webhook.is_active:
        webhook.disabled_why, webhook.failing_since = "", None
    webhook.save()
    record_change(webhook, "edit_webhook", actor=actor, before=before, after=values)
    return webhook


@transaction.atomic
def renew_secret(webhook: Webhook, *, actor: Any) -> Webhook:
    """Gives a new secret, to be shown now; the old one signs beside it for a day.

    Raises:
        NotAllowed: the actor may not change subscriptions.
    """
    require(actor, "claims.change_webhook")
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    webhook.previous_secret, webhook.previous_secret_until = webhook.secret, timezone.now() + BOTH_SECRETS_FOR
    webhook.secret = new_secret()
    webhook.save(update_fields=["secret", "previous_secret", "previous_secret_until", "modified_at"])
    record_change(webhook, "renew_secret", actor=actor)
    return webhook


@transaction.atomic
def delete_webhook(webhook: Webhook, *, actor: Any) -> None:
    """Ends a subscription, with all that is still to be sent and its log.

    Raises:
        NotAllowed: the actor may not delete subscriptions.
    """
    require(actor, "claims.delete_webhook")
    record_change(webhook, "delete_webhook", actor=actor, before={name: getattr(webhook, name) for name in _SHOWN})
    webhook.delete()


@transaction.atomic
def send_test(webhook: Webhook, *, actor: Any) -> WebhookDelivery:
    """Puts a message of the type `webhook.test` on its way.

    Raises:
        NotAllowed: the actor may not change subscriptions.
        Conflict: the subscription is not active.
    """
    require(actor, "claims.change_webhook")
    if not webhook.is_active:
        raise Conflict("This subscription is not active: make it active first.")
    data = {"webhook": webhook.pk, "message": "This is a test: nothing happened."}
    delivery = new_delivery(webhook, TEST_EVENT, data, at=timezone.now())
    delivery.save()
    return delivery


@transaction.atomic
def send_again(delivery: WebhookDelivery, *, actor: Any) -> WebhookDelivery:
    """Sends an old message anew, under its old id, with the full number of attempts.

    Raises:
        NotAllowed: the actor may not change subscriptions.
        Conflict: the subscription is not active, or the message is on its way.
    """
    require(actor, "claims.change_webhook")
    delivery = WebhookDelivery.objects.select_for_update(of=("self",)).select_related("webhook").get(pk=delivery.pk)
    if not delivery.webhook.is_active:
        raise Conflict("This subscription is not active: make it active first.")
    if delivery.leased_until and delivery.leased_until > timezone.now():
        raise Conflict("This message is being sent right now.")
    delivery.state, delivery.attempts, delivery.due_at = WebhookDelivery.State.PENDING, 0, timezone.now()
    delivery.delivered_at = None
    delivery.save(update_fields=["state", "attempts", "due_at", "delivered_at"])
    return delivery


def new_delivery(webhook: Webhook, event: str, data: dict[str, Any], *, at: Any) -> WebhookDelivery:
    """A message that is due now, not yet stored.

    Args:
        webhook: To whom.
        event: Its type.
        data: What it says.
        at: When it happened.
    """
    body = orjson.dumps({"type": event, "timestamp": at, "data": data}, option=orjson.OPT_UTC_Z).decode()
    return WebhookDelivery(
        webhook=webhook, type=event, message_id=f"msg_{uuid4().hex}", body=body, due_at=timezone.now()
    )


def checked(values: dict[str, Any]) -> dict[str, Any]:
    """Some values of a subscription, in the form in which they are stored.

    Raises:
        InvalidValue: one is not valid; its `field` says which.
    """
    values = dict(values)
    if "name" in values:
        values["name"] = values["name"].strip()
        if not 0 < len(values["name"]) <= MAX_NAME:
            raise InvalidValue(f"A name of 1 to {MAX_NAME} characters is needed.", field="name")
    if "url" in values:
        values["url"] = values["url"].strip()
        try:
            read_target(values["url"], permitted())
        except RefusedAddress as error:
            raise InvalidValue(str(error), field="url") from None
    if "events" in values:
        known = [event for event in Webhook.Event.values if event in values["events"]]
        if not known or (strange := [event for event in values["events"] if event not in known]):
            given = f", got {strange[0]!r}" if known else ""
            raise InvalidValue(f"Give one or more of {', '.join(Webhook.Event.values)}{given}.", field="events")
        values["events"] = known
    if "filters" in values:
        if len(values["filters"]) > MAX_FILTERS:
            raise InvalidValue(f"A filter has at most {MAX_FILTERS} characters.", field="filters")
        values["filters"] = reader().check(values["filters"])
    return values
