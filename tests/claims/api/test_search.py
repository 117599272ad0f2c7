"""Full-text search over the API: the same answers on both databases, whatever is typed and however rows change."""

import json
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from claims.models import Claim
from claimtrack.rest import pagination
from sources.models import Article
from sources.search import conditions, indexes
from tests.claims.factories import make_article, make_claim, make_speaker

pytestmark = pytest.mark.django_db
HOSTILE = st.text(st.sampled_from("ab1é😀\"'*-():^{}&|!<>\\%_ .,;NEAR"), max_size=40)


def found(client: APIClient, noun: str, search: str, **more: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1/{noun}/", {"search": search, **more})
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


class TestHighlight:
    def test_a_claim(self, anyone: APIClient) -> None:
        make_claim(text="The <old> bridge fell")
        (row,) = found(anyone, "claims", "bridge")
        assert row["highlight"] == "The &lt;old&gt; <mark>bridge</mark> fell"

    def test_without_a_search_there_is_none(self, anyone: APIClient) -> None:
        make_claim(text="The bridge fell")
        assert "highlight" not in anyone.get("/api/v1/claims/").json()["results"][0]

    def test_an_article_by_its_headline_first(self, anyone: APIClient) -> None:
        make_article(headline="Bridge closed", text="The bridge was closed on Monday.")
        (row,) = found(anyone, "articles", "bridge")
        assert row["highlight"] == "<mark>Bridge</mark> closed"

    def test_an_article_by_its_text(self, anyone: APIClient) -> None:
        make_article(headline="Closed", text="On Monday the bridge was closed.")
        (row,) = found(anyone, "articles", "bridge monday")
        assert row["highlight"] == "On <mark>Monday</mark> the <mark>bridge</mark> was closed."

    def test_a_speaker_by_a_further_name(self, anyone: APIClient) -> None:
        make_speaker("Ada Quill", "Mayor Quill")
        (row,) = found(anyone, "speakers", "mayor")
        assert row["highlight"] == "<mark>Mayor</mark> Quill"

    def test_of_the_fields_that_are_selected_it_needs_none(self, anyone: APIClient) -> None:
        make_claim(text="The bridge fell")
        (row,) = found(anyone, "claims", "bridge", fields="kind")
        assert row == {"kind": "indirect", "highlight": "The <mark>bridge</mark> fell"}


class TestTextsThatAreNotPublic:
    def test_words_of_the_text_find_nothing(self, anyone: APIClient, settings: Any) -> None:
        settings.PUBLIC_ARTICLE_TEXT = False
        make_article(headline="Bridge closed", text="A secret word.")
        assert found(anyone, "articles", "secret") == []
        assert found(anyone, "articles", "-secret bridge") != []
        (row,) = found(anyone, "articles", "bridge")
        assert row["highlight"] == "<mark>Bridge</mark> closed"

    def test_for_the_desk_they_do(self, client_of: Any, settings: Any) -> None:
        settings.PUBLIC_ARTICLE_TEXT = False
        make_article(headline="Bridge closed", text="A secret word.")
        assert len(found(client_of("fact-checker"), "articles", "secret")) == 1


class TestTheIndexFollowsTheRows:
    def test_a_changed_text(self, anyone: APIClient) -> None:
        claim = make_claim(text="The bridge fell")
        Claim.objects.filter(pk=claim.pk).update(text="The tower fell")
        assert found(anyone, "claims", "bridge") == []
        assert len(found(anyone, "claims", "tower")) == 1

    def test_a_deleted_row(self, anyone: APIClient) -> None:
        claim = make_claim(text="The bridge fell")
        claim.delete()
        again = make_claim(text="The tower fell")
        assert found(anyone, "claims", "bridge") == []
        assert [row["id"] for row in found(anyone, "claims", "tower")] == [again.pk]

    def test_a_text_that_is_taken_down(self, anyone: APIClient) -> None:
        article = make_article(headline="Closed", text="The bridge.")
        Article.objects.filter(pk=article.pk).update(text="", text_withheld="mistake")
        assert found(anyone, "articles", "bridge") == []

    def test_triggers_that_a_rebuilt_table_lost_are_put_back(self, anyone: APIClient) -> None:
        if connection.vendor != "sqlite":
            assert not indexes.mend(connection, "claims_claim", Claim.fulltext)  # it has none to lose
            return
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER claims_claim_fulltext_insert")
        make_claim(text="The bridge fell")
        assert found(anyone, "claims", "bridge") == []
        assert indexes.mend(connection, "claims_claim", Claim.fulltext)
        assert len(found(anyone, "claims", "bridge")) == 1
        make_claim(text="Another bridge")
        assert len(found(anyone, "claims", "bridge")) == 2
        assert not indexes.mend(connection, "claims_claim", Claim.fulltext)


@pytest.mark.parametrize(
    ("few", "many", "frequent"),
    [(9, 9, 9), (0, 9, 9), (0, 1, 9), (0, 1, 1)],
    ids=["few rows", "some rows", "many rows", "most rows"],
)
def test_few_and_many_rows_are_found_alike(
    anyone: APIClient, monkeypatch: pytest.MonkeyPatch, few: int, many: int, frequent: int
) -> None:
    monkeypatch.setattr(conditions, "FEW", few)
    monkeypatch.setattr(conditions, "MANY", many)
    monkeypatch.setattr(conditions, "FREQUENT", frequent)
    speaker = make_speaker("Ada Quill")
    ours = [make_claim(speaker, text=f"The bridge fell {number}").pk for number in range(3)]
    make_claim(text="The bridge fell too")
    make_claim(speaker, text="The bridge and the tax")
    rows = found(anyone, "claims", "bridge -tax", speaker=str(speaker.pk), count="true")
    assert [row["id"] for row in rows] == ours[::-1]


@pytest.mark.django_db(transaction=True)
def test_a_row_that_goes_while_its_page_is_read_does_not_end_the_list(
    anyone: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = [make_claim(text=f"The bridge of {number} stands") for number in range(4)]
    read = pagination._List._whole
    gone: list[int] = []

    def read_late(self: Any, leg: Any, ids: list[int]) -> Any:
        if not gone:
            gone.append(ids[0])
            Claim.objects.filter(pk=ids[0]).delete()
        return read(self, leg, ids)

    monkeypatch.setattr(pagination._List, "_whole", read_late)
    found: list[int] = []
    path: str | None = "/api/v1/claims/?search=bridge&page_size=2"
    while path:
        page = anyone.get(path).json()
        found += [row["id"] for row in page["results"]]
        path = page["next"]
    assert sorted(found + gone) == sorted(one.pk for one in claims)


def test_a_search_that_was_often_asked_does_not_answer_for_another(anyone: APIClient) -> None:
    make_claim(text="The bridge fell")
    tower = make_claim(text="The tower fell")
    for _ in range(5):  # PostgreSQL prepares what is asked again and again
        assert len(found(anyone, "claims", "bridge")) == 1
    assert [row["id"] for row in found(anyone, "claims", "tower")] == [tower.pk]


@pytest.mark.parametrize("noun", ["claims", "articles", "speakers"])
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(search=st.one_of(HOSTILE, st.text(max_size=60)))
def test_whatever_is_typed(anyone: APIClient, noun: str, search: str, settings: Any) -> None:
    settings.THROTTLE_ANON = ""
    answer = anyone.get(f"/api/v1/{noun}/", {"search": search})
    assert answer.status_code in (200, 400), answer.content


@pytest.mark.parametrize("search", ["x" * 10_000, "a " * 5_000, "\x00", '"' * 300, "-" * 300, "(" * 300])
def test_whatever_is_typed_at_length(anyone: APIClient, search: str) -> None:
    assert anyone.get("/api/v1/claims/", {"search": search}).status_code == 400


def test_a_text_that_is_too_long_to_index_is_stored_and_found_by_its_beginning(anyone: APIClient) -> None:
    words = " ".join(f"w{number:x}" for number in range(400_000))
    make_article(headline="Long", text=f"bridge {words}")
    assert len(found(anyone, "articles", "bridge")) == 1


class TestRank:
    def test_the_best_first(self, anyone: APIClient) -> None:
        texts = ["The bridge, the bridge!", "The bridge fell", "The bridge " + "and so on " * 20, "A calm day"]
        ids = [make_claim(text=text).pk for text in texts]
        assert [row["id"] for row in found(anyone, "claims", "bridge", ordering="rank")] == ids[:3]
        assert [row["id"] for row in found(anyone, "claims", "bridge", ordering="-rank")] == ids[2::-1]

    def test_a_headline_counts_more_than_the_text(self, anyone: APIClient) -> None:
        text = make_article(headline="Closed", text="The bridge and the harbour were shut.").pk
        head = make_article(headline="Bridge", text="It and the harbour were shut by the town.").pk
        assert [row["id"] for row in found(anyone, "articles", "bridge", ordering="rank")] == [head, text]

    def test_it_needs_a_search(self, anyone: APIClient) -> None:
        (problem,) = anyone.get("/api/v1/claims/?ordering=rank").json()["error"]["fields"]
        assert (problem["field"], problem["code"]) == ("ordering", "needs_search")

    def test_where_nothing_is_ranked_there_is_no_such_order(self, anyone: APIClient) -> None:
        answer = anyone.get("/api/v1/speakers/?search=ada&ordering=rank")
        assert answer.json()["error"]["fields"][0]["code"] == "invalid_choice"

    def test_an_export_comes_in_the_same_order(self, anyone: APIClient) -> None:
        ids = [make_claim(text=text).pk for text in ("The bridge fell", "bridge, bridge")]
        answer = anyone.get("/api/v1/claims/export/?format=json&search=bridge&ordering=rank")
        assert [row["id"] for row in json.loads(answer.getvalue())] == ids[::-1]

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        times=st.lists(st.integers(1, 4), min_size=1, max_size=12),
        changes=st.lists(st.tuples(st.sampled_from(["add", "drop", "edit"]), st.integers(0, 11)), max_size=6),
        ordering=st.sampled_from(["rank", "-rank"]),
    )
    def test_who_stays_is_met_once_whoever_comes_and_goes(
        self, anyone: APIClient, settings: Any, times: list[int], changes: list[tuple[str, int]], ordering: str
    ) -> None:
        settings.THROTTLE_ANON = ""
        Claim.objects.all().delete()
        article = make_article()
        claims = [make_claim(article=article, text="bridge " * number + "fell") for number in times]
        stays = {claim.pk for claim in claims}
        todo, seen = list(changes), []
        url = f"/api/v1/claims/?search=bridge&ordering={ordering}&page_size=2"
        while url:
            page = anyone.get(url).json()
            seen += [row["id"] for row in page["results"]]
            url = page["next"]
            if todo:
                change, place = todo.pop()
                claim = claims[place % len(claims)]
                if change == "add":
                    make_claim(article=article, text="bridge " * (place % 5 + 1) + "too")
                elif change == "drop":
                    Claim.objects.filter(pk=claim.pk).delete()
                    stays.discard(claim.pk)
                else:
                    Claim.objects.filter(pk=claim.pk).update(text="bridge " * (place % 5 + 1))
                    stays.discard(claim.pk)
        assert [pk for pk in seen if pk in stays] != [] or not stays
        assert {pk: seen.count(pk) for pk in stays} == dict.fromkeys(stays, 1)
