"""What is told of a change, and to whom; and the outbox in between."""

import base64
import hashlib
import hmac
from datetime import timedelta

import orjson
import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.models import Rating, WebhookEvent
from claims.services.drain import drain_once
from claims.services.merging import merge_speakers, undo_merge
from claims.services.messages import write_messages
from claims.services.outbox import publish_event
from claims.services.splitting import split_speaker, undo_split
from claims.services.verification import withdraw_verdict
from claims.services.webhooks import create_webhook
from tests.claims.factories import make_article, make_claim, make_speaker, make_user
from tests.claims.outgoing.far_end import FarEnd
from tests.claims.services.subscriptions import EVERYTHING, Subscribe, publish, told

# --- What is told -----------------------------------------------------------------------------------------------------


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


def test_a_split_is_told_and_so_is_its_end(subscribe: Subscribe, end: FarEnd, desk_admin: User) -> None:
    subscribe()
    speaker = make_speaker("Ana Duarte", "Anna Duarte", slug="ana-duarte")
    split = split_speaker(speaker, aliases=[speaker.aliases.last()], actor=desk_admin, reason="Two persons.")
    undo_split(split, actor=desk_admin, reason="One after all.")
    (kind, data), (again, back) = told(end)
    assert (kind, data["speaker"]["slug"], data["into"]["id"]) == ("speaker.split", "ana-duarte", split.into_id)
    # The speaker that the split had made is merged into the first, so that its id goes on answering.
    assert (again, back["survivor"]["slug"], back["absorbed"]["id"]) == ("speaker.merged", "ana-duarte", split.into_id)


def test_a_split_to_a_known_speaker_is_told_both_ways(subscribe: Subscribe, end: FarEnd, desk_admin: User) -> None:
    subscribe()
    speaker, other = make_speaker("Ana Duarte", "Anna Duarte"), make_speaker("Anna Duarte-Lund")
    names = [speaker.aliases.last()]
    split = split_speaker(speaker, aliases=names, actor=desk_admin, reason="Two persons.", into=other)
    undo_split(split, actor=desk_admin, reason="One after all.")
    assert [(kind, data["speaker"]["id"], data["into"]["id"]) for kind, data in told(end)] == [
        ("speaker.split", speaker.pk, other.pk),
        ("speaker.split", other.pk, speaker.pk),
    ]


def test_a_merge_undone_is_told_as_a_split(subscribe: Subscribe, end: FarEnd, desk_admin: User) -> None:
    absorbed, survivor = make_speaker(), make_speaker()
    merge = merge_speakers(absorbed, into=survivor, actor=desk_admin, reason="The same person.")
    subscribe(events=["speaker.split"])
    undo_merge(merge, actor=desk_admin, reason="Two after all.")
    ((kind, data),) = told(end)
    assert (kind, data["speaker"]["id"], data["into"]["id"]) == ("speaker.split", survivor.pk, absorbed.pk)


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


@pytest.mark.parametrize(("filters", "count"), [("kind=direct", 1), ("kind=mixed", 0)], ids=["fits", "fits not"])
def test_a_split_is_told_where_a_claim_of_either_fits(
    filters: str, count: int, subscribe: Subscribe, end: FarEnd, desk_admin: User
) -> None:
    subscribe(filters=filters)
    speaker = make_speaker("Ana Duarte", "Anna Duarte")
    make_claim(speaker, kind="direct")
    split_speaker(speaker, aliases=[speaker.aliases.last()], actor=desk_admin, reason="Two persons.")
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


# --- The outbox -------------------------------------------------------------------------------------------------------


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
