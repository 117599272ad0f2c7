"""Cursors: nothing that existed throughout is lost or met twice, and a wrong cursor is refused."""

from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from claims.models import Claim, Speaker
from sources.models import Article
from tests.claims.factories import make_article, make_claim, make_speaker

pytestmark = pytest.mark.django_db

FIRST_DAY = date(2026, 1, 1)
QUERIES = [
    *("ordering=-said_on", "ordering=said_on", "ordering=-confidence", "ordering=confidence", "ordering=-id"),
    # One speaker's claims are paged along another table's index.
    *("speaker=ada&ordering=-said_on", "speaker=ada&ordering=said_on", "speaker=ada&ordering=id"),
]
# Few different days and confidences, so that ties and missing dates are the rule.
VALUES = st.tuples(st.sampled_from([None, 0, 1, 2]), st.sampled_from([0.1, 0.5]))
CHANGES = st.lists(st.tuples(st.booleans(), st.integers(0, 30), VALUES), max_size=3)


@pytest.fixture(autouse=True)
def _no_throttle(settings) -> None:
    settings.THROTTLE_ANON = ""


def put(article: Article, speakers: list[Speaker], value: tuple[int | None, float]) -> int:
    day, confidence = value
    said_on = None if day is None else FIRST_DAY + timedelta(days=day)
    return make_claim(*speakers, article=article, said_on=said_on, confidence=confidence).pk


@pytest.fixture
def two(db: None) -> list[Speaker]:
    return [make_speaker(slug="ada"), make_speaker()]


def walk(client: APIClient, url: str, between: Callable[[], None] = lambda: None) -> list[int]:
    met: list[int] = []
    while url:
        page = client.get(url).json()
        met += [row["id"] for row in page["results"]]
        between()
        url = page["next"]
    return met


class TestProperty:
    @pytest.mark.parametrize("query", QUERIES)
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        rows=st.lists(VALUES, max_size=12),
        size=st.integers(1, 5),
        changes=st.lists(CHANGES, max_size=8),
    )
    def test_inserts_and_deletes_between_pages(self, anyone: APIClient, two, query, rows, size, changes) -> None:
        Claim.objects.all().delete()
        article = make_article()
        alive = [put(article, two, row) for row in rows]
        stays, steps = set(alive), iter(changes)

        def change() -> None:
            for is_insert, index, value in next(steps, ()):
                if is_insert:
                    put(article, two, value)
                elif alive:
                    gone = alive.pop(index % len(alive))
                    stays.discard(gone)
                    Claim.objects.filter(pk=gone).delete()

        met = walk(anyone, f"/api/v1/claims/?{query}&page_size={size}", change)
        assert len(met) == len(set(met))
        assert stays <= set(met)

    @pytest.mark.parametrize("query", QUERIES)
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(rows=st.lists(VALUES, max_size=12), size=st.integers(1, 5))
    def test_pages_make_up_the_whole_and_lead_back(self, anyone: APIClient, two, query, rows, size) -> None:
        Claim.objects.all().delete()
        article = make_article()
        for row in rows:
            put(article, two, row)
        url = f"/api/v1/claims/?{query}&page_size="
        whole = [row["id"] for row in anyone.get(f"{url}500").json()["results"]]
        assert walk(anyone, f"{url}{size}") == whole
        pages = [anyone.get(f"{url}{size}").json()]
        while pages[-1]["next"]:
            pages.append(anyone.get(pages[-1]["next"]).json())
        back = [pages[-1]]
        while back[-1]["previous"]:
            back.append(anyone.get(back[-1]["previous"]).json())
        rows_back = [row["id"] for page in reversed(back) for row in page["results"]]
        assert rows_back == whole
        assert pages[0]["previous"] is None


def test_the_page_before_an_emptied_last_page_is_whole(anyone: APIClient) -> None:
    claims = [make_claim(said_on=FIRST_DAY + timedelta(days=day)) for day in range(4)]
    first = anyone.get("/api/v1/claims/?page_size=2").json()
    Claim.objects.filter(pk__in=[claims[0].pk, claims[1].pk]).delete()
    empty = anyone.get(first["next"]).json()
    assert (empty["results"], empty["next"]) == ([], None)
    again = anyone.get(empty["previous"]).json()
    assert [row["id"] for row in again["results"]] == [claims[3].pk, claims[2].pk]
    assert again["previous"] is None


def test_a_cursor_keeps_filters_and_page_size(anyone: APIClient) -> None:
    ada = make_speaker(slug="ada")
    for _ in range(3):
        make_claim(ada)
        make_claim()
    page = anyone.get("/api/v1/claims/?speaker=ada&page_size=2&count=true").json()
    assert page["count"] == 3
    following = anyone.get(page["next"]).json()
    assert len(following["results"]) == 1
    assert following["results"][0]["speakers"][0]["slug"] == "ada"
    assert page["next"].startswith("http://testserver/api/v1/claims/?")


class TestWrongCursors:
    @pytest.fixture
    def cursor(self, anyone: APIClient) -> str:
        make_claim()
        make_claim()
        page = anyone.get("/api/v1/claims/?page_size=1").json()
        return parse_qs(urlsplit(page["next"]).query)["cursor"][0]

    def test_the_right_one_is_taken(self, anyone: APIClient, cursor: str) -> None:
        assert anyone.get("/api/v1/claims/", {"cursor": cursor}).status_code == 200

    @pytest.mark.parametrize(
        ("query", "change"),
        [
            ("claims/?", lambda cursor: cursor[:-2]),
            ("claims/?", lambda cursor: "WzEsMSxmYWxzZV0." + cursor.partition(".")[2]),
            ("claims/?", lambda cursor: cursor.replace(".", "")),
            ("claims/?", lambda cursor: "x"),
            ("claims/?", lambda cursor: "\x00"),
            ("claims/?ordering=said_on&", lambda cursor: cursor),
            ("claims/?ordering=-confidence&", lambda cursor: cursor),
            ("articles/?", lambda cursor: cursor),
        ],
        ids=["cut", "changed", "unsigned", "no cursor", "null", "turned order", "other order", "other list"],
    )
    def test_refused(self, anyone: APIClient, cursor: str, query: str, change) -> None:
        answer = anyone.get(f"/api/v1/{query}", {"cursor": change(cursor)} if query.endswith("/?") else None)
        if not query.endswith("/?"):
            answer = anyone.get(f"/api/v1/{query}cursor={change(cursor)}")
        assert answer.status_code == 400
        assert answer.json()["error"]["fields"][0]["code"] in ("invalid_cursor", "empty")


def test_a_list_counts_only_when_asked(anyone: APIClient, django_assert_num_queries) -> None:
    make_claim()
    with django_assert_num_queries(3) as plain:
        assert "count" not in anyone.get("/api/v1/claims/").json()
    assert not any("COUNT(" in query["sql"] for query in plain.captured_queries)
    with django_assert_num_queries(4):
        assert anyone.get("/api/v1/claims/?count=true").json()["count"] == 1
