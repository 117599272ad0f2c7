"""Incremental sync, change by change: what each reader is told, and what is wrong is named."""

import contextlib
import io
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from claims.models import Claim, Rating, Revision
from claims.services import triggers
from claims.services.merging import merge_speakers
from claims.services.speaker_edits import edit_speaker
from claims.services.verification import (
    add_note,
    edit_note,
    publish_verdict,
    record_verdict,
    set_review_status,
    withdraw_verdict,
)
from sources.models import Source
from tests.claims.api.syncing import START, Copy, poll, state, told
from tests.claims.factories import make_claim, make_note, make_speaker, make_user, make_verdict

# On PostgreSQL nothing of an open transaction is settled, so these must end theirs.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


class TestOne:
    """What a reader without a token is told after one change."""

    def test_nothing_is_told_where_nothing_changed(self, anyone: APIClient) -> None:
        make_claim(make_speaker())
        url, _ = poll(anyone, START)
        assert poll(anyone, url)[1] == []

    def test_a_renamed_speaker_changes_its_claims_and_what_they_relay(self, anyone: APIClient) -> None:
        speaker = make_speaker("Ada Quill")
        claim = make_claim(speaker)
        inner = make_claim(article=claim.article, within=claim)
        make_claim(make_speaker())
        url, _ = poll(anyone, START)
        edit_speaker(speaker, actor=make_user("desk admin"), name="Ada Quill-Marsh")
        assert told(anyone, url) == {
            ("speaker", speaker.pk, False),
            ("claim", claim.pk, False),
            ("claim", inner.pk, False),
        }

    def test_a_merged_speaker_is_gone_and_says_into_whom(self, anyone: APIClient) -> None:
        absorbed, survivor = make_speaker(), make_speaker()
        claim = make_claim(absorbed)
        url, _ = poll(anyone, START)
        merge_speakers(absorbed, into=survivor, actor=make_user("desk admin"), reason="One person.")
        changes = {(one["kind"], one["id"]): one for one in poll(anyone, url)[1]}
        assert set(changes) == {("speaker", absorbed.pk), ("speaker", survivor.pk), ("claim", claim.pk)}
        assert changes["speaker", absorbed.pk]["deleted"]
        assert changes["speaker", absorbed.pk]["merged_into"] == survivor.pk
        assert changes["speaker", survivor.pk]["object"]["merged_from"] == [absorbed.pk]
        assert [one["id"] for one in changes["claim", claim.pk]["object"]["speakers"]] == [survivor.pk]

    def test_a_hidden_speaker_takes_claims_notes_and_verdicts_along(self, anyone: APIClient, client_of: Any) -> None:
        speaker = make_speaker()
        claim = make_claim(speaker)
        note, verdict = make_note(claim, is_public=True), make_verdict(claim)
        desk = client_of("desk admin", scope="read")
        url, desk_url = poll(anyone, START)[0], poll(desk, START)[0]
        edit_speaker(speaker, actor=make_user("desk admin"), is_hidden=True)
        gone = {("speaker", speaker.pk), ("claim", claim.pk), ("note", note.pk), ("verdict", verdict.pk)}
        assert told(anyone, url) == {(*one, True) for one in gone}
        assert told(desk, desk_url) == {(*one, False) for one in gone}

    def test_a_vanished_claim_is_gone(self, anyone: APIClient) -> None:
        claim = make_claim()
        url, _ = poll(anyone, START)
        Claim.objects.filter(pk=claim.pk).update(is_current=False)  # as re-extraction does
        assert told(anyone, url) == {("claim", claim.pk, True)}

    def test_a_draft_is_mentioned_to_its_author_only(self, anyone: APIClient, client_of: Any) -> None:
        author = make_user("fact-checker")
        clients = {"public": anyone, "author": client_of(user=author), "reviewer": client_of("reviewer")}
        urls = {name: poll(client, START)[0] for name, client in clients.items()}
        claim = make_claim()
        urls = {name: poll(client, urls[name])[0] for name, client in clients.items()}
        verdict = record_verdict(claim, author=author, rating=Rating.objects.get(slug="false"))
        seen = {name: told(client, urls[name]) for name, client in clients.items()}
        assert seen == {"public": set(), "author": {("verdict", verdict.pk, False)}, "reviewer": set()}

    def test_a_published_verdict_changes_its_claim_and_goes_when_withdrawn(self, anyone: APIClient) -> None:
        reviewer = make_user("reviewer")
        verdict = make_verdict(state="proposed", author=reviewer)
        url, _ = poll(anyone, START)
        publish_verdict(verdict, reviewer=reviewer)
        assert told(anyone, url) == {("verdict", verdict.pk, False), ("claim", verdict.claim_id, False)}
        url, _ = poll(anyone, url)
        withdraw_verdict(verdict, actor=reviewer, reason="Wrong source.")
        assert told(anyone, url) == {("verdict", verdict.pk, True), ("claim", verdict.claim_id, False)}

    def test_an_internal_note_is_not_mentioned_but_one_taken_back_is(self, anyone: APIClient) -> None:
        checker = make_user("fact-checker")
        claim = make_claim()
        url, _ = poll(anyone, START)
        note = add_note(claim, author=checker, text="Between us.")
        assert told(anyone, url) == set()
        edit_note(note, actor=checker, is_public=True)
        assert told(anyone, url) == {("note", note.pk, False)}
        url, _ = poll(anyone, url)
        edit_note(note, actor=checker, is_public=False)
        assert told(anyone, url) == {("note", note.pk, True)}

    def test_a_renamed_outlet_and_a_relabelled_rating_reach_what_shows_them(self, anyone: APIClient) -> None:
        verdict = make_verdict()
        article = verdict.claim.article
        url, _ = poll(anyone, START)
        Source.objects.filter(pk=article.source_id).update(name="Valley Post")
        assert told(anyone, url) == {
            ("source", article.source_id, False),
            ("article", article.pk, False),
            ("claim", verdict.claim_id, False),
        }
        url, _ = poll(anyone, url)
        Rating.objects.filter(pk=verdict.rating_id).update(label="Untrue")
        assert told(anyone, url) == {
            ("rating", verdict.rating_id, False),
            ("verdict", verdict.pk, False),
            ("claim", verdict.claim_id, False),
        }


