"""From a change to a signed message at the far end; what is told to whom, and what happens where it does not arrive."""

import base64
import hashlib
import hmac
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.contrib.auth.models import User
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.errors import Conflict, InvalidValue, NotAllowed
from claims.models import Change, Rating, Webhook, WebhookAttempt, WebhookDelivery, WebhookEvent
from claims.outgoing import ATTEMPTS, Answer
from claims.services import deliveries
from claims.services.deliveries import deliver_due, forget_old
from claims.services.drain import drain_once, drained_in_background
from claims.services.merging import merge_speakers
from claims.services.messages import write_messages
from claims.services.outbox import publish_event
from claims.services.verification import publish_verdict, withdraw_verdict
from claims.services.webhooks import (
    create_webhook,
    delete_webhook,
    edit_webhook,
    renew_secret,
    send_again,
    send_test,
)
from tests.claims.factories import make_article, make_claim, make_speaker, make_user, make_verdict
from tests.claims.outgoing.far_end import FarEnd, far_end

Subscribe = Callable[..., Webhook]
EVERYTHING = list(Webhook.Event.values)


@pytest.fixture
def end(settings: Any) -> Iterator[FarEnd]:
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1"]
    settings.PUBLIC_URL = "https://desk.example"
    with far_end() as server:
        yield server


@pytest.fixture
def subscribe(end: FarEnd, desk_admin: User) -> Subscribe:
    def make(**values: Any) -> Webhook:
        given: dict[str, Any] = {"name": "Archive", "url": end.url, "events": EVERYTHING}
        return create_webhook(actor=desk_admin, **(given | values))

    return make


def told(end: FarEnd) -> list[tuple[str, Any]]:
    """What the far end was told, after draining."""
    drain_once()
    messages = [orjson.loads(request.body) for request in end.received]
    return [(message["type"], message["data"]) for message in messages]


def publish(claim: Any, rating: str = "false", reason: str = "") -> Any:
    verdict = make_verdict(claim, rating=rating, state="proposed")
    return publish_verdict(verdict, reviewer=make_user("reviewer"), reason=reason)


# --- What is told ----------------------------------------------------------------------------------------------------


def test_new_claims_are_told_as_the_api_shows_them(subscribe: Subscribe, end: FarEnd) -> None:
    subscribe()
    claim = make_claim(make_speaker("Ana Duarte", slug="ana-duarte"))
    publish_event("claim.created", claims=[claim.pk])
    ((kind, data),) = told(end)
    assert kind == "claim.created"
    assert [one["text"] for one in data["claims"]] == [claim.text]
    assert data["claims"][0]["url"] == f"https://desk.example/api/v1/claims/{claim.pk}/"
    assert data["claims"][0]["speakers"][0]["slug"] == "ana-duarte"


def test_a_message_carries_type_time_and_a_signature_that_proves_it(subscribe: Subscribe, end: FarEnd) -> None:
    webhook = subscribe()
    publish_event("claim.created", claims=[make_claim().pk])
    told(end)
    request = end.received[0]
    assert orjson.loads(request.body).keys() == {"type", "timestamp", "data"}
    assert request.headers["content-type"] == "application/json"
    signed = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + request.body
    key = base64.b64decode(webhook.secret.removeprefix("whsec_"))
    proof = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert request.headers["webhook-signature"] == f"v1,{proof}"


def test_a_verdict_is_told_when_published_replaced_and_withdrawn(subscribe: Subscribe, end: FarEnd) -> None:
    subscribe()
    claim = make_claim()
    first = publish(claim)
    drain_once()
    second = publish(claim, "true", reason="A better source.")
    drain_once()
    withdraw_verdict(second, actor=make_user("reviewer"), reason="It was a joke.")
    assert [
        (kind, data["change"], data["verdict"], data["previous"], (data["claim"]["verdict"] or {}).get("id"))
        for kind, data in told(end)
    ] == [
        ("verdict.published", "published", first.pk, None, first.pk),
        ("verdict.changed", "replaced", second.pk, first.pk, second.pk),
        ("verdict.changed", "withdrawn", second.pk, first.pk, None),
    ]


def test_a_merge_is_told(subscribe: Subscribe, end: FarEnd, desk_admin: User) -> None:
    subscribe()
    absorbed, survivor = make_speaker("A. Duarte", slug="a-duarte"), make_speaker("Ana Duarte", slug="ana-duarte")
    merge_speakers(absorbed, into=survivor, actor=desk_admin, reason="The same person.")
    ((kind, data),) = told(end)
    assert (kind, data["survivor"]["slug"], data["absorbed"]["slug"]) == ("speaker.merged", "ana-duarte", "a-duarte")


def test_a_new_version_of_an_article_is_told(subscribe: Subscribe, end: FarEnd) -> None:
    subscribe()
    old = make_article()
    new = make_article(old.source, supersedes=old)
    publish_event("article.changed", article=new.pk, previous=old.pk)
    ((kind, data),) = told(end)
    assert (kind, data["article"]["id"], data["previous"]) == ("article.changed", new.pk, old.pk)
    assert "text" not in data["article"]


def test_many_claims_of_one_article_are_few_messages(subscribe: Subscribe, end: FarEnd) -> None:
    subscribe()
    article = make_article()
    ids = [make_claim(article=article).pk for _ in range(60)]
    publish_event("claim.created", claims=ids)
    assert [len(data["claims"]) for _, data in told(end)] == [50, 10]


# --- To whom ---------------------------------------------------------------------------------------------------------


