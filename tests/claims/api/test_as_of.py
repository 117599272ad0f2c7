"""`as_of=`: what was true on a day, from the ledger and the verdicts' own rows."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from claims.models import Claim, Rating, Verdict
from claims.services.verification import publish_verdict, record_verdict, set_review_status, withdraw_verdict
from tests.claims.factories import make_claim, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(monkeypatch) -> Claim:
    """In March: in review on 2, `false` on 3, `true` in its place on 5, withdrawn on 7, done on 9."""
    claim, actor = make_claim(), make_user("desk admin")
    Claim.objects.update(created_at=datetime(2026, 3, 1, 12, tzinfo=UTC))

    def on(day: int) -> None:
        now = datetime(2026, 3, day, 12, tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda: now)

    def publish(rating: str) -> Verdict:
        verdict = record_verdict(claim, author=actor, rating=Rating.objects.get(slug=rating))
        return publish_verdict(verdict, reviewer=actor, reason="New minutes.")

    on(2)
    set_review_status([claim], actor=actor, status="in_review")
    on(3)
    publish("false")
    on(5)
    last = publish("true")
    on(7)
    withdraw_verdict(last, actor=actor, reason="Wrong minutes.")
    on(9)
    set_review_status([claim], actor=actor, status="done")
    on(20)
    return claim


DAYS = [
    ("2026-03-01", "new", None),
    ("2026-03-02", "in_review", None),
    ("2026-03-03", "in_review", "false"),
    ("2026-03-04", "in_review", "false"),
    ("2026-03-05", "in_review", "true"),
    ("2026-03-07", "in_review", None),
    ("2026-03-09", "done", None),
    ("2026-04-01", "done", None),
]


@pytest.mark.parametrize(("day", "status", "rating"), DAYS, ids=[row[0] for row in DAYS])
def test_a_day_in_list_and_detail(client_of: Any, story: Claim, day: str, status: str, rating: str | None) -> None:
    client = client_of("API reader", scope="read")
    (listed,) = client.get(f"/api/v1/claims/?as_of={day}").json()["results"]
    shown = client.get(f"/api/v1/claims/{story.pk}/?as_of={day}").json()
    assert listed == shown
    assert shown["review_status"] == status
    assert (shown["verdict"] and shown["verdict"]["rating"]["slug"]) == rating
    today = client.get(f"/api/v1/claims/{story.pk}/").json()
    assert (today["review_status"], today["verdict"]) == ("done", None)
    assert set(shown) == set(today)


def test_a_verdict_looks_as_it_did_when_it_was_published(client_of: Any) -> None:
    claim, actor = make_claim(), make_user("desk admin")
    verdict = record_verdict(claim, author=actor, rating=Rating.objects.get(slug="false"), summary="No.")
    publish_verdict(verdict, reviewer=actor)
    client = client_of("API reader", scope="read")
    today = client.get(f"/api/v1/claims/{claim.pk}/").json()
    assert client.get(f"/api/v1/claims/{claim.pk}/?as_of=2999-01-01").json() == today


def test_claims_stored_later_are_left_out(client_of: Any, story: Claim) -> None:
    client = client_of("API reader", scope="read")
    assert client.get("/api/v1/claims/?as_of=2026-02-28").json()["results"] == []
    assert client.get(f"/api/v1/claims/{story.pk}/?as_of=2026-02-28").status_code == 404


def test_the_public_sees_today_only(anyone: APIClient, client_of: Any, story: Claim) -> None:
    assert anyone.get("/api/v1/claims/?as_of=2026-03-05").status_code == 401
    assert client_of("", scope="read").get("/api/v1/claims/?as_of=2026-03-05").status_code == 403


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("as_of=yesterday", "as_of"),
        ("as_of=2026-02-30", "as_of"),
        ("as_of=0001-01-01", "as_of"),
        ("as_of=9999-12-31", "as_of"),
        ("as_of=2026-3-5", "as_of"),
        ("as_of=", "as_of"),
        ("as_of=2026-03-05&review_status=new", "review_status"),
        ("as_of=2026-03-05&rating__in=true", "rating__in"),
        ("as_of=2026-03-05&facets=rating", "facets"),
        ("as_of=2026-03-05&expand=verdict", "expand"),
        ("as_of=2026-03-05&fields=text", "as_of"),
    ],
)
def test_what_does_not_go_is_named(client_of: Any, query: str, field: str) -> None:
    answer = client_of("API reader", scope="read").get(f"/api/v1/claims/?{query}")
    assert answer.status_code == 400, answer.content
    assert [one["field"] for one in answer.json()["error"]["fields"]] == [field]


def test_as_many_queries_for_one_row_as_for_twenty(client_of: Any, django_assert_max_num_queries) -> None:
    for _ in range(20):
        make_claim()
    client = client_of("API reader", scope="read")
    client.get("/api/v1/claims/?as_of=2999-01-01&page_size=1")
    with django_assert_max_num_queries(9):
        assert len(client.get("/api/v1/claims/?as_of=2999-01-01").json()["results"]) == 20
