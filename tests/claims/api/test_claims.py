"""What a claim looks like over HTTP, and who sees which."""

from datetime import date

import pytest
from rest_framework.test import APIClient

from claims.api.serializers import ClaimSerializer
from tests.claims.factories import (
    make_article,
    make_claim,
    make_source,
    make_speaker,
    make_user,
    make_verdict,
)

pytestmark = pytest.mark.django_db

CLAIM_FIELDS = {
    *("id", "text", "spans", "kind", "act", "cue", "mention", "speakers", "speaker_status", "confidence", "article"),
    *("context", "said_on", "review_status", "verdict", "within", "relayed_by", "depth", "engine", "created_at"),
    *("modified_at", "url"),
}


def test_a_claim_has_exactly_the_fields_of_the_contract(anyone: APIClient) -> None:
    claim = make_claim(make_speaker())
    listed = anyone.get("/api/v1/claims/").json()["results"][0]
    assert set(listed) == CLAIM_FIELDS == set(ClaimSerializer().fields) - {"highlight"}
    assert listed == anyone.get(f"/api/v1/claims/{claim.pk}/").json()


def test_a_claim_tells_who_said_what_where_and_whether_it_holds(anyone: APIClient) -> None:
    source = make_source("Valley Post", slug="valley-post")
    text = "“The bridge is safe,” Ada Quill said. Nobody else spoke."
    article = make_article(source, text=text, headline="Bridge", url="https://valley.example/1")
    ada = make_speaker("Ada Quill", slug="ada-quill")
    claim = make_claim(
        ada,
        article=article,
        text="“The bridge is safe,”",
        spans=[{"start": 0, "end": 21, "quote": "“The bridge is safe,”"}],
        cue_text="said",
        cue_spans=[{"start": 32, "end": 36, "quote": "said"}],
        mention_text="Ada Quill",
        mention_spans=[{"start": 22, "end": 31, "quote": "Ada Quill"}],
        kind="direct",
        context="“The bridge is safe,” Ada Quill said.",
    )
    verdict = make_verdict(claim, rating="half-true", summary="Half of it is.")
    answer = anyone.get(f"/api/v1/claims/{claim.pk}/").json()
    del answer["created_at"], answer["modified_at"]
    assert answer == {
        "id": claim.pk,
        "text": "“The bridge is safe,”",
        "spans": [{"start": 0, "end": 21, "quote": "“The bridge is safe,”"}],
        "kind": "direct",
        "act": "statement",
        "cue": {"text": "said", "spans": [{"start": 32, "end": 36, "quote": "said"}]},
        "mention": {"text": "Ada Quill", "spans": [{"start": 22, "end": 31, "quote": "Ada Quill"}]},
        "speakers": [{"id": ada.pk, "slug": "ada-quill", "name": "Ada Quill"}],
        "speaker_status": "resolved",
        "confidence": 0.9,
        "article": {
            "id": article.pk,
            "headline": "Bridge",
            "url": "https://valley.example/1",
            "source": {"id": source.pk, "slug": "valley-post", "name": "Valley Post"},
            "published_on": "2026-03-01",
        },
        "context": "“The bridge is safe,” Ada Quill said.",
        "said_on": "2026-03-01",
        "review_status": "new",
        "verdict": {
            "id": verdict.pk,
            "rating": {"slug": "half-true", "label": "Half true", "value": 3, "colour": "#b58105"},
            "summary": "Half of it is.",
            "published_at": "2026-04-01T00:00:00Z",
            "url": f"http://testserver/api/v1/verdicts/{verdict.pk}/",
        },
        "within": None,
        "relayed_by": [],
        "depth": 0,
        "engine": "test-1",
        "url": f"http://testserver/api/v1/claims/{claim.pk}/",
    }
    for span in (*answer["spans"], *answer["cue"]["spans"], *answer["mention"]["spans"]):
        assert text[span["start"] : span["end"]] == span["quote"]


def test_a_relayed_claim_names_who_relays_it_and_stays_out_of_lists(anyone: APIClient) -> None:
    ada, berit = make_speaker("Ada Quill"), make_speaker("Berit Sand")
    outer = make_claim(ada)
    inner = make_claim(berit, article=outer.article, within=outer)
    assert [row["id"] for row in anyone.get("/api/v1/claims/").json()["results"]] == [outer.pk]
    row = anyone.get(f"/api/v1/claims/{inner.pk}/").json()
    assert (row["within"], row["depth"]) == (outer.pk, 1)
    assert [one["name"] for one in row["speakers"]] == ["Berit Sand"]
    assert [one["name"] for one in row["relayed_by"]] == ["Ada Quill"]


def test_a_joint_claim_lists_its_speakers_in_order_and_an_unnamed_one_none(anyone: APIClient) -> None:
    ada, berit = make_speaker("Ada Quill"), make_speaker("Berit Sand")
    joint = make_claim(berit, ada)
    unnamed = make_claim(mention_text="a senior official")
    rows = {row["id"]: row for row in anyone.get("/api/v1/claims/").json()["results"]}
    assert [one["name"] for one in rows[joint.pk]["speakers"]] == ["Berit Sand", "Ada Quill"]
    assert rows[unnamed.pk]["speakers"] == []
    assert rows[unnamed.pk]["mention"]["text"] == "a senior official"


