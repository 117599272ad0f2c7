"""From a message to the far end: signed, tried again, given up, and drained by several at once."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from claims.models import Webhook, WebhookAttempt, WebhookDelivery
from claims.outgoing import ATTEMPTS, Answer
from claims.services import deliveries
from claims.services.deliveries import deliver_due, forget_old
from claims.services.drain import drain_once, drained_in_background
from claims.services.messages import write_messages
from claims.services.outbox import publish_event
from claims.services.webhooks import create_webhook
from tests.claims.factories import make_claim, make_user
from tests.claims.outgoing.far_end import FarEnd, far_end
from tests.claims.services.subscriptions import EVERYTHING, Subscribe, queue


def test_a_failure_is_logged_and_tried_again_later_with_the_same_message(subscribe: Subscribe, end: FarEnd) -> None:
    (delivery,) = queue(subscribe())
    end.status, end.body = 500, b"out of order"
    before = timezone.now()
    drain_once()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("pending", 1)
    assert timedelta(seconds=5) <= delivery.due_at - before < timedelta(seconds=20)
    attempt = WebhookAttempt.objects.get()
    assert (attempt.status, attempt.answer) == (500, "out of order")
    end.status = 204
    WebhookDelivery.objects.update(due_at=before)
    drain_once()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("delivered", 2)
    first, second = end.received
    assert (first.body, first.headers["webhook-id"]) == (second.body, second.headers["webhook-id"])


def test_it_waits_as_long_as_the_far_end_asks(subscribe: Subscribe, end: FarEnd) -> None:
    (delivery,) = queue(subscribe())
    end.status, end.headers = 503, {"Retry-After": "3600"}
    drain_once()
    delivery.refresh_from_db()
    assert delivery.due_at - timezone.now() > timedelta(minutes=59)


def test_after_the_last_attempt_a_message_is_given_up(subscribe: Subscribe, end: FarEnd) -> None:
    (delivery,) = queue(subscribe())
    end.status = 500
    WebhookDelivery.objects.update(attempts=ATTEMPTS - 1)
    drain_once()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("failed", ATTEMPTS)


def test_who_does_not_answer_is_not_sent_the_rest(subscribe: Subscribe, end: FarEnd) -> None:
    waiting = queue(subscribe(), 5)
    end.status = 500
    tally = drain_once()
    assert (tally.failed, len(end.received)) == (1, 1)
    for delivery in waiting[1:]:
        delivery.refresh_from_db()
        assert (delivery.attempts, delivery.leased_until) == (0, None)
        assert delivery.due_at > timezone.now()


def test_one_that_hangs_does_not_keep_messages_from_the_others(subscribe: Subscribe, end: FarEnd) -> None:
    with far_end() as slow:
        release = threading.Event()
        slow.before = lambda: release.wait(5)
        queue(subscribe(url=slow.url), 3)
        subscribe()
        publish_event("claim.created", claims=[make_claim().pk])
        write_messages()
        threading.Timer(0.2, release.set).start()
        deliver_due()
    assert len(end.received) == 1


@pytest.mark.django_db(transaction=True)
def test_messages_of_the_others_go_on_while_one_hangs(subscribe: Subscribe, end: FarEnd) -> None:
    """Also those that are written only after it began to hang."""
    with far_end() as slow:
        hangs, release, told = threading.Event(), threading.Event(), threading.Event()
        slow.before = lambda: (hangs.set(), release.wait(20))
        end.before = told.set
        queue(subscribe(url=slow.url, events=["article.changed"]))
        subscribe()
        claim = make_claim()
        with drained_in_background():
            assert hangs.wait(10)
            publish_event("claim.created", claims=[claim.pk])
            assert told.wait(10)
            release.set()


def test_failures_alone_for_three_days_end_a_subscription_with_a_note(subscribe: Subscribe, end: FarEnd) -> None:
    webhook = subscribe()
    queue(webhook)
    end.status = 500
    drain_once()
    webhook.refresh_from_db()
    assert webhook.is_active
    assert webhook.failing_since is not None
    Webhook.objects.update(failing_since=timezone.now() - timedelta(days=3))
    WebhookDelivery.objects.update(due_at=timezone.now())
    drain_once()
    webhook.refresh_from_db()
    assert not webhook.is_active
    assert "it answered 500" in webhook.disabled_why


def test_one_success_among_failures_starts_the_clock_anew(subscribe: Subscribe, end: FarEnd) -> None:
    webhook = subscribe()
    Webhook.objects.update(failing_since=timezone.now() - timedelta(days=2))
    queue(webhook)
    drain_once()
    webhook.refresh_from_db()
    assert webhook.failing_since is None


def test_gone_ends_a_subscription_at_once(subscribe: Subscribe, end: FarEnd) -> None:
    webhook = subscribe()
    queue(webhook, 2)
    end.status = 410
    drain_once()
    webhook.refresh_from_db()
    assert not webhook.is_active
    assert "410" in webhook.disabled_why
    assert drain_once().failed == 0


def test_an_address_that_turned_private_is_not_called(subscribe: Subscribe, end: FarEnd, settings: Any) -> None:
    queue(subscribe())
    settings.WEBHOOK_PRIVATE_HOSTS = []
    drain_once()
    assert end.received == []
    assert "not" in WebhookAttempt.objects.get().error


def test_what_was_leased_is_not_taken_again_until_the_lease_is_over(subscribe: Subscribe, end: FarEnd) -> None:
    queue(subscribe())
    now = timezone.now()
    assert [len(parcels) for parcels in deliveries.lease_due(now)] == [1]
    assert list(deliveries.lease_due(now)) == []
    later = now + deliveries.LEASE + timedelta(seconds=1)
    assert [len(parcels) for parcels in deliveries.lease_due(later)] == [1]


def test_a_drainer_that_stood_still_changes_nothing_of_its_successors(subscribe: Subscribe, end: FarEnd) -> None:
    (delivery,) = queue(subscribe())
    ((late,),) = deliveries.lease_due(timezone.now())
    ((parcel,),) = deliveries.lease_due(timezone.now() + deliveries.LEASE + timedelta(seconds=1))
    deliveries.record(late, Answer(500))
    delivery.refresh_from_db()
    assert (delivery.attempts, delivery.lease) == (0, parcel.lease)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_drainers_at_once_send_each_message_once(end: FarEnd) -> None:
    owner = make_user("desk admin")
    webhooks = [create_webhook(actor=owner, name=name, url=end.url, events=EVERYTHING) for name in "ABC"]
    publish_event("claim.created", claims=[make_claim().pk])
    for webhook in webhooks:
        queue(webhook, 8)
    barrier = threading.Barrier(3)
    failures: list[Exception] = []

    def drain() -> None:
        try:
            barrier.wait()
            drain_once()
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=drain) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    drain_once()
    ids = [request.headers["webhook-id"] for request in end.received]
    assert len(ids) == len(set(ids)) == 3 * 8 + 3


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_outbox_drains_itself_beside_a_server(end: FarEnd) -> None:
    arrived = threading.Event()
    end.before = arrived.set
    create_webhook(actor=make_user("desk admin"), name="Archive", url=end.url, events=EVERYTHING)
    publish_event("claim.created", claims=[make_claim().pk])
    with drained_in_background():
        assert arrived.wait(10)


def test_what_is_done_with_is_forgotten_after_a_month(subscribe: Subscribe, end: FarEnd) -> None:
    queue(subscribe(), 2)
    drain_once()
    WebhookDelivery.objects.filter(pk=WebhookDelivery.objects.order_by("pk")[0].pk).update(
        created_at=timezone.now() - timedelta(days=31)
    )
    pending = queue(Webhook.objects.get())[-1]
    WebhookDelivery.objects.filter(pk=pending.pk).update(created_at=timezone.now() - timedelta(days=31))
    forget_old(timezone.now())
    assert WebhookDelivery.objects.count() == 2
    assert WebhookAttempt.objects.count() == 1
