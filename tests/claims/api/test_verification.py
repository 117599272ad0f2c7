"""Notes, verdicts and ratings over HTTP: what is shown to whom, and what may be written."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from claims.api.serializers import NoteSerializer, RatingSerializer, VerdictSerializer
from claims.models import Note, Verdict
from tests.claims.factories import make_claim, make_note, make_speaker, make_user, make_verdict

pytestmark = pytest.mark.django_db
INTERNAL = {"reason", "reviewer", "supersedes"}


class TestNotes:
    def test_the_public_sees_public_ones_with_a_full_name_at_most(self, anyone: APIClient, client_of) -> None:
        named = make_user(username="aq", first_name="Ada", last_name="Quill")
        public = make_note(is_public=True, author=named)
        nameless = make_note(is_public=True, author=make_user(username="secret-account"))
        internal = make_note()
        answer = anyone.get("/api/v1/notes/")
        rows = {row["id"]: row for row in answer.json()["results"]}
        assert set(rows) == {public.pk, nameless.pk}
        assert set(rows[public.pk]) == set(NoteSerializer().fields)
        assert rows[public.pk]["author"] == {"id": named.pk, "name": "Ada Quill"}
        assert b"secret-account" not in answer.content
        assert anyone.get(f"/api/v1/notes/{internal.pk}/").status_code == 404
        outside = client_of("API reader", scope="read")
        assert outside.get(f"/api/v1/notes/{internal.pk}/").status_code == 404
        desk = client_of("fact-checker", scope="read")
        assert desk.get(f"/api/v1/notes/{internal.pk}/").status_code == 200
        assert desk.get(f"/api/v1/notes/{nameless.pk}/").json()["author"]["name"] == "secret-account"

    def test_notes_on_hidden_claims_are_not_public(self, anyone: APIClient) -> None:
        note = make_note(make_claim(make_speaker(is_hidden=True)), is_public=True)
        make_verdict(note.claim)
        assert anyone.get("/api/v1/notes/").json()["results"] == []
        assert anyone.get("/api/v1/verdicts/").json()["results"] == []

    def test_a_note_is_signed_by_who_holds_the_token(self, client_of) -> None:
        claim, user = make_claim(), make_user("fact-checker")
        body = {"claim": claim.pk, "kind": "question", "text": " Which budget? ", "is_public": True}
        answer = client_of(user=user).post("/api/v1/notes/", body)
        assert answer.status_code == 201
        note = Note.objects.get()
        assert (note.author, note.claim, note.kind, note.text) == (user, claim, "question", "Which budget?")
        assert answer.json()["url"].endswith(f"/api/v1/notes/{note.pk}/")
        assert answer.json()["author"]["id"] == user.pk

    @pytest.mark.parametrize(
        ("body", "field", "code"),
        [
            ({"text": "x"}, "claim", "required"),
            ({"claim": 999999, "text": "x"}, "claim", "does_not_exist"),
            ({"claim": "1", "text": "x"}, "claim", "invalid"),
            ({"claim": True, "text": "x"}, "claim", "invalid"),
            ({"text": ""}, "text", "blank"),
            ({"text": "x\u0000y"}, "text", "null_characters_not_allowed"),
            ({"text": "x" * 20_001}, "text", "max_length"),
            ({"text": "x", "kind": "notes"}, "kind", "invalid_choice"),
            ({"text": "x", "is_public": "perhaps"}, "is_public", "invalid"),
            ({"text": "x", "author": 1}, "author", "unknown_field"),
        ],
    )
    def test_bad_notes(self, client_of, body: dict[str, Any], field: str, code: str) -> None:
        if field != "claim":
            body = {"claim": make_claim().pk} | body
        answer = client_of("fact-checker").post("/api/v1/notes/", body)
        assert answer.status_code == 400
        assert [(one["field"], one["code"]) for one in answer.json()["error"]["fields"]] == [(field, code)]
        assert not Note.objects.exists()

    def test_only_its_author_edits_a_note(self, client_of) -> None:
        user = make_user("fact-checker")
        note = make_note(author=user)
        url = f"/api/v1/notes/{note.pk}/"
        assert client_of("desk admin").patch(url, {"text": "Other"}).status_code == 403
        answer = client_of(user=user).patch(url, {"is_public": True})
        assert (answer.status_code, answer.json()["is_public"], answer.json()["text"]) == (200, True, note.text)
        assert client_of(user=user).patch(url, {"claim": make_claim().pk}).status_code == 400
        assert client_of(user=user).patch("/api/v1/notes/999999/", {"text": "x"}).status_code == 404

    @pytest.mark.parametrize(
        ("query", "expected"), [("kind=question", {"question"}), ("kind!=question", {"note"}), ("kind=decision", set())]
    )
    def test_filters(self, anyone: APIClient, query: str, expected: set[str]) -> None:
        claim = make_claim()
        make_note(claim, kind="question", is_public=True)
        make_note(is_public=True)
        assert {row["kind"] for row in anyone.get(f"/api/v1/notes/?{query}").json()["results"]} == expected
        assert len(anyone.get(f"/api/v1/notes/?claim={claim.pk}").json()["results"]) == 1


class TestVerdicts:
    def test_who_sees_which_state(self, anyone: APIClient, client_of) -> None:
        author = make_user("fact-checker")
        states = {
            state: make_verdict(state=state, author=author).pk
            for state in ("draft", "proposed", "published", "withdrawn", "superseded")
        }
        seen = {
            "public": anyone,
            "no role": client_of("", scope="read"),
            "author": client_of(user=author),
            "another fact-checker": client_of("fact-checker"),
            "reviewer": client_of("reviewer"),
        }
        past = {"published", "withdrawn", "superseded"}
        expected = {
            "public": {"published"},
            "no role": {"published"},
            "author": set(states),
            "another fact-checker": past,
            "reviewer": past | {"proposed"},
        }
        for name, client in seen.items():
            rows = client.get("/api/v1/verdicts/").json()["results"]
            assert {row["state"] for row in rows} == expected[name], name
            for state, pk in states.items():
                status = 200 if state in expected[name] else 404
                assert client.get(f"/api/v1/verdicts/{pk}/").status_code == status, (name, state)

    def test_fields(self, anyone: APIClient, client_of) -> None:
        verdict = make_verdict(reason="Because.", reviewer=make_user(username="rev"))
        public = anyone.get(f"/api/v1/verdicts/{verdict.pk}/").json()
        internal = client_of("reviewer").get(f"/api/v1/verdicts/{verdict.pk}/").json()
        assert set(internal) == set(VerdictSerializer().fields)
        assert set(internal) - set(public) == INTERNAL
        assert (internal["reason"], internal["reviewer"]["name"]) == ("Because.", "rev")

    def test_the_way_of_a_verdict(self, client_of, anyone: APIClient) -> None:
        claim = make_claim()
        checker, reviewer = client_of("fact-checker"), client_of("reviewer")
        body = {"claim": claim.pk, "rating": "half-true", "summary": "Half.", "state": "proposed"}
        first = checker.post("/api/v1/verdicts/", body)
        assert (first.status_code, first.json()["state"]) == (201, "proposed")
        published = reviewer.patch(first.json()["url"], {"state": "published"})
        assert (published.status_code, published.json()["state"]) == (200, "published")
        assert anyone.get(f"/api/v1/claims/{claim.pk}/").json()["verdict"]["rating"]["slug"] == "half-true"

        second = checker.post("/api/v1/verdicts/", body | {"rating": "false"}).json()
        without = reviewer.patch(second["url"], {"state": "published"})
        assert (without.status_code, without.json()["error"]["fields"][0]["field"]) == (400, "reason")
        assert f"replaces verdict {first.json()['id']}" in without.json()["error"]["message"]
        given = reviewer.patch(second["url"], {"state": "published", "reason": "New figures."}).json()
        assert (given["supersedes"], given["reason"]) == (first.json()["id"], "New figures.")
        assert anyone.get(first.json()["url"]).status_code == 404
        assert reviewer.get(first.json()["url"]).json()["state"] == "superseded"

        gone = reviewer.patch(second["url"], {"state": "withdrawn", "reason": "The source was wrong."})
        assert gone.json()["state"] == "withdrawn"
        assert anyone.get(f"/api/v1/claims/{claim.pk}/").json()["verdict"] is None
        again = reviewer.patch(second["url"], {"state": "withdrawn", "reason": "Again."})
        assert (again.status_code, again.json()["error"]["code"]) == (409, "conflict")

    @pytest.mark.parametrize(
        ("body", "status", "field"),
        [
            ({"summary": "New."}, 200, ""),
            ({"rating": "true", "state": "proposed"}, 200, ""),
            ({"rating": "ture"}, 400, "rating"),
            ({"state": "superseded"}, 400, "state"),
            ({"state": "published"}, 403, ""),
            ({"state": "published", "summary": "New."}, 400, "state"),
            ({"summary": "New.", "reason": "Why not."}, 400, "reason"),
            ({"claim": 1}, 400, "claim"),
        ],
    )
    def test_editing_a_draft(self, client_of, body: dict[str, Any], status: int, field: str) -> None:
        user = make_user("fact-checker")
        verdict = make_verdict(state="draft", author=user, summary="Old.")
        answer = client_of(user=user).patch(f"/api/v1/verdicts/{verdict.pk}/", body)
        assert answer.status_code == status, answer.content
        if field:
            assert answer.json()["error"]["fields"][0]["field"] == field
        if status != 200:
            verdict.refresh_from_db()
            assert (verdict.state, verdict.summary, verdict.rating.slug) == ("draft", "Old.", "false")

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"rating": "mostly_true"}, "rating"),
            ({"rating": 5}, "rating"),
            ({"rating": "true", "state": "published"}, "state"),
            ({"rating": "true", "sumary": "x"}, "sumary"),
            ({}, "rating"),
        ],
    )
    def test_bad_verdicts(self, client_of, body: dict[str, Any], field: str) -> None:
        answer = client_of("desk admin").post("/api/v1/verdicts/", {"claim": make_claim().pk} | body)
        assert answer.status_code == 400
        assert [one["field"] for one in answer.json()["error"]["fields"]] == [field]
        assert not Verdict.objects.exists()

    def test_a_draft_of_somebody_else_is_not_there(self, client_of) -> None:
        draft = make_verdict(state="draft")
        answer = client_of("reviewer").patch(f"/api/v1/verdicts/{draft.pk}/", {"state": "published"})
        assert answer.status_code == 404

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", {"false", "true"}),
            ("rating=false", {"false"}),
            ("rating=false,true", {"false", "true"}),
            ("rating!=false", {"true"}),
            ("state=published", {"false", "true"}),
            ("state=withdrawn", set()),
            ("state!=published", set()),
        ],
    )
    def test_filters(self, anyone: APIClient, query: str, expected: set[str]) -> None:
        claim = make_verdict(rating="false").claim
        make_verdict(rating="true")
        found = anyone.get(f"/api/v1/verdicts/?{query}").json()["results"]
        assert {row["rating"]["slug"] for row in found} == expected
        assert len(anyone.get(f"/api/v1/verdicts/?claim={claim.pk}").json()["results"]) == 1


def test_ratings_are_the_scales_steps(anyone: APIClient) -> None:
    rows = anyone.get("/api/v1/ratings/?scale=truth").json()["results"]
    assert [row["slug"] for row in rows][:5] == ["true", "mostly-true", "half-true", "mostly-false", "false"]
    assert set(rows[0]) == set(RatingSerializer().fields)
    assert anyone.get(f"/api/v1/ratings/{rows[0]['id']}/").json() == rows[0]
    assert anyone.get("/api/v1/ratings/?scale=none").status_code == 400