def test_only_what_fits_the_filter_is_told(subscribe: Subscribe, end: FarEnd) -> None:
    subscribe(filters="speaker=ana-duarte&kind=direct")
    ana, bela = make_speaker(slug="ana-duarte"), make_speaker()
    wanted = make_claim(ana, kind="direct")
    others = [make_claim(ana, kind="indirect"), make_claim(bela, kind="direct"), make_claim(kind="direct")]
    publish_event("claim.created", claims=[wanted.pk, *(claim.pk for claim in others)])
    assert [[claim["id"] for claim in data["claims"]] for _, data in told(end)] == [[wanted.pk]]


def test_nothing_is_sent_where_nothing_fits(subscribe: Subscribe, end: FarEnd) -> None:
    subscribe(filters="kind=mixed")
    publish_event("claim.created", claims=[make_claim(kind="direct").pk])
    assert told(end) == []


def test_who_was_told_a_rating_hears_that_it_is_gone(subscribe: Subscribe, end: FarEnd) -> None:
    subscribe(filters="rating=false&kind=direct")
    claim, other = make_claim(kind="direct"), make_claim(kind="mixed")
    for one in (claim, other):
        verdict = publish(one)
        drain_once()
        withdraw_verdict(verdict, actor=make_user("reviewer"), reason="It was a joke.")
    assert [(kind, data["claim"]["id"]) for kind, data in told(end)] == [
        ("verdict.published", claim.pk),
        ("verdict.changed", claim.pk),
    ]


@pytest.mark.parametrize(("filters", "count"), [("kind=direct", 1), ("kind=mixed", 0)], ids=["fits", "fits not"])
def test_a_merge_is_told_where_a_claim_of_the_speaker_fits(
    filters: str, count: int, subscribe: Subscribe, end: FarEnd, desk_admin: User
) -> None:
    subscribe(filters=filters)
    absorbed, survivor = make_speaker(), make_speaker()
    make_claim(absorbed, kind="direct")
    merge_speakers(absorbed, into=survivor, actor=desk_admin, reason="The same person.")
    assert len(told(end)) == count


def test_hidden_speakers_and_what_they_said_stay_inside(subscribe: Subscribe, end: FarEnd, desk_admin: User) -> None:
    subscribe()
    hidden, shown = make_speaker("Hidden Person", is_hidden=True), make_speaker()
    publish_event("claim.created", claims=[make_claim(hidden).pk])
    merge_speakers(hidden, into=shown, actor=desk_admin, reason="The same person.")
    messages = [orjson.dumps(data).decode() for _, data in told(end)]
    assert not [message for message in messages if "Hidden Person" in message]


def test_each_hears_only_of_the_events_it_asked_for(subscribe: Subscribe, end: FarEnd) -> None:
    subscribe(events=["verdict.published"])
    publish_event("claim.created", claims=[make_claim().pk])
    publish(make_claim())
    assert [kind for kind, _ in told(end)] == ["verdict.published"]


def test_two_subscribers_get_a_message_each_under_ids_of_their_own(subscribe: Subscribe, end: FarEnd) -> None:
    subscribe(), subscribe(name="Mirror")
    publish_event("claim.created", claims=[make_claim().pk])
    told(end)
    ids = {request.headers["webhook-id"] for request in end.received}
    assert len(ids) == len(end.received) == 2


# --- The outbox ------------------------------------------------------------------------------------------------------


def test_without_a_subscription_an_event_costs_one_query_and_leaves_nothing(db: None) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        publish_event("claim.created", claims=[1, 2, 3])
    assert len(queries) == 1
    assert not WebhookEvent.objects.exists()


def test_nothing_is_noted_for_a_subscription_that_is_not_active(subscribe: Subscribe) -> None:
    subscribe(is_active=False)
    publish_event("claim.created", claims=[1])
    assert not WebhookEvent.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_did_not_happen_is_not_told(end: FarEnd) -> None:
    create_webhook(actor=make_user("desk admin"), name="Archive", url=end.url, events=EVERYTHING)
    claim = make_claim()
    with transaction.atomic():
        publish_event("claim.created", claims=[claim.pk])
        transaction.set_rollback(True)
    assert told(end) == []


def test_an_event_that_cannot_be_told_stands_in_nobodys_way(subscribe: Subscribe, end: FarEnd) -> None:
    subscribe()
    publish_event("claim.created", nonsense=True)
    publish_event("claim.created", claims=[make_claim().pk])
    assert len(told(end)) == 1
    assert WebhookEvent.objects.count() == 1
    WebhookEvent.objects.update(created_at=timezone.now() - timedelta(hours=2))
    write_messages()
    assert not WebhookEvent.objects.exists()


def test_a_filter_that_is_no_longer_valid_ends_the_subscription(subscribe: Subscribe, end: FarEnd) -> None:
    webhook = subscribe(filters="rating=misleading")
    Rating.objects.filter(slug="misleading").delete()
    publish_event("claim.created", claims=[make_claim().pk])
    assert told(end) == []
    webhook.refresh_from_db()
    assert not webhook.is_active
    assert "misleading" in webhook.disabled_why


# --- Where it does not arrive ----------------------------------------------------------------------------------------


def queue(webhook: Webhook, count: int = 1) -> list[WebhookDelivery]:
    for _ in range(count):
        send_test(webhook, actor=webhook.created_by)
    return list(WebhookDelivery.objects.order_by("pk"))


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


# --- Subscriptions ---------------------------------------------------------------------------------------------------


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