def test_what_an_open_transaction_wrote_is_not_passed_by(anyone: APIClient) -> None:
    early, late = make_claim(), make_claim()
    url, _ = poll(anyone, START)
    written, go_on = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            Claim.objects.filter(pk=early.pk).update(review_status="done")
            written.set()
            go_on.wait(20)
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    assert written.wait(20)
    if connection.vendor == "postgresql":  # SQLite lets nobody else write meanwhile
        Claim.objects.filter(pk=late.pk).update(review_status="done")
    url, before = poll(anyone, url)
    go_on.set()
    thread.join()
    _, after = poll(anyone, url)
    assert early.pk not in {one["id"] for one in before}
    assert early.pk in {one["id"] for one in after}
    if connection.vendor == "postgresql":
        assert late.pk in {one["id"] for one in before + after}


@contextlib.contextmanager
def open_transaction_elsewhere() -> Iterator[None]:
    """On PostgreSQL a transaction that has written in another database of the cluster and does not end."""
    if connection.vendor != "postgresql":
        yield
        return
    given = {name: value for name, value in connection.get_connection_params().items() if name in _PLACE}
    elsewhere = psycopg2.connect(**given | {"dbname": "postgres"})
    try:
        elsewhere.cursor().execute("SELECT pg_current_xact_id()")
        yield
    finally:
        elsewhere.close()


_PLACE = {"host", "port", "user", "password"}


def test_a_transaction_of_another_database_holds_nobody_up(anyone: APIClient) -> None:
    claim = make_claim()
    with open_transaction_elsewhere():
        url, _ = poll(anyone, START)
        Claim.objects.filter(pk=claim.pk).update(review_status="done")
        assert told(anyone, url) == {("claim", claim.pk, False)}


