"""Second opinions over the API: nothing of a proposal before one's own rating, then the decision, then the public."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from claims.models import Rating, Scale, SecondOpinion, Verdict
from claims.services.evidence import add_evidence
from claims.services.verification import record_verdict
from tests.claims.factories import make_claim, make_user, make_verdict

pytestmark = pytest.mark.django_db
SECRET = "Nobody reads this before rating."


@pytest.fixture
def author() -> User:
    return make_user("fact-checker", username="first")


@pytest.fixture
def proposal(author: User) -> Verdict:
    Scale.objects.update(needs_second_check=True)
    claim, rating = make_claim(), Rating.objects.get(slug="half-true")
    add_evidence(claim, author=author, url="https://office.example/a", stance="refutes")
    return record_verdict(claim, author=author, rating=rating, summary=SECRET, state="proposed")


@pytest.fixture
def second(client_of: Callable[..., APIClient]) -> APIClient:
    return client_of("reviewer")


def rows(client: APIClient, path: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def rate(client: APIClient, proposal: Verdict, rating: str = "false", **more: Any) -> Any:
    return client.post("/api/v1/opinions/", {"verdict": proposal.pk, "rating": rating, **more})


def test_the_whole_second_check(proposal: Verdict, second: APIClient) -> None:
    (waiting,) = rows(second, "proposals/")
    assert (waiting["id"], waiting["claim"]) == (proposal.pk, proposal.claim_id)
    assert waiting["scale"]["slug"] == proposal.rating.scale.slug
    verdict = f"/api/v1/verdicts/{proposal.pk}/"
    assert second.get(verdict).status_code == 404

    opinion = rate(second, proposal)
    assert opinion.status_code == 201, opinion.content
    given = opinion.json()
    assert (given["rating"]["slug"], given["first_rating"]["slug"]) == ("false", "half-true")
    assert (given["is_blind"], given["decision"]) == (True, "open")
    assert rows(second, "proposals/") == []
    assert second.get(verdict).json()["summary"] == SECRET

    too_soon = second.patch(verdict, {"state": "published"})
    refusal = too_soon.json()["error"]
    assert (too_soon.status_code, refusal["code"], refusal["state"]) == (409, "conflict", "proposed")
    assert "published" not in refusal["allowed"]
    silent = second.patch(given["url"], {"decision": "disagrees"})
    assert (silent.status_code, silent.json()["error"]["fields"][0]["field"]) == (400, "comment")
    assert second.patch(given["url"], {"decision": "disagrees", "comment": "It is shut."}).status_code == 200
    agreed = second.patch(given["url"], {"decision": "agrees"}).json()
    assert (agreed["decision"], agreed["comment"]) == ("agrees", "It is shut.")
    assert second.patch(verdict, {"state": "published"}).status_code == 200
    late = second.patch(given["url"], {"decision": "disagrees", "comment": "After all."})
    assert late.status_code == 409


@pytest.mark.parametrize("role", ["fact-checker", "reviewer", "desk admin"])
def test_nothing_of_it_is_anywhere_before(proposal: Verdict, client_of: Any, anyone: APIClient, role: str) -> None:
    client, claim = client_of(role), proposal.claim_id
    third = client_of("reviewer", user=make_user("reviewer"))
    rate(third, proposal, "half-true", comment=SECRET)
    for path in (
        *("proposals/", f"proposals/{proposal.pk}/", f"proposals/?claim={claim}&explain=true", "opinions/"),
        *(f"claims/{claim}/?expand=verdict,notes", f"opinions/?verdict={proposal.pk}", "verdicts/?facets=rating,state"),
        *("changes/?kind=claim,verdict,evidence,note,article", f"claims/?as_of=2100-01-01&id={claim}", "evidence/"),
    ):
        body = client.get(f"/api/v1/{path}").content.decode()
        for trace in (SECRET, "half-true", "Half true", "refutes"):
            assert trace not in body, (path, trace)
    assert rows(client, "opinions/") == rows(anyone, "opinions/") == rows(anyone, "proposals/") == []


def test_who_loses_the_role_reads_nothing_more_at_once(proposal: Verdict, client_of: Any) -> None:
    user = make_user("reviewer")
    client = client_of("reviewer", user=user)
    paths = [f"proposals/{proposal.pk}/", f"claims/{proposal.claim_id}/?expand=notes,verdict"]
    assert len(rows(client, "proposals/")) == 1
    assert [client.get(f"/api/v1/{path}").status_code for path in paths] == [200, 200]
    user.groups.clear()
    assert rows(client, "proposals/") == rows(client, "opinions/") == []
    assert [client.get(f"/api/v1/{path}").status_code for path in paths] == [404, 200]


def test_an_author_sees_what_the_second_said_and_has_nothing_to_rate(
    proposal: Verdict, author: User, second: APIClient, client_of: Any
) -> None:
    rate(second, proposal, comment="Shut since May.")
    own = client_of("fact-checker", user=author)
    assert [row["comment"] for row in rows(own, f"opinions/?claim={proposal.claim_id}&decision=open")] == [
        "Shut since May."
    ]
    assert rows(own, "proposals/") == []
    answer = rate(own, proposal)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")


def test_a_proposal_of_a_scale_without_second_check_may_be_rated_too(second: APIClient) -> None:
    proposed = make_verdict(state="proposed")
    assert rows(second, "proposals/") == []
    assert rate(second, proposed).json()["is_blind"] is False


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"rating": "false"}, 400, "verdict"),
        ({"verdict": "1", "rating": "false"}, 400, "verdict"),
        ({"verdict": 0, "rating": "false"}, 400, "verdict"),
        ({"verdict": 2**63 - 1, "rating": "false"}, 400, "verdict"),
        ({"verdict": True, "rating": "false"}, 400, "verdict"),
        ({"rating": "fals"}, 400, "rating"),
        ({"ratin": "false"}, 400, "ratin"),
        ({"rating": "false", "comment": "\0"}, 400, "comment"),
    ],
    ids=["no verdict", "text", "zero", "not there", "true", "no rating", "unknown field", "null character"],
)
def test_wrong_bodies(second: APIClient, proposal: Verdict, body: dict[str, Any], status: int, field: str) -> None:
    body = body if "verdict" in body or field == "verdict" else body | {"verdict": proposal.pk}
    answer = second.post("/api/v1/opinions/", body)
    assert answer.status_code == status, answer.content
    assert field in [one["field"] for one in answer.json()["error"]["fields"]]


def test_a_second_rating_and_a_draft_are_conflicts(proposal: Verdict, second: APIClient, author: User) -> None:
    assert rate(second, proposal).status_code == 201
    assert rate(second, proposal).status_code == 409
    published = make_verdict()
    assert rate(second, published).status_code == 409
    draft = record_verdict(make_claim(), author=author, rating=proposal.rating)
    assert rate(second, draft).status_code == 400  # a draft is its author's: nobody else knows of it


def test_only_who_gave_it_decides(proposal: Verdict, second: APIClient, client_of: Any) -> None:
    mine = rate(second, proposal).json()
    other = client_of("reviewer", user=make_user("reviewer"))
    assert other.patch(mine["url"], {"decision": "agrees"}).status_code == 404
    rate(other, proposal)
    assert other.patch(mine["url"], {"decision": "agrees"}).status_code == 403


def test_a_key_rates_once_and_a_stale_tag_is_refused(proposal: Verdict, second: APIClient) -> None:
    body = orjson.dumps({"verdict": proposal.pk, "rating": "false"})
    key = {"HTTP_IDEMPOTENCY_KEY": "one"}
    first, again = (second.generic("POST", "/api/v1/opinions/", body, "application/json", **key) for _ in range(2))
    assert (first.status_code, first.content) == (again.status_code, again.content) == (201, first.content)
    assert SecondOpinion.objects.count() == 1
    url, tag = first.json()["url"], first["ETag"]
    assert second.get(url)["ETag"] == tag
    assert second.get(url, headers={"if-none-match": tag}).status_code == 304
    done = second.patch(url, {"decision": "agrees"}, headers={"if-match": tag})
    assert done.status_code == 200, done.content
    stale = second.patch(url, {"decision": "agrees"}, headers={"if-match": tag})
    assert (stale.status_code, stale.json()["error"]["current"]["decision"]) == (412, "agrees")
    assert stale["ETag"] == done["ETag"] != tag