@pytest.mark.parametrize("state", ["draft", "proposed", "withdrawn", "superseded"])
def test_only_a_published_verdict_is_the_claims_verdict(anyone: APIClient, client_of, state: str) -> None:
    claim = make_claim()
    make_verdict(claim, state=state)
    for client in (anyone, client_of("reviewer")):
        assert client.get(f"/api/v1/claims/{claim.pk}/").json()["verdict"] is None


class TestHiddenSpeakers:
    """Nothing that a hidden speaker said, nor the name, is shown without a token."""

    @pytest.fixture
    def secret(self):
        hidden, ada = make_speaker("Nils Holt", is_hidden=True), make_speaker("Ada Quill")
        relay = make_claim(hidden)
        return {
            "speaker": hidden,
            "alone": relay,
            "joint": make_claim(ada, hidden),
            "relayed": make_claim(ada, article=relay.article, within=relay),
            "open": make_claim(ada),
        }

    def test_public_lists_leave_them_out(self, anyone: APIClient, secret) -> None:
        rows = anyone.get("/api/v1/claims/?depth__in=0,1").json()["results"]
        assert {row["id"] for row in rows} == {secret["relayed"].pk, secret["open"].pk}
        assert all(row["relayed_by"] == [] for row in rows)
        assert b"Nils" not in anyone.get("/api/v1/claims/?depth__in=0,1").content
        assert b"Nils" not in anyone.get("/api/v1/speakers/").content

    @pytest.mark.parametrize("name", ["alone", "joint"])
    def test_public_details_are_not_found(self, anyone: APIClient, secret, name: str) -> None:
        assert anyone.get(f"/api/v1/claims/{secret[name].pk}/").status_code == 404

    def test_the_speaker_is_not_found(self, anyone: APIClient, secret) -> None:
        assert anyone.get(f"/api/v1/speakers/{secret['speaker'].pk}/").status_code == 404
        assert anyone.get(f"/api/v1/claims/?speaker={secret['speaker'].pk}").json()["results"] == []
        assert anyone.get("/api/v1/claims/?speaker_name=Nils Holt").json()["results"] == []

    def test_the_desk_sees_them(self, client_of, secret) -> None:
        desk = client_of("API reader", scope="read")
        found = desk.get(f"/api/v1/claims/?speaker={secret['speaker'].pk}").json()["results"]
        assert {row["id"] for row in found} == {secret["alone"].pk, secret["joint"].pk}
        assert desk.get(f"/api/v1/speakers/{secret['speaker'].pk}/").status_code == 200

    def test_a_user_without_a_role_sees_what_the_public_sees(self, client_of, secret) -> None:
        outsider = client_of("", scope="read")
        assert outsider.get(f"/api/v1/claims/{secret['alone'].pk}/").status_code == 404
        assert outsider.get(f"/api/v1/claims/{secret['open'].pk}/").status_code == 200


def test_a_claim_that_vanished_untouched_is_gone(anyone: APIClient) -> None:
    gone, here = make_claim(is_current=False), make_claim()
    assert [row["id"] for row in anyone.get("/api/v1/claims/").json()["results"]] == [here.pk]
    assert anyone.get(f"/api/v1/claims/{gone.pk}/").status_code == 404


def test_assignees_are_nobodys_business(anyone: APIClient) -> None:
    make_claim(assignee=make_user(username="secret-editor"))
    assert b"secret-editor" not in anyone.get("/api/v1/claims/").content


class TestReviewStatus:
    def test_a_fact_checker_moves_a_claim(self, client_of) -> None:
        claim = make_claim()
        answer = client_of("fact-checker").patch(
            f"/api/v1/claims/{claim.pk}/", {"review_status": "in_review", "reason": "Urgent."}
        )
        assert answer.status_code == 200
        assert answer.json()["review_status"] == "in_review"
        assert claim.changes.get().reason == "Urgent."

    @pytest.mark.parametrize(
        ("body", "field", "suggestion"),
        [
            ({"review_status": "in_reviw"}, "review_status", "in_review"),
            ({"text": "Other words"}, "text", "reason"),
            ({}, "review_status", None),
        ],
        ids=["unknown status", "the engine's field", "nothing"],
    )
    def test_other_bodies_are_refused(self, client_of, body, field: str, suggestion: str | None) -> None:
        claim = make_claim()
        answer = client_of("fact-checker").patch(f"/api/v1/claims/{claim.pk}/", body)
        assert answer.status_code == 400
        problem = answer.json()["error"]["fields"][0]
        assert problem["field"] == field
        if suggestion and field == "review_status":
            assert problem["suggestion"] == suggestion
        claim.refresh_from_db()
        assert claim.review_status == "new"


def test_claims_without_a_date_come_last_in_either_direction(anyone: APIClient) -> None:
    undated = make_claim(article=make_article(published_on=None))
    old = make_claim(said_on=date(2020, 1, 1))
    new = make_claim(said_on=date(2026, 1, 1))
    order = [row["id"] for row in anyone.get("/api/v1/claims/").json()["results"]]
    turned = [row["id"] for row in anyone.get("/api/v1/claims/?ordering=said_on").json()["results"]]
    assert order == [new.pk, old.pk, undated.pk]
    assert turned == [old.pk, new.pk, undated.pk]