def test_clearing_changes_nothing_that_is_told(anyone: APIClient, client_of: Any) -> None:
    checker = make_user("fact-checker")
    claim = make_claim(make_speaker())
    url, _ = poll(anyone, START)
    note = add_note(claim, author=checker, text="Look.", is_public=True)
    draft = record_verdict(claim, author=checker, rating=Rating.objects.get(slug="false"))
    edit_note(note, actor=checker, is_public=False)  # now its newest revision reaches the desk only
    for _ in range(3):
        edit_note(note, actor=checker, text=f"Look {_}.")
        set_review_status([claim], actor=checker, status=["done", "in_review", "new"][_])
    before = told(anyone, url)
    out = io.StringIO()
    call_command("clear_old", stdout=out)
    assert out.getvalue().startswith("Forgot 0 answers and ")
    assert told(anyone, url) == before == {("note", note.pk, True), ("claim", claim.pk, False)}
    assert not Revision.objects.exclude(pk__in=Revision.objects.newest()).exists()
    assert Revision.objects.filter(kind="verdict", object_id=draft.pk).count() == 1
    copy: Copy = {}
    poll(anyone, START, copy)
    assert copy == state(anyone)


class TestParameters:
    def test_a_moment_begins_the_walk(self, anyone: APIClient) -> None:
        old, new = make_claim(), make_claim()
        Revision.objects.exclude(kind="claim", object_id=new.pk).update(at=timezone.now() - timedelta(hours=2))
        since = (timezone.now() - timedelta(hours=1)).isoformat()
        url, changes = poll(anyone, f"{START}?modified_since={since}")
        assert {(one["kind"], one["id"]) for one in changes} == {("claim", new.pk)}
        assert poll(anyone, url)[1] == []
        Claim.objects.filter(pk=old.pk).update(review_status="done")
        assert told(anyone, url) == {("claim", old.pk, False)}

    def test_a_moment_behind_all_changes_still_gives_a_place(self, anyone: APIClient) -> None:
        make_claim()
        Revision.objects.update(at=timezone.now() - timedelta(hours=2))
        url, changes = poll(anyone, f"{START}?modified_since={timezone.now().strftime('%Y-%m-%dT%H:%M:%SZ')}")
        assert changes == []
        claim = make_claim()
        assert ("claim", claim.pk, False) in told(anyone, url)
        assert len(poll(anyone, url)[1]) == 3  # with its outlet and its article, and nothing older

    def test_small_pages_and_kinds(self, anyone: APIClient) -> None:
        claims = {make_claim(make_speaker()).pk for _ in range(5)}
        _, changes = poll(anyone, f"{START}?kind=claim,speaker&page_size=2")
        assert {one["id"] for one in changes if one["kind"] == "claim" and not one["deleted"]} == claims
        assert len([one for one in changes if not one["deleted"]]) == 10

    @pytest.mark.parametrize(
        ("query", "field", "code"),
        [
            ("since=x", "since", "invalid_cursor"),
            ("since=x&modified_since=2026-01-01T00:00:00Z", "modified_since", "conflicting"),
            ("modified_since=yesterday", "modified_since", "invalid"),
            ("modified_since=2026-01-01T00:00:00", "modified_since", "invalid"),
            ("modified_since=2026-13-01T00:00:00Z", "modified_since", "invalid"),
            ("modified_since=0001-01-01T00:00:00Z", "modified_since", "invalid"),
            ("kind=claims", "kind", "invalid_choice"),
            ("kind=", "kind", "invalid_choice"),
            ("page_size=0", "page_size", "invalid"),
            ("page_size=501", "page_size", "invalid"),
            ("sinse=x", "sinse", "unknown_field"),
        ],
    )
    def test_what_is_wrong_is_named(self, anyone: APIClient, query: str, field: str, code: str) -> None:
        answer = anyone.get(f"{START}?{query}")
        assert answer.status_code == 400
        assert [(one["field"], one["code"]) for one in answer.json()["error"]["fields"]] == [(field, code)]

    def test_as_many_queries_for_one_row_as_for_twenty(self, anyone: APIClient, django_assert_max_num_queries) -> None:
        for _ in range(20):
            make_verdict(make_claim(make_speaker()))
        with django_assert_max_num_queries(22):
            assert len(anyone.get(f"{START}?page_size=500").json()["results"]) > 100


def test_triggers_survive_a_second_installation_and_come_back() -> None:
    triggers.install()
    triggers.remove()
    claim = make_claim()
    assert Revision.objects.of("claim", claim.pk).count() == 0
    triggers.install()
    Claim.objects.filter(pk=claim.pk).update(review_status="done")
    assert Revision.objects.of("claim", claim.pk).count() > 0
