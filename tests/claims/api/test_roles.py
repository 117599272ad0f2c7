"""Role × method: who may do what over HTTP, by token and by session."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from claims.models import EvidenceLink, Scale, Verdict
from claims.services.corrections import reject_claim
from claims.services.evidence import add_evidence
from claims.services.tags import make_tag
from claims.services.tokens import revoke_token
from tests.claims.factories import (
    make_article,
    make_claim,
    make_note,
    make_opinion,
    make_speaker,
    make_token,
    make_user,
    make_verdict,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

ROLES = ["", "API reader", "contributor", "fact-checker", "reviewer", "desk admin"]
WRITES: dict[str, tuple[str, Callable[[Any], tuple[str, dict[str, Any]]], str, int]] = {
    "hand in an article": (
        "POST",
        lambda user: ("articles/", {"text": "It rained, Ada Quill said."}),
        "contributor",
        201,
    ),
    "add a note": ("POST", lambda user: ("notes/", {"claim": make_claim().pk, "text": "Hm."}), "fact-checker", 201),
    "edit one's note": (
        "PATCH",
        lambda user: (f"notes/{make_note(author=user).pk}/", {"text": "Ah."}),
        "fact-checker",
        200,
    ),
    "record a verdict": (
        "POST",
        lambda user: ("verdicts/", {"claim": make_claim().pk, "rating": "true"}),
        "fact-checker",
        201,
    ),
    "edit one's draft": (
        "PATCH",
        lambda user: (f"verdicts/{make_verdict(author=user, state='draft').pk}/", {"summary": "S."}),
        "fact-checker",
        200,
    ),
    "set a status": (
        "PATCH",
        lambda user: (f"claims/{make_claim().pk}/", {"review_status": "done"}),
        "fact-checker",
        200,
    ),
    "assign and tag": (
        "PATCH",
        lambda user: (f"claims/{make_claim().pk}/", {"assignee": None, "tags": []}),
        "fact-checker",
        200,
    ),
    "change many claims": (
        "POST",
        lambda user: ("claims/batch/", {"items": [{"id": make_claim().pk, "review_status": "done"}]}),
        "fact-checker",
        200,
    ),
    "add many notes": (
        "POST",
        lambda user: ("notes/batch/", {"items": [{"claim": make_claim().pk, "text": "Hm."}]}),
        "fact-checker",
        200,
    ),
    "record many verdicts": (
        "POST",
        lambda user: ("verdicts/batch/", {"items": [{"claim": make_claim().pk, "rating": "true"}]}),
        "fact-checker",
        200,
    ),
    "add evidence": (
        "POST",
        lambda user: ("evidence/", {"claim": make_claim().pk, "document_url": "https://office.example/a"}),
        "fact-checker",
        201,
    ),
    "add much evidence": (
        "POST",
        lambda user: (
            "evidence/batch/",
            {"items": [{"claim": make_claim().pk, "document_url": "https://office.example/a"}]},
        ),
        "fact-checker",
        200,
    ),
    "edit evidence": (
        "PATCH",
        lambda user: (f"evidence/{_link().evidence_id}/", {"title": "Minutes"}),
        "fact-checker",
        200,
    ),
    "use evidence for a claim": (
        "POST",
        lambda user: (f"evidence/{_link().evidence_id}/link/", {"claim": make_claim().pk}),
        "fact-checker",
        200,
    ),
    "take evidence off a claim": (
        "POST",
        lambda user: (f"evidence/{(link := _link()).evidence_id}/unlink/", {"claim": link.claim_id}),
        "fact-checker",
        200,
    ),
    "correct a claim": (
        "POST",
        lambda user: ("corrections/", {"claim": make_claim().pk, "act": "question"}),
        "fact-checker",
        201,
    ),
    "make a tag": ("POST", lambda user: ("tags/", {"name": "Bridges"}), "fact-checker", 201),
    "rename a tag": (
        "PATCH",
        lambda user: (f"tags/{make_tag('Bridges', actor=make_user('desk admin')).pk}/", {"name": "Roads"}),
        "desk admin",
        200,
    ),
    "give a second opinion": (
        "POST",
        lambda user: ("opinions/", {"verdict": _sealed().pk, "rating": "false"}),
        "fact-checker",
        201,
    ),
    "agree with a proposal": (
        "PATCH",
        lambda user: (f"opinions/{make_opinion(reviewer=user).pk}/", {"decision": "agrees"}),
        "fact-checker",
        200,
    ),
    "publish one's verdict": (
        "PATCH",
        lambda user: (f"verdicts/{make_verdict(author=user, state='proposed').pk}/", {"state": "published"}),
        "reviewer",
        200,
    ),
    "withdraw a verdict": (
        "PATCH",
        lambda user: (f"verdicts/{make_verdict().pk}/", {"state": "withdrawn", "reason": "Wrong."}),
        "reviewer",
        200,
    ),
}


def _link() -> EvidenceLink:
    return add_evidence(make_claim(), author=make_user("desk admin"), url="https://office.example/a")


def _sealed() -> Verdict:
    Scale.objects.update(needs_second_check=True)
    return make_verdict(state="proposed")


def _session_of(user: Any) -> APIClient:
    client = APIClient()
    client.force_login(user, backend="claimtrack.second_factor.DeskBackend")
    return client


@pytest.mark.parametrize("way", ["token", "session"])
@pytest.mark.parametrize("role", ROLES, ids=[role or "no role" for role in ROLES])
@pytest.mark.parametrize("action", WRITES)
def test_writing_by_role(client_of, action: str, role: str, way: str) -> None:
    method, make, least, success = WRITES[action]
    user = make_user(role)
    path, body = make(user)
    client = client_of(role, user=user) if way == "token" else _session_of(user)
    answer = client.generic(method, f"/api/v1/{path}", _json(body), "application/json")
    allowed = ROLES.index(role) >= ROLES.index(least)
    assert answer.status_code == (success if allowed else 403), answer.content
    if not allowed:
        assert answer.json()["error"]["code"] == "forbidden"


@pytest.mark.parametrize("role", ROLES, ids=[role or "no role" for role in ROLES])
def test_whoever_is_known_may_have_a_text_analysed(client_of, role: str) -> None:
    assert client_of(role, scope="read").post("/api/v1/extract/", {"text": "Hm."}).status_code == 200
    assert _session_of(make_user(role)).post("/api/v1/extract/", {"text": "Hm."}).status_code == 200


@pytest.mark.parametrize("noun", ["evidence", "corrections"])
@pytest.mark.parametrize("role", ROLES, ids=[role or "no role" for role in ROLES])
def test_what_is_inside_the_desk_is_empty_outside(anyone: APIClient, client_of, noun: str, role: str) -> None:
    claim = _link().claim
    reject_claim(claim, actor=make_user("desk admin"))
    client = client_of(role, scope="read") if role else anyone
    rows = client.get(f"/api/v1/{noun}/").json()["results"]
    assert len(rows) == (1 if ROLES.index(role) >= ROLES.index("fact-checker") else 0)


@pytest.mark.parametrize("action", WRITES)
def test_writing_without_a_token_is_401_and_with_a_read_token_403(anyone: APIClient, client_of, action: str) -> None:
    method, make, _, _ = WRITES[action]
    user = make_user("desk admin")
    path, body = make(user)
    answer = anyone.generic(method, f"/api/v1/{path}", _json(body), "application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_authenticated")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    reader = client_of("desk admin", scope="read", user=user)
    assert reader.generic(method, f"/api/v1/{path}", _json(body), "application/json").status_code == 403


_NOUNS = (
    "claims",
    "speakers",
    "sources",
    "articles",
    "notes",
    "verdicts",
    "ratings",
    "evidence",
    "tags",
    "corrections",
    "proposals",
    "opinions",
)
READS = ["", *(f"{noun}/" for noun in (*_NOUNS, "changes"))]


@pytest.mark.parametrize("path", [*READS, "schema/", "docs/"])
def test_anybody_may_read(anyone: APIClient, path: str) -> None:
    assert anyone.get(f"/api/v1/{path}").status_code == 200


@pytest.mark.parametrize("path", [*READS, "schema/", "docs/", "nowhere/"])
@pytest.mark.parametrize(
    "header",
    ["Bearer ct_wrong", "Bearer", "Bearer a b", "ct_bare", "Basic dXNlcjpwYXNz", "Bearer ct_é", "Token ", ""],
)
def test_a_wrong_token_is_401_anywhere(path: str, header: str) -> None:
    answer = APIClient(HTTP_AUTHORIZATION=header).get(f"/api/v1/{path}")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


class TestTokens:
    def test_both_spellings_of_the_scheme_are_taken(self) -> None:
        token = make_token("API reader", scope="read")
        hidden = make_speaker(is_hidden=True)
        for scheme in ("Bearer", "Token", "bearer"):
            answer = APIClient(HTTP_AUTHORIZATION=f"{scheme} {token}").get(f"/api/v1/speakers/{hidden.pk}/")
            assert answer.status_code == 200, scheme

    @pytest.mark.parametrize("fate", ["expired", "revoked", "user left"])
    def test_a_dead_token_is_401_even_for_reading(self, fate: str) -> None:
        user = make_user("contributor")
        expires = timezone.now() - timezone.timedelta(days=1) if fate == "expired" else None
        token = make_token(user=user, expires_at=expires)
        if fate == "revoked":
            revoke_token(user.api_tokens.get())
        if fate == "user left":
            user.is_active = False
            user.save()
        assert APIClient(HTTP_AUTHORIZATION=f"Bearer {token}").get("/api/v1/claims/").status_code == 401

    def test_its_use_is_remembered(self) -> None:
        user = make_user("contributor")
        token = make_token(user=user)
        APIClient(HTTP_AUTHORIZATION=f"Bearer {token}").get("/api/v1/claims/")
        assert user.api_tokens.get().last_used_at is not None


class TestSessions:
    def test_a_logged_in_editor_reads_as_the_desk(self) -> None:
        note = make_note()
        client = APIClient()
        client.force_login(make_user("fact-checker"), backend="claimtrack.second_factor.DeskBackend")
        assert client.get(f"/api/v1/notes/{note.pk}/").status_code == 200

    def test_but_does_not_write_without_the_csrf_token(self) -> None:
        client = APIClient(enforce_csrf_checks=True)
        client.force_login(make_user("fact-checker"), backend="claimtrack.second_factor.DeskBackend")
        answer = client.post("/api/v1/notes/", {"claim": make_claim().pk, "text": "Hm."})
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("role", ["", "desk admin"], ids=["anyone", "desk admin"])
def test_other_methods_are_405(anyone: APIClient, client_of, method: str, role: str) -> None:
    client = client_of(role) if role else anyone
    for path in ("claims/", f"claims/{make_claim().pk}/", f"articles/{make_article().pk}/", "schema/", ""):
        answer = client.generic(method, f"/api/v1/{path}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed"), path
        assert "GET" in answer["Allow"]
        assert method not in answer["Allow"]


def _json(body: dict[str, Any]) -> bytes:
    return orjson.dumps(body)
