"""Draining the outbox: from what happened to messages, and from messages to what became of them.

Three steps, each a short transaction, with no lock held while a far end is waited for: events become messages; due
messages are leased; what came of each is written down. Several drainers may run at once: rows are taken with
`SKIP LOCKED` on PostgreSQL, and SQLite lets one writer in at a time. A lease lasts longer than any send can take, so no
message is on its way twice at one moment; after a crash it goes again when the lease is over.

A subscriber that does not answer is left for the others: the rest of its messages wait, and while it is waited for,
messages of the others go on. One that fails for three days, or says 410, is ended with a note why.
"""

import logging
import random
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from claims.models import Webhook, WebhookAttempt, WebhookDelivery
from claims.outgoing import Answer, Permitted, post, retry_after, seconds_until_next, signed_headers
from claims.services.webhooks import permitted

LEASE = timedelta(minutes=5)
SUBSCRIBERS = 4  # served at one time
PER_SUBSCRIBER = 10  # messages in one round
ROUND_SECONDS = 20.0  # no new message of a round starts later; with the 15 s of one call far below the lease
LOOK_SECONDS = 1.0  # between looks for what has become due, while a far end is waited for
PATIENCE = timedelta(days=3)  # of failures alone, before a subscription ends
PAUSE_SECONDS = 30  # for the other messages of a subscriber that has just failed
KEEP_LOG = timedelta(days=30)
GONE = 410

State = WebhookDelivery.State
Send = Callable[..., Answer]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A leased message, with all that sending needs."""

    delivery_id: int
    webhook_id: int
    lease: str
    url: str
    message_id: str
    body: bytes
    keys: tuple[str, ...]


_Outcome = list[tuple[Parcel, Answer | None]]


@dataclass(slots=True)
class Tally:
    """What one round did: how many messages arrived, how many did not."""

    delivered: int = 0
    failed: int = 0


def deliver_due(send: Send = post, meanwhile: Callable[[], bool] | None = None) -> Tally:
    """Sends what is due by now; gives zeros where nothing is.

    Args:
        send: Stands in for `claims.outgoing.post` in tests.
        meanwhile: Called again and again while far ends are waited for: it may write further messages, and these are
            sent too. As soon as it gives False no more are taken up. Without it, what becomes due later is left.
    """
    tally, allowed, started = Tally(), permitted(), timezone.now()
    under_way: dict[Future[_Outcome], int] = {}
    with ThreadPoolExecutor(max_workers=SUBSCRIBERS) as pool:
        goes_on = True
        while True:
            if goes_on:
                now = timezone.now() if meanwhile else started
                for parcels in lease_due(now, without=under_way.values(), most=SUBSCRIBERS - len(under_way)):
                    under_way[pool.submit(_send_round, parcels, send, allowed)] = parcels[0].webhook_id
            if not under_way:
                return tally
            done, _ = wait(under_way, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
            for one in done:
                del under_way[one]
                _write_down(one.result(), tally)
            goes_on = meanwhile() if meanwhile and goes_on else goes_on


def _write_down(outcome: _Outcome, tally: Tally) -> None:
    for parcel, answer in outcome:
        if answer is None:
            _put_back(parcel)
        else:
            record(parcel, answer)
            tally.delivered += answer.is_success
            tally.failed += not answer.is_success


def lease_due(now: datetime, *, without: Collection[int] = (), most: int = SUBSCRIBERS) -> Iterator[list[Parcel]]:
    """Leases due messages, by subscriber; whoever has waited longest comes first.

    Args:
        now: By when they are due.
        without: Subscribers that are left out.
        most: How many subscribers.
    """
    due = _due(now).exclude(webhook__in=list(without)) if without else _due(now)
    waiting = due.values_list("webhook_id").annotate(since=Min("due_at")).order_by("since")[:most]
    for webhook_id, _ in list(waiting):
        if parcels := _lease_of(webhook_id, now):
            yield parcels


def _due(now: datetime) -> QuerySet[WebhookDelivery]:
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    return WebhookDelivery.objects.filter(free, state=State.PENDING, due_at__lte=now, webhook__is_active=True)


@transaction.atomic
def _lease_of(webhook_id: int, now: datetime) -> list[Parcel]:
    webhook = Webhook.objects.get(pk=webhook_id)
    due = _due(now).filter(webhook=webhook).order_by("due_at", "pk")
    rows = list(due.select_for_update(skip_locked=True, of=("self",))[:PER_SUBSCRIBER])
    lease = uuid4().hex
    WebhookDelivery.objects.filter(pk__in=[row.pk for row in rows]).update(lease=lease, leased_until=now + LEASE)
    keys = [webhook.secret]
    if webhook.previous_secret and webhook.previous_secret_until and webhook.previous_secret_until > now:
        keys.append(webhook.previous_secret)
    return [
        Parcel(row.pk, webhook_id, lease, webhook.url, row.message_id, row.body.encode(), tuple(keys)) for row in rows
    ]


def _send_round(parcels: Sequence[Parcel], send: Send, allowed: Permitted) -> _Outcome:
    """Sends a subscriber's messages one after the other; the first that fails ends the round. Touches no database."""
    outcome: list[tuple[Parcel, Answer | None]] = []
    started, is_over = time.monotonic(), False
    for parcel in parcels:
        answer = None if is_over else _send(parcel, send, allowed)
        is_over = is_over or not (answer and answer.is_success) or time.monotonic() - started > ROUND_SECONDS
        outcome.append((parcel, answer))
    return outcome


