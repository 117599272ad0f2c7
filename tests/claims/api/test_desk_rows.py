"""Evidence, corrections and tags over HTTP."""

from typing import Any

import pytest

from claims.api.writing.corrections import CorrectionSerializer
from claims.api.writing.evidence import EvidenceSerializer
from claims.api.writing.tags import TagSerializer
from claims.models import Claim, Correction, Evidence, EvidenceLink, Tag
from tests.claims.factories import make_article, make_claim, make_speaker, make_user

pytestmark = pytest.mark.django_db
DOCUMENT = "https://office.example/minutes"


class TestEvidence:
    def test_the_way_of_a_piece_of_evidence(self, client_of: Any) -> None:
        client, one, two = client_of("fact-checker"), make_claim(), make_claim()
        body = {"claim": one.pk, "document_url": DOCUMENT, "passage": "It opens in June.", "stance": "refutes"}
        made = client.post("/api/v1/evidence/", body)
        assert made.status_code == 201, made.content
        row = made.json()
        assert set(row) == set(EvidenceSerializer().fields)
        assert [(use["id"], use["stance"]) for use in row["claims"]] == [(one.pk, "refutes")]
        assert client.get(row["url"]).json() == row
        assert client.get(row["url"])["ETag"] == made["ETag"]
        used = client.post(f"{row['url']}link/", {"claim": two.pk, "stance": "supports"})
        assert [(use["id"], use["stance"]) for use in used.json()["claims"]][1:] == [(two.pk, "supports")]
        again = client.post(f"{row['url']}link/", {"claim": two.pk, "stance": "context"})
        assert again.json()["claims"][1]["stance"] == "context"
        assert client.post(f"{row['url']}link/", {"claim": two.pk}).status_code == 409
        edited = client.patch(row["url"], {"title": "Minutes"}, HTTP_IF_MATCH=again["ETag"])
        assert (edited.status_code, edited.json()["title"]) == (200, "Minutes")
        assert client.patch(row["url"], {"title": "Other"}, HTTP_IF_MATCH=again["ETag"]).status_code == 412
        ended = client.post(f"{row['url']}unlink/", {"claim": one.pk, "reason": "Another bridge."})
        assert [use["id"] for use in ended.json()["claims"]] == [two.pk]
        assert client.post(f"{row['url']}unlink/", {"claim": one.pk}).status_code == 404
        assert Evidence.objects.count() == EvidenceLink.objects.count() == 1

    @pytest.mark.parametrize(
        ("body", "field", "code"),
        [
            ({}, "document_url", "required"),
            ({"document_url": "ftp://office.example/a"}, "document_url", "invalid"),
            ({"document_url": DOCUMENT, "archived_url": "nowhere"}, "archived_url", "invalid"),
            ({"document_url": DOCUMENT, "stance": "refute"}, "stance", "invalid_choice"),
            ({"document_url": DOCUMENT, "accessed_on": "2999-01-01"}, "accessed_on", "invalid"),
            ({"document_url": DOCUMENT, "url": DOCUMENT}, "url", "unknown_field"),
            ({"document_url": DOCUMENT, "claim": 999_999}, "claim", "does_not_exist"),
        ],
    )
    def test_what_is_wrong_is_named(self, client_of: Any, body: dict[str, Any], field: str, code: str) -> None:
        answer = client_of("fact-checker").post("/api/v1/evidence/", {"claim": make_claim().pk} | body)
        assert answer.status_code == 400, answer.content
        assert [(one["field"], one["code"]) for one in answer.json()["error"]["fields"]] == [(field, code)]
        assert "`url`" not in answer.json()["error"]["message"]
        assert not Evidence.objects.exists()

    def test_filters(self, client_of: Any) -> None:
        client, claim = client_of("fact-checker"), make_claim()
        for number in range(2):
            body = {"claim": claim.pk if number else make_claim().pk, "document_url": f"{DOCUMENT}/{number}"}
            client.post("/api/v1/evidence/", body)
        for query in (f"claim={claim.pk}", f"document_url={DOCUMENT.replace('https', 'HTTPS')}/1#page"):
            rows = client.get(f"/api/v1/evidence/?{query}").json()["results"]
            assert [row["document_url"] for row in rows] == [f"{DOCUMENT}/1"], query
        assert client.get("/api/v1/evidence/?document_url=nowhere").json()["results"] == []

    def test_as_many_queries_for_one_row_as_for_twenty(self, client_of: Any, django_assert_max_num_queries) -> None:
        client, claim = client_of("fact-checker"), make_claim()
        for number in range(20):
            client.post("/api/v1/evidence/", {"claim": claim.pk, "document_url": f"{DOCUMENT}/{number}"})
        client.get("/api/v1/evidence/?page_size=1")
        with django_assert_max_num_queries(6):
            assert len(client.get("/api/v1/evidence/").json()["results"]) == 20


