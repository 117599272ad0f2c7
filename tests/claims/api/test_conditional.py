"""`ETag`, `If-None-Match` and `If-Match`: who has the newest answer, and who would write over somebody else's work."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from claims.models import Claim, Note, Rating, Verdict
from claims.services.merging import merge_speakers
from claims.services.speaker_edits import edit_speaker
from claims.services.verification import publish_verdict, withdraw_verdict
from sources.models import Article, Source
from tests.claims.factories import make_claim, make_note, make_speaker, make_user, make_verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> dict[str, Any]:
    claim = make_claim(make_speaker("Ada Quill"))
    verdict = make_verdict(claim)
    return {
        "claims": claim,
        "speakers": claim.speakers.get(),
        "articles": claim.article,
        "sources": claim.article.source,
        "notes": make_note(claim, is_public=True),
        "verdicts": verdict,
        "ratings": verdict.rating,
    }


def tag_of(client: APIClient, noun: str, pk: int, query: str = "") -> str:
    answer = client.get(f"/api/v1/{noun}/{pk}/{query}")
    assert answer.status_code == 200, answer.content
    return answer["ETag"]


NOUNS = ["claims", "speakers", "articles", "sources", "notes", "verdicts", "ratings"]


@pytest.mark.parametrize("noun", NOUNS)
def test_a_reader_who_has_it_is_told_so(anyone: APIClient, story: dict[str, Any], noun: str) -> None:
    url = f"/api/v1/{noun}/{story[noun].pk}/"
    tag = tag_of(anyone, noun, story[noun].pk)
    assert tag.startswith('"')
    for sent in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = anyone.get(url, HTTP_IF_NONE_MATCH=sent)
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag), sent
    assert anyone.get(url, HTTP_IF_NONE_MATCH='"other"').status_code == 200
    assert anyone.get(f"/api/v1/{noun}/999999/", HTTP_IF_NONE_MATCH="*").status_code == 404
    assert anyone.get(url, HTTP_IF_NONE_MATCH="bare").status_code == 400


def test_what_is_hidden_is_not_told_by_304(anyone: APIClient, client_of: Any) -> None:
    note = make_note()
    tag = tag_of(client_of("fact-checker"), "notes", note.pk)
    assert anyone.get(f"/api/v1/notes/{note.pk}/", HTTP_IF_NONE_MATCH=tag).status_code == 404


CHANGES: dict[str, tuple[list[str], Callable[[dict[str, Any], Any], Any]]] = {
    "a verdict withdrawn": (
        ["claims"],
        lambda story, actor: withdraw_verdict(story["verdicts"], actor=actor, reason="Wrong."),
    ),
    "a speaker renamed": (
        ["claims", "speakers"],
        lambda story, actor: edit_speaker(story["speakers"], actor=actor, name="Ada Marsh"),
    ),
    "another speaker merged into it": (
        ["speakers"],
        lambda story, actor: merge_speakers(make_speaker(), into=story["speakers"], actor=actor, reason="One."),
    ),
    "a claim more": (["speakers"], lambda story, actor: make_claim(story["speakers"])),
    "an outlet renamed": (
        ["claims", "articles", "sources"],
        lambda story, actor: Source.objects.update(name="Coast Wire"),
    ),
    "a headline": (["claims", "articles"], lambda story, actor: Article.objects.update(headline="Another")),
    "a label": (["claims", "verdicts", "ratings"], lambda story, actor: Rating.objects.update(colour="#123456")),
    "a note's text": (["notes"], lambda story, actor: Note.objects.update(text="Another.")),
    "a status": (["claims"], lambda story, actor: Claim.objects.update(review_status="done")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_of_what_is_shown_changes_the_tag(anyone: APIClient, story: dict[str, Any], change: str) -> None:
    nouns, make = CHANGES[change]
    before = {noun: tag_of(anyone, noun, story[noun].pk) for noun in NOUNS}
    make(story, make_user("desk admin"))
    kept = [noun for noun in NOUNS if anyone.get(f"/api/v1/{noun}/{story[noun].pk}/").status_code == 200]
    changed = {noun for noun in kept if tag_of(anyone, noun, story[noun].pk) != before[noun]}
    assert changed == set(nouns)


def test_a_verdict_published_changes_the_claim(anyone: APIClient) -> None:
    verdict = make_verdict(state="proposed")
    before = tag_of(anyone, "claims", verdict.claim_id)
    publish_verdict(verdict, reviewer=make_user("reviewer"))
    assert tag_of(anyone, "claims", verdict.claim_id) != before


def test_a_draft_does_not_change_the_claim(anyone: APIClient) -> None:
    claim = make_claim()
    before = tag_of(anyone, "claims", claim.pk)
    make_verdict(claim, state="draft")
    assert tag_of(anyone, "claims", claim.pk) == before


def test_what_is_shown_beside_it_has_a_part_in_the_tag(anyone: APIClient, client_of: Any) -> None:
    note = make_note(is_public=True)
    plain, expanded = (tag_of(anyone, "claims", note.claim_id, query) for query in ("", "?expand=notes"))
    assert plain != expanded
    Note.objects.update(text="Another.")
    assert tag_of(anyone, "claims", note.claim_id) == plain
    assert tag_of(anyone, "claims", note.claim_id, "?expand=notes") != expanded
    url = f"/api/v1/claims/{note.claim_id}/"
    answer = client_of("fact-checker").patch(url, {"review_status": "done"}, HTTP_IF_MATCH=expanded)
    assert answer.status_code == 200  # it names the claim's version all the same


class TestIfMatch:
    def test_who_has_the_newest_may_write(self, client_of: Any) -> None:
        client, claim = client_of("fact-checker"), make_claim()
        tag = tag_of(client, "claims", claim.pk)
        answer = client.patch(f"/api/v1/claims/{claim.pk}/", {"review_status": "done"}, HTTP_IF_MATCH=tag)
        assert answer.status_code == 200
        assert answer["ETag"] == tag_of(client, "claims", claim.pk) != tag

    @pytest.mark.parametrize("noun", ["claims", "notes", "verdicts"])
    def test_who_has_not_is_shown_the_newest(self, client_of: Any, noun: str) -> None:
        user = make_user("reviewer")
        client, claim = client_of(user=user), make_claim()
        row, body = {
            "claims": (claim, {"review_status": "done"}),
            "notes": (make_note(claim, author=user), {"text": "Mine."}),
            "verdicts": (make_verdict(claim, author=user, state="proposed"), {"state": "published"}),
        }[noun]
        tag = tag_of(client, noun, row.pk)
        Claim.objects.update(review_status="in_review")
        Note.objects.update(text="Theirs.")
        Verdict.objects.update(summary="Theirs.")
        answer = client.patch(f"/api/v1/{noun}/{row.pk}/", body, HTTP_IF_MATCH=tag)
        assert (answer.status_code, answer.json()["error"]["code"]) == (412, "stale")
        assert answer.json()["error"]["current"] == client.get(f"/api/v1/{noun}/{row.pk}/").json()
        assert answer["ETag"] == tag_of(client, noun, row.pk)
        assert client.patch(f"/api/v1/{noun}/{row.pk}/", body, HTTP_IF_MATCH=answer["ETag"]).status_code == 200

    @pytest.mark.parametrize(
        ("sent", "status"), [("*", 200), ('"other"', 412), ("bare", 400), ('W/"other", "more"', 412)]
    )
    def test_other_tags(self, client_of: Any, sent: str, status: int) -> None:
        url = f"/api/v1/claims/{make_claim().pk}/"
        assert client_of("fact-checker").patch(url, {"review_status": "done"}, HTTP_IF_MATCH=sent).status_code == status

    def test_a_compressed_answers_weak_tag_is_as_good(self, client_of: Any) -> None:
        client, claim = client_of("fact-checker"), make_claim(text="A long story. " * 100)
        tag = client.get(f"/api/v1/claims/{claim.pk}/", HTTP_ACCEPT_ENCODING="gzip")["ETag"]
        assert tag.startswith("W/")
        url = f"/api/v1/claims/{claim.pk}/"
        assert client.patch(url, {"review_status": "done"}, HTTP_IF_MATCH=tag).status_code == 200

    def test_a_row_that_is_not_there_is_404_not_412(self, client_of: Any) -> None:
        answer = client_of("fact-checker").patch(
            "/api/v1/claims/999999/", {"review_status": "done"}, HTTP_IF_MATCH='"x"'
        )
        assert answer.status_code == 404
