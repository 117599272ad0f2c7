"""What a list says beside its rows: facets and the explanation of its filters."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from claims.models import ClaimTag, Tag
from claims.services.tags import tag_key
from sources.api import extras
from sources.api import facets as counting
from tests.claims.factories import make_article, make_claim, make_source, make_speaker, make_user, make_verdict

pytestmark = pytest.mark.django_db
FACETS = "speaker,rating,source,kind,act,review_status,speaker_status,language,engine"


@pytest.fixture
def desk() -> SimpleNamespace:
    """Three claims of two speakers in two outlets, and one of a hidden speaker."""
    post = make_article(make_source("Valley Post", slug="valley-post"), language="en")
    wire = make_article(make_source("Coast Wire", slug="coast-wire"), language="de", published_on=date(2026, 4, 1))
    ada, berit = make_speaker("Ada Quill", slug="ada-quill"), make_speaker("Berit Lund", slug="berit-lund")
    first = make_claim(ada, article=post, kind="direct", text="The bridge fell")
    make_claim(ada, berit, article=wire, text="The bridge stands")
    make_claim(article=wire, text="It rained", act="question", review_status="in_review")
    make_claim(make_speaker("Shy Person", is_hidden=True), article=post, text="The bridge is mine")
    make_claim(berit, article=post, within=first, text="A bridge within")
    make_verdict(first, rating="false")
    return SimpleNamespace(**locals())


def facets(client: APIClient, query: str) -> dict[str, Any]:
    answer = client.get(f"/api/v1/claims/?{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()["facets"]


@pytest.fixture(params=[0, 2_000], ids=["by the filter", "by ids"])
def _few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "FEW", request.param)


@pytest.mark.usefixtures("_few")
class TestFacets:
    def test_counts_with_names_the_most_first(self, anyone: APIClient, desk: SimpleNamespace) -> None:
        counted = facets(anyone, f"facets={FACETS}")
        assert counted["speaker"] == [
            {"value": "ada-quill", "name": "Ada Quill", "count": 2},
            {"value": "berit-lund", "name": "Berit Lund", "count": 1},
        ]
        assert counted["rating"] == [{"value": "false", "name": "False", "count": 1}]
        assert counted["source"] == [
            {"value": "coast-wire", "name": "Coast Wire", "count": 2},
            {"value": "valley-post", "name": "Valley Post", "count": 1},
        ]
        assert {one["value"]: one["count"] for one in counted["kind"]} == {"indirect": 2, "direct": 1}
        assert {one["value"]: one["count"] for one in counted["act"]} == {"statement": 2, "question": 1}
        assert counted["engine"] == [{"value": "test-1", "name": "test-1", "count": 3}]
        assert list(counted) == FACETS.split(",")

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("speaker=ada-quill", {"ada-quill": 2, "berit-lund": 1}),
            ("speaker=berit-lund", {"ada-quill": 1, "berit-lund": 1}),
            ("kind=direct", {"ada-quill": 1}),
            ("kind!=direct", {"ada-quill": 1, "berit-lund": 1}),
            ("search=stands", {"ada-quill": 1, "berit-lund": 1}),
            ("search=bridge&source=valley-post", {"ada-quill": 1}),
            ("rating=false", {"ada-quill": 1}),
            ("depth=1", {"berit-lund": 1}),
            ("search=nothing", {}),
        ],
    )
    def test_counts_within_the_filter(
        self, anyone: APIClient, desk: SimpleNamespace, query: str, expected: dict[str, int]
    ) -> None:
        counted = facets(anyone, f"{query}&facets=speaker")["speaker"]
        assert {one["value"]: one["count"] for one in counted} == expected

    def test_each_value_is_one_that_its_filter_takes(self, anyone: APIClient, desk: SimpleNamespace) -> None:
        for facet, counted in facets(anyone, f"facets={FACETS}").items():
            for one in counted:
                answer = anyone.get(f"/api/v1/claims/?count=true&{facet}={one['value']}")
                assert answer.json()["count"] == one["count"], (facet, one)

    def test_the_desk_counts_hidden_speakers_too(self, client_of: Callable[..., APIClient], desk: Any) -> None:
        assert len(facets(client_of("reviewer"), "facets=speaker")["speaker"]) == 3

    def test_tags_are_the_desks_own(
        self, anyone: APIClient, client_of: Callable[..., APIClient], desk: SimpleNamespace
    ) -> None:
        tag = Tag.objects.create(name="Budget 2026", key=tag_key("Budget 2026"))
        ClaimTag.objects.create(claim=desk.first, tag=tag, added_by=make_user())
        client = client_of("reviewer")
        assert facets(client, "facets=tag")["tag"] == [{"value": "Budget 2026", "name": "Budget 2026", "count": 1}]
        for query, number in [("tag=budget 2026", 1), ("tag!=budget 2026", 3), ("tag__isnull=false", 1)]:
            assert client.get(f"/api/v1/claims/?count=true&{query}").json()["count"] == number, query
        assert anyone.get("/api/v1/claims/?facets=tag").status_code == 400
        assert anyone.get("/api/v1/claims/?tag=budget 2026").status_code == 401

    def test_the_page_does_not_matter(self, anyone: APIClient, desk: SimpleNamespace) -> None:
        answer = anyone.get("/api/v1/claims/?facets=kind&page_size=1").json()
        assert sum(one["count"] for one in answer["facets"]["kind"]) == 3
        assert anyone.get(answer["next"]).json()["facets"] == answer["facets"]


def test_at_most_the_most_frequent_are_given(anyone: APIClient) -> None:
    article = make_article()
    for _ in range(extras.FACET_SIZE + 5):
        make_claim(make_speaker(), article=article)
    assert len(facets(anyone, "facets=speaker")["speaker"]) == extras.FACET_SIZE


def test_each_facet_is_one_query_however_many_rows(anyone: APIClient, desk: SimpleNamespace) -> None:
    def queries(query: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            anyone.get(f"/api/v1/claims/?{query}")
        return len(captured)

    few = queries(f"facets={FACETS}")
    assert few == queries("kind__in=direct,mixed,indirect") + 1 + len(FACETS.split(","))
    for _ in range(20):
        make_claim(make_speaker(), article=make_article())
    assert queries(f"facets={FACETS}") == few


@pytest.mark.parametrize(
    ("path", "facet", "values"),
    [
        ("articles/", "language", {"en": 1, "de": 1}),
        ("articles/", "source", {"valley-post": 1, "coast-wire": 1}),
        ("speakers/", "kind", {"person": 2}),
        ("verdicts/", "rating", {"false": 1}),
        ("verdicts/", "state", {"published": 1}),
        ("sources/", "kind", {"unknown": 2}),
    ],
)
def test_other_lists(anyone: APIClient, desk: Any, path: str, facet: str, values: dict[str, int]) -> None:
    counted = anyone.get(f"/api/v1/{path}?facets={facet}").json()["facets"][facet]
    assert {one["value"]: one["count"] for one in counted} == values


@pytest.mark.parametrize(
    ("query", "field", "code", "suggestion"),
    [
        ("facets=speeker", "facets", "invalid_choice", "speaker"),
        ("facets=kind,,act", "facets", "invalid_choice", None),
        ("facet=kind", "facet", "unknown_parameter", "facets"),
        ("explain=yes", "explain", "invalid_choice", "true"),
        ("explian=true", "explian", "unknown_parameter", "explain"),
    ],
)
def test_refused(anyone: APIClient, query: str, field: str, code: str, suggestion: str | None) -> None:
    answer = anyone.get(f"/api/v1/claims/?{query}")
    assert answer.status_code == 400
    (problem,) = answer.json()["error"]["fields"]
    assert (problem["field"], problem["code"]) == (field, code)
    assert suggestion is None or problem["suggestion"] == suggestion


class TestExplain:
    def explained(self, client: APIClient, query: str) -> dict[str, Any]:
        answer = client.get(f"/api/v1/claims/?{query}&explain=true")
        assert answer.status_code == 200, answer.content
        return answer.json()["explain"]

    def test_what_is_implied(self, anyone: APIClient) -> None:
        assert self.explained(anyone, "page_size=5") == {
            "ordering": "-said_on",
            "filters": [
                {"parameter": None, "field": "depth", "lookup": "exact", "negated": False, "value": 0, "found": None}
            ],
        }

    def test_each_filter_as_it_was_understood(self, anyone: APIClient, desk: SimpleNamespace) -> None:
        query = "kind!=direct&said_on__gte=2026-01-01&depth=0&speaker_name=ada quill&search=bridge -tax*&ordering=id"
        explained = self.explained(anyone, query)
        assert explained["ordering"] == "id"
        filters = {one.pop("parameter"): one for one in explained["filters"]}
        assert filters == {
            "kind!": {"field": "kind", "lookup": "exact", "negated": True, "value": "direct", "found": None},
            "said_on__gte": {
                "field": "said_on",
                "lookup": "gte",
                "negated": False,
                "value": "2026-01-01",
                "found": None,
            },
            "depth": {"field": "depth", "lookup": "exact", "negated": False, "value": 0, "found": None},
            "speaker_name": {
                "field": "speaker_name",
                "lookup": "exact",
                "negated": False,
                "value": "ada quill",
                "found": [desk.ada.pk],
            },
            "search": {
                "field": "search",
                "lookup": "exact",
                "negated": False,
                "found": None,
                "value": [
                    {"words": ["bridge"], "is_prefix": False, "is_excluded": False},
                    {"words": ["tax"], "is_prefix": True, "is_excluded": True},
                ],
            },
        }

    def test_a_merged_speaker_is_found_to_be_the_survivor(self, anyone: APIClient, desk: SimpleNamespace) -> None:
        make_speaker("A. Quill", slug="a-quill", merged_into=desk.ada)
        (line,) = [one for one in self.explained(anyone, "speaker=a-quill")["filters"] if one["field"] == "speaker"]
        assert (line["value"], line["found"]) == (["a-quill"], [desk.ada.pk])

    def test_not_asked_for_there_is_none(self, anyone: APIClient) -> None:
        assert "explain" not in anyone.get("/api/v1/claims/?explain=false").json()
        assert "explain" not in anyone.get("/api/v1/claims/?kind=direct").json()