class TestCorrections:
    TEXT = "“It opens in May,” Mayor Ana Duarte said. Others doubted it."

    def test_values_are_corrected_and_taken_back(self, client_of: Any) -> None:
        article = make_article(text=self.TEXT)
        claim = make_claim(make_speaker("Ada Quill"), article=article, text="Others doubted it.", start=42)
        client = client_of("fact-checker")
        right = make_speaker("Ana Duarte")
        body = {
            "claim": claim.pk,
            "content": [[0, 18]],
            "mention": [[19, 35]],
            "speakers": [{"id": right.pk}],
            "act": "statement",
        }
        answer = client.post("/api/v1/corrections/", body)
        assert answer.status_code == 201, answer.content
        shown = answer.json()["claim"]
        assert shown["spans"] == [{"start": 0, "end": 18, "quote": self.TEXT[:18]}]
        assert [one["id"] for one in shown["speakers"]] == [right.pk]
        rows = answer.json()["corrections"]
        assert {row["field"] for row in rows} == {"span", "mention", "speaker"}
        assert set(rows[0]) == set(CorrectionSerializer().fields)
        assert client.get(f"/api/v1/claims/{claim.pk}/").json()["text"] == self.TEXT[:18]
        for _ in rows:
            undone = client.post("/api/v1/corrections/", {"claim": claim.pk, "decision": "undone"})
            assert undone.status_code == 201, undone.content
        assert client.get(f"/api/v1/claims/{claim.pk}/").json()["speakers"][0]["name"] == "Ada Quill"
        assert client.post("/api/v1/corrections/", {"claim": claim.pk, "decision": "undone"}).status_code == 409

    def test_a_missed_claim_is_added(self, client_of: Any) -> None:
        article = make_article(text=self.TEXT)
        body = {"article": article.pk, "content": [[0, 18]], "speakers": [{"name": "Ana Duarte", "words": "she"}]}
        answer = client_of("fact-checker").post("/api/v1/corrections/", body)
        assert answer.status_code == 201, answer.content
        assert answer.json()["claim"]["speakers"][0]["name"] == "Ana Duarte"
        assert [row["field"] for row in answer.json()["corrections"]] == ["added"]
        assert Claim.objects.get().text == self.TEXT[:18]

    def test_a_claim_is_rejected_and_accepted(self, client_of: Any) -> None:
        client, claim = client_of("fact-checker"), make_claim()
        rejected = client.post("/api/v1/corrections/", {"claim": claim.pk, "decision": "rejected"})
        assert rejected.json()["claim"]["review_status"] == "not_a_claim"
        accepted = client.post("/api/v1/corrections/", {"claim": claim.pk, "decision": "accepted"})
        assert accepted.json()["claim"]["review_status"] != "not_a_claim"
        listed = client.get(f"/api/v1/corrections/?claim={claim.pk}&field=rejected").json()["results"]
        assert [row["field"] for row in listed] == ["rejected"]

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "claim"),
            ({"claim": True, "article": True, "act": "topic"}, "claim"),
            ({"article": True}, "content"),
            ({"article": True, "content": [[0, 5]], "decision": "accepted"}, "decision"),
            ({"claim": True}, "decision"),
            ({"claim": True, "decision": "accepted", "act": "topic"}, "decision"),
            ({"claim": True, "decision": "accept"}, "decision"),
            ({"claim": True, "content": [0, 5]}, "content"),
            ({"claim": True, "content": [[0, 5, 6]]}, "content"),
            ({"claim": True, "content": [[5, 2]]}, "content"),
            ({"claim": True, "content": [[0, 99_999]]}, "content"),
            ({"claim": True, "content": []}, "content"),
            ({"claim": True, "kind": "directly"}, "kind"),
            ({"claim": True, "speakers": [{"id": 999_999}]}, "speakers.0.id"),
            ({"claim": True, "span": [[0, 5]]}, "span"),
        ],
    )
    def test_what_is_wrong_is_named(self, client_of: Any, body: dict[str, Any], field: str) -> None:
        article = make_article(text=self.TEXT)
        claim = make_claim(article=article)
        ids = {"claim": claim.pk, "article": article.pk}
        body = {name: ids[name] if value is True else value for name, value in body.items()}
        answer = client_of("fact-checker").post("/api/v1/corrections/", body)
        assert answer.status_code == 400, answer.content
        assert [one["field"] for one in answer.json()["error"]["fields"]] == [field]
        assert not Correction.objects.exists()


class TestTags:
    def test_the_way_of_a_tag(self, client_of: Any, anyone: Any) -> None:
        checker, admin = client_of("fact-checker"), client_of("desk admin")
        made = checker.post("/api/v1/tags/", {"name": "Bridges", "colour": "#aa0000"})
        assert made.status_code == 201, made.content
        row = made.json()
        assert set(row) == set(TagSerializer().fields)
        assert checker.post("/api/v1/tags/", {"name": " bridges"}).status_code == 409
        wrong = checker.post("/api/v1/tags/", {"name": "Roads", "colour": "red"})
        assert (wrong.status_code, wrong.json()["error"]["fields"][0]["field"]) == (400, "colour")
        assert "such as #b3261e" in wrong.json()["error"]["message"]
        assert admin.patch(row["url"], {"name": "Roads"}).json()["name"] == "Roads"
        assert [one["name"] for one in checker.get("/api/v1/tags/?name=ROADS").json()["results"]] == ["Roads"]
        assert anyone.get("/api/v1/tags/").json()["results"] == []
        assert Tag.objects.count() == 1

    def test_a_renamed_tag_changes_its_claims_tag(self, client_of: Any) -> None:
        checker, claim = client_of("fact-checker"), make_claim()
        url = checker.post("/api/v1/tags/", {"name": "Bridges"}).json()["url"]
        before = checker.patch(f"/api/v1/claims/{claim.pk}/", {"tags": ["bridges"]})["ETag"]
        client_of(user=make_user("desk admin")).patch(url, {"name": "Roads"})
        assert checker.get(f"/api/v1/claims/{claim.pk}/")["ETag"] != before
