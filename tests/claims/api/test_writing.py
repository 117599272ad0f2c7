"""Batches, assignment, tags, conflicts, and the analysis of a text that stores nothing."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from claims.models import Change, Claim, Note, Verdict
from claims.services.tags import make_tag
from sources.models import Article
from tests.claims.factories import make_claim, make_token, make_user, make_verdict

pytestmark = pytest.mark.django_db
TEXT = "“The bridge opens in May,” Mayor Ana Duarte said on Monday. She added that it was safe."


class TestClaims:
    def test_status_assignee_and_tags_in_one(self, client_of: Any) -> None:
        admin, claim = make_user("desk admin"), make_claim()
        make_tag("Bridges", actor=admin)
        make_user("fact-checker", username="noor")
        body = {"review_status": "in_review", "assignee": "noor", "tags": ["bridges"]}
        answer = client_of("fact-checker").patch(f"/api/v1/claims/{claim.pk}/", body)
        assert answer.status_code == 200, answer.content
        row = answer.json()
        assert (row["review_status"], row["assignee"], row["tags"]) == ("in_review", "noor", ["Bridges"])
        actions = Change.objects.filter(claim=claim).values_list("action", flat=True)
        assert len(actions) == 3
        answer = client_of("fact-checker").patch(f"/api/v1/claims/{claim.pk}/", {"assignee": None, "tags": []})
        assert (answer.json()["assignee"], answer.json()["tags"]) == (None, [])
        assert answer.json()["review_status"] == "in_review"

    @pytest.mark.parametrize(
        ("body", "field", "code", "suggestion"),
        [
            ({}, "review_status", "required", None),
            ({"reason": "So."}, "review_status", "required", None),
            ({"review_status": "finished"}, "review_status", "invalid_choice", None),
            ({"assignee": "nobody-here"}, "assignee", "does_not_exist", None),
            ({"assignee": 5}, "assignee", "does_not_exist", None),
            ({"assignee": "outsider"}, "assignee", "invalid", None),
            ({"tags": ["Bridge"]}, "tags", "does_not_exist", "Bridges"),
            ({"assignee": "a\0b"}, "assignee", "does_not_exist", None),
            ({"tags": "Bridges"}, "tags", "invalid", None),
            ({"tags": ["a\0b"]}, "tags", "invalid", None),
            ({"tags": [1]}, "tags", "invalid", None),
            ({"kind": "direct"}, "kind", "unknown_field", None),
        ],
    )
    def test_what_is_wrong_is_named_and_nothing_is_done(
        self, client_of: Any, body: dict[str, Any], field: str, code: str, suggestion: str | None
    ) -> None:
        make_tag("Bridges", actor=make_user("desk admin"))
        make_user("API reader", username="outsider")
        claim = make_claim()
        with_status = {"review_status": "done"} | body if field in ("assignee", "tags") else body
        answer = client_of("fact-checker").patch(f"/api/v1/claims/{claim.pk}/", with_status)
        assert answer.status_code == 400, answer.content
        (problem,) = answer.json()["error"]["fields"]
        assert (problem["field"], problem["code"]) == (field, code)
        if suggestion:
            assert problem["suggestion"] == suggestion
        assert Claim.objects.get().review_status == "new"


class TestBatches:
    def test_each_item_is_done_or_refused_by_itself(self, client_of: Any) -> None:
        one, two = make_claim(), make_claim()
        items = [
            {"id": one.pk, "review_status": "done"},
            {"id": 999_999, "review_status": "done"},
            {"id": two.pk, "review_status": "finished"},
            "nothing",
            {"id": two.pk, "assignee": None, "review_status": "in_review"},
        ]
        answer = client_of("fact-checker").post("/api/v1/claims/batch/", {"items": items})
        assert answer.status_code == 200
        results = answer.json()["results"]
        assert [(row["index"], row["status"]) for row in results] == [(0, 200), (1, 404), (2, 400), (3, 400), (4, 200)]
        assert results[0]["result"]["review_status"] == "done"
        assert results[0]["error"] is None
        assert results[1]["error"]["code"] == "not_found"
        assert results[2]["error"]["fields"][0]["suggestion"] is not None
        assert results[2]["result"] is None
        assert list(Claim.objects.order_by("pk").values_list("review_status", flat=True)) == ["done", "in_review"]

    def test_notes_and_verdicts(self, client_of: Any) -> None:
        claim, client = make_claim(), client_of("fact-checker")
        notes = client.post("/api/v1/notes/batch/", {"items": [{"claim": claim.pk, "text": str(n)} for n in range(3)]})
        assert [row["status"] for row in notes.json()["results"]] == [201] * 3
        items = [{"claim": claim.pk, "rating": "true"}, {"claim": claim.pk, "rating": "tru"}]
        verdicts = client.post("/api/v1/verdicts/batch/", {"items": items}).json()["results"]
        assert [row["status"] for row in verdicts] == [201, 400]
        assert (Note.objects.count(), Verdict.objects.count()) == (3, 1)

    @pytest.mark.parametrize(
        ("body", "field", "code"),
        [
            ({}, "items", "required"),
            ({"items": []}, "items", "required"),
            ({"items": {}}, "items", "required"),
            ({"items": [{}] * 101}, "items", "too_many"),
            ({"item": [{}]}, "item", "unknown_field"),
        ],
        ids=["none", "empty", "object", "too-many", "misspelt"],
    )
    def test_what_is_no_batch(self, client_of: Any, body: dict[str, Any], field: str, code: str) -> None:
        answer = client_of("fact-checker").post("/api/v1/notes/batch/", body)
        assert answer.status_code == 400
        assert [(one["field"], one["code"]) for one in answer.json()["error"]["fields"]] == [(field, code)]


class TestConflicts:
    @pytest.mark.parametrize(
        ("state", "body", "role", "allowed"),
        [
            ("published", {"summary": "S."}, "reviewer", ["withdrawn"]),
            ("published", {"summary": "S."}, "fact-checker", []),
            ("withdrawn", {"state": "published"}, "reviewer", []),
            ("draft", {"state": "withdrawn", "reason": "No."}, "reviewer", ["proposed", "published"]),
            ("proposed", {"state": "withdrawn", "reason": "No."}, "reviewer", ["draft", "published"]),
        ],
    )
    def test_they_say_what_it_is_and_what_may_be_done(
        self, client_of: Any, state: str, body: dict[str, Any], role: str, allowed: list[str]
    ) -> None:
        user = make_user(role)
        verdict = make_verdict(state=state, author=user)
        answer = client_of(user=user).patch(f"/api/v1/verdicts/{verdict.pk}/", body)
        assert answer.status_code == 409
        error = answer.json()["error"]
        assert (error["code"], error["state"], error["allowed"]) == ("conflict", state, allowed)


class TestExtract:
    def test_it_finds_and_stores_nothing(self, client_of: Any) -> None:
        answer = client_of("API reader", scope="read").post("/api/v1/extract/", {"text": TEXT})
        assert answer.status_code == 200, answer.content
        row = answer.json()
        assert set(row) == {"engine", "language", "claims", "relayed"}
        assert row["language"] == "en"
        (start, end), *_ = row["claims"][0]["content"]
        assert TEXT[start:end] == row["claims"][0]["text"][0]
        assert row["claims"][0]["speaker"]["name"] == "Ana Duarte"
        assert not Article.objects.exists()

    def test_the_text_is_taken_as_it_is(self, client_of: Any) -> None:
        row = client_of("API reader", scope="read").post("/api/v1/extract/", {"text": f"\n\n  {TEXT}\n"}).json()
        (start, end), *_ = row["claims"][0]["content"]
        assert f"\n\n  {TEXT}\n"[start:end] == row["claims"][0]["text"][0]

    def test_it_needs_a_token(self, anyone: APIClient) -> None:
        answer = anyone.post("/api/v1/extract/", {"text": TEXT})
        assert (answer.status_code, answer["WWW-Authenticate"][:6]) == (401, "Bearer")

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({}, 400),
            ({"text": ""}, 400),
            ({"text": "a\u0000b"}, 400),
            ({"text": "Hm.", "html": "<p>"}, 400),
            ({"text": "x" * 200_001}, 413),
        ],
        ids=["none", "empty", "null", "unknown", "long"],
    )
    def test_what_is_wrong(self, client_of: Any, body: dict[str, Any], status: int) -> None:
        answer = client_of("API reader", scope="read").post("/api/v1/extract/", body)
        assert answer.status_code == status, answer.content

    def test_it_has_a_rate_of_its_own(self, settings: Any) -> None:
        settings.THROTTLE_EXTRACT = "2/day"
        client = APIClient(HTTP_AUTHORIZATION=f"Bearer {make_token('API reader', scope='read')}")
        answers = [client.post("/api/v1/extract/", {"text": "Hm."}) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert '"extract";q=2;w=86400' in answers[0]["RateLimit-Policy"]
        assert '"extract";r=1;' in answers[0]["RateLimit"]
        assert client.get("/api/v1/claims/").status_code == 200
        assert "extract" not in client.get("/api/v1/claims/")["RateLimit"]

    def test_a_key_replays_it(self, client_of: Any) -> None:
        client = client_of("API reader", scope="read")
        answers = [client.post("/api/v1/extract/", {"text": TEXT}, HTTP_IDEMPOTENCY_KEY="k") for _ in range(2)]
        assert answers[0].content == answers[1].content
        assert answers[1]["Idempotency-Replayed"] == "true"


class _Endless:
    """A body that must not be read to its end."""

    def __init__(self) -> None:
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        assert size >= 0
        self.taken += size
        return b" " * size

    def readline(self, size: int = -1) -> bytes:
        raise AssertionError("nobody reads lines")


@pytest.mark.parametrize("path", ["articles/", "notes/", "verdicts/batch/", "claims/batch/", "extract/"])
def test_a_body_too_large_is_refused_unread(client_of: Any, path: str) -> None:
    body = _Endless()
    client = client_of("desk admin")
    extra = {"CONTENT_LENGTH": str(10**12), "wsgi.input": body, "CONTENT_TYPE": "application/json"}
    answer = client.request(PATH_INFO=f"/api/v1/{path}", REQUEST_METHOD="POST", **extra)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
    assert body.taken == 0