def _send(parcel: Parcel, send: Send, allowed: Permitted) -> Answer:
    headers = {"Content-Type": "application/json", "User-Agent": "claimtrack-webhooks/1"}
    headers |= signed_headers(parcel.message_id, int(time.time()), parcel.body, parcel.keys)
    return send(parcel.url, parcel.body, headers, permitted=allowed)


@transaction.atomic
def record(parcel: Parcel, answer: Answer) -> None:
    """Writes down what came of one attempt, and when the next one is due."""
    now = timezone.now()
    delivery = WebhookDelivery.objects.select_for_update().filter(pk=parcel.delivery_id, lease=parcel.lease).first()
    webhook = Webhook.objects.select_for_update().filter(pk=parcel.webhook_id).first()
    if delivery is None or webhook is None:
        return  # deleted meanwhile, or leased by somebody else after this machine stood still
    WebhookAttempt.objects.create(
        delivery=delivery, status=answer.status, error=answer.error, answer=answer.body, seconds=answer.seconds
    )
    delivery.attempts += 1
    delivery.lease, delivery.leased_until = "", None
    if answer.is_success:
        delivery.state, delivery.delivered_at = State.DELIVERED, now
    else:
        _plan_next(delivery, answer, now)
    delivery.save()
    _note_health(webhook, answer, now)


def _plan_next(delivery: WebhookDelivery, answer: Answer, now: datetime) -> None:
    asked = retry_after(answer.retry_after, now)
    # Not a secret: it only spreads attempts over time.
    wait = seconds_until_next(delivery.attempts, chance=random.random(), asked=asked)  # noqa: S311
    if wait is None:
        delivery.state = State.FAILED
    else:
        delivery.due_at = now + timedelta(seconds=wait)


def _note_health(webhook: Webhook, answer: Answer, now: datetime) -> None:
    if answer.is_success:
        if webhook.failing_since:
            Webhook.objects.filter(pk=webhook.pk).update(failing_since=None, modified_at=now)
        return
    since = webhook.failing_since or now
    reason = f"it answered {answer.status}" if answer.status else answer.error
    if answer.status == GONE:
        disable(webhook, "It answered 410: it wants no more messages.")
    elif now - since >= PATIENCE:
        disable(webhook, f"Every attempt since {since:%Y-%m-%d %H:%M} UTC has failed; at the last one {reason}")
    elif webhook.failing_since is None:
        Webhook.objects.filter(pk=webhook.pk).update(failing_since=now, modified_at=now)


def disable(webhook: Webhook, why: str) -> None:
    """Ends a subscription that does not work; an editor may make it active again."""
    changes: dict[str, Any] = {"is_active": False, "disabled_why": why, "modified_at": timezone.now()}
    Webhook.objects.filter(pk=webhook.pk).update(**changes)
    _log.warning("subscription %s is disabled: %s", webhook.pk, why)


def _put_back(parcel: Parcel) -> None:
    """Lets a message go that was leased but not sent, for a while."""
    due_at = timezone.now() + timedelta(seconds=PAUSE_SECONDS)
    mine = WebhookDelivery.objects.filter(pk=parcel.delivery_id, lease=parcel.lease)
    mine.update(lease="", leased_until=None, due_at=due_at)


def forget_old(now: datetime) -> int:
    """Deletes messages that arrived or were given up long ago, with their log; gives how many."""
    old = WebhookDelivery.objects.exclude(state=State.PENDING).filter(created_at__lt=now - KEEP_LOG)
    deleted, _ = old.delete()
    return deleted
