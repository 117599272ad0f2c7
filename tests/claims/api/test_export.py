"""Exports: exactly the filtered set, in four formats, read page by page."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pyarrow.parquet
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from claims.api import exports
from claims.formats import tables
from claims.models import Claim
from tests.claims.factories import make_article, make_claim, make_source, make_speaker, make_verdict

pytestmark = pytest.mark.django_db
URL = "/api/v1/claims/export/"


def body(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def lines(answer: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in body(answer).splitlines()]


def table(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(answer).decode(), newline="")))


def make_some(count: int = 3, **values: Any) -> None:
    ada, article = make_speaker("Ada Quill", slug="ada-quill"), make_article()
    for number in range(count):
        make_claim(ada, article=article, said_on=date(2026, 1, 1) + timedelta(days=number % 7), **values)


FILTERS = {
    "all": "",
    "by speaker": "speaker=ada-quill",
    "but not of another": "speaker!=ada-quill",
    "by act": "act=question",
    "of a depth": "depth__in=0,1",
    "rated": "rating=false",
    "by days": "said_on__gte=2026-01-02&said_on__lte=2026-01-03",
    "in another order": "ordering=confidence",
    "nothing": "speaker=nobody-here",
}


@pytest.mark.parametrize("query", FILTERS.values(), ids=list(FILTERS))
def test_it_gives_exactly_what_the_list_gives(anyone: APIClient, query: str) -> None:
    make_some()
    claim = make_claim(act="question", said_on=None, confidence=0.2)
    make_claim(article=claim.article, within=claim)
    make_verdict(claim, rating="false")
    make_claim(make_speaker(is_hidden=True))
    listed = anyone.get(f"/api/v1/claims/?{query}").json()["results"]
    exported = anyone.get(f"{URL}?{query}")
    assert exported["Content-Type"] == "application/x-ndjson"
    assert lines(exported) == listed
    assert json.loads(body(anyone.get(f"{URL}?{query}&format=json"))) == listed
    assert [int(row["id"]) for row in table(anyone.get(f"{URL}?{query}&format=csv"))] == [row["id"] for row in listed]


def test_the_desk_exports_what_the_desk_lists(anyone: APIClient, client_of) -> None:
    make_claim(make_speaker("Hidden One", is_hidden=True))
    assert lines(anyone.get(URL)) == []
    (claim,) = lines(client_of("fact-checker").get(URL))
    assert claim["speakers"][0]["name"] == "Hidden One"


ACCEPT = {
    "anything is NDJSON": ("*/*", "", "application/x-ndjson"),
    "NDJSON": ("application/x-ndjson", "", "application/x-ndjson"),
    "CSV": ("text/csv", "", "text/csv; charset=utf-8; header=present"),
    "JSON": ("application/json", "", "application/json"),
    "Parquet": ("application/vnd.apache.parquet", "", "application/vnd.apache.parquet"),
    "the better liked": ("application/json;q=0.5, text/csv", "", "text/csv; charset=utf-8; header=present"),
    "the parameter wins": ("application/json", "?format=csv", "text/csv; charset=utf-8; header=present"),
    "also over what is not offered": ("text/html", "?format=json", "application/json"),
}


@pytest.mark.parametrize(("accept", "query", "expected"), ACCEPT.values(), ids=list(ACCEPT))
def test_the_format_is_chosen_by_accept_or_by_name(anyone: APIClient, accept: str, query: str, expected: str) -> None:
    answer = anyone.get(URL + query, HTTP_ACCEPT=accept)
    assert answer.status_code == 200
    assert answer["Content-Type"] == expected
    assert 'filename="claims.' in answer["Content-Disposition"]
    assert "Accept" in answer["Vary"]


WRONG = {
    "unknown filter": ("?speeker=1", {}, 400, "speeker", "speaker"),
    "unknown format": ("?format=cvs", {}, 400, "format", "csv"),
    "a page's parameter": ("?page_size=10", {}, 400, "page_size", None),
    "a bad value": ("?kind=drect", {}, 400, "kind", "direct"),
    "a bad order": ("?ordering=text", {}, 400, "ordering", None),
    "an empty format": ("?format=", {}, 400, "format", None),
}


@pytest.mark.parametrize(("query", "headers", "status", "field", "suggestion"), WRONG.values(), ids=list(WRONG))
def test_it_is_as_strict_as_the_list(
    anyone: APIClient, query: str, headers: dict, status: int, field: str, suggestion: str | None
) -> None:
    answer = anyone.get(URL + query, **headers)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/json"
    (problem,) = answer.json()["error"]["fields"]
    assert problem["field"] == field
    assert suggestion is None or problem["suggestion"] == suggestion


def test_a_type_that_is_not_offered_is_406(anyone: APIClient) -> None:
    answer = anyone.get(URL, HTTP_ACCEPT="text/html")
    assert answer.status_code == 406
    assert "text/csv" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("query", "accept", "status"),
    [("?format=parquet", "*/*", 400), ("", "application/vnd.apache.parquet", 406)],
    ids=["by name", "by Accept"],
)
def test_parquet_without_pyarrow_says_what_to_install(
    anyone: APIClient, monkeypatch: pytest.MonkeyPatch, query: str, accept: str, status: int
) -> None:
    monkeypatch.setattr(exports, "find_spec", lambda name: None)
    answer = anyone.get(URL + query, HTTP_ACCEPT=accept)
    assert answer.status_code == status
    assert "pip install pyarrow" in answer.json()["error"]["message"]
    assert anyone.get(f"{URL}?format=csv").status_code == 200


class TestCsv:
    def test_columns_are_flat_and_typed_as_text(self, anyone: APIClient) -> None:
        source = make_source("Valley Post")
        article = make_article(source, headline="Bridge, “open”\nagain", url="https://valley.example/1")
        claim = make_claim(make_speaker("Ada Quill"), make_speaker("Bo Lind"), article=article, text='She said "so"')
        make_verdict(claim, rating="half-true", summary="Half.")
        (row,) = table(anyone.get(f"{URL}?format=csv"))
        assert list(row) == [column.name for column in tables.COLUMNS]
        assert row["speakers"] == "Ada Quill; Bo Lind"
        assert row["text"] == 'She said "so"'
        assert row["headline"] == "Bridge, “open”\nagain"
        assert row["said_on"] == row["published_on"] == "2026-03-01"
        assert row["rating"] == "half-true"
        assert row["rating_value"] == "3"
        assert row["verdict_published_at"] == "2026-04-01T00:00:00Z"
        assert row["within"] == ""
        assert json.loads(row["spans"]) == claim.spans

    @pytest.mark.parametrize(
        "text",
        ["=1+1", "+49 30", "-2 degrees", "@sum(A1)", "\tx", "\rx", "\nx", "＝1"],
        ids=["equals", "plus", "minus", "at", "tab", "return", "line feed", "wide equals"],
    )
    def test_a_formula_becomes_text(self, anyone: APIClient, text: str) -> None:
        make_claim(make_speaker(text), article=make_article(headline=text), text=text)
        (row,) = table(anyone.get(f"{URL}?format=csv"))
        assert row["text"] == row["speakers"] == row["headline"] == f"'{text}"

    @pytest.mark.parametrize("text", ["1=1", "a-b", "“=x”", " =x", ""], ids=str)
    def test_but_other_texts_are_left_alone(self, text: str) -> None:
        assert tables.safe(text) == text


def test_parquet_has_typed_columns_and_unchanged_texts(anyone: APIClient) -> None:
    claim = make_claim(make_speaker("Ada Quill"), text="=1+1", said_on=None)
    make_verdict(claim, rating="unproven")
    read = pyarrow.parquet.read_table(io.BytesIO(body(anyone.get(f"{URL}?format=parquet"))))
    assert pyarrow.default_memory_pool().backend_name == "system"  # no heap of Arrow's own beside Python's
    (row,) = read.to_pylist()
    assert row["text"] == "=1+1"
    assert row["id"] == claim.pk
    assert row["said_on"] is None
    assert row["published_on"] == date(2026, 3, 1)
    assert row["rating_value"] is None
    assert row["created_at"] == claim.created_at
    assert str(read.schema.field("created_at").type) == "timestamp[us, tz=UTC]"


def test_gzip(anyone: APIClient) -> None:
    make_some(20)
    answer = anyone.get(URL, HTTP_ACCEPT_ENCODING="gzip")
    assert answer["Content-Encoding"] == "gzip"
    assert len(gzip.decompress(body(answer)).splitlines()) == 20


def test_head_reads_no_rows(anyone: APIClient) -> None:
    make_some()
    with CaptureQueriesContext(connection) as captured:
        answer = anyone.head(URL)
        b"".join(answer.streaming_content)
    assert answer.status_code == 200
    assert len(captured) == 0


class TestStreaming:
    @pytest.fixture(autouse=True)
    def _small_pages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("claimtrack.rest.pagination.WALKED", 5)

    @pytest.mark.parametrize("name", ["ndjson", "json", "csv"])
    def test_pages_are_read_when_they_are_sent(self, anyone: APIClient, name: str) -> None:
        make_some(40)
        with CaptureQueriesContext(connection) as captured:
            chunks = iter(anyone.get(f"{URL}?format={name}").streaming_content)
            counts = [len(captured)]
            for _ in range(3):
                next(chunks)
                counts.append(len(captured))
        # Two queries a page (claims, speakers): the first page before the answer, each other one when it is its turn.
        assert counts == [2, 2, 4, 6]

    def test_rows_are_met_once_while_others_come_and_go(self, anyone: APIClient) -> None:
        make_some(20)
        ids = [row["id"] for row in lines(anyone.get(URL))]
        chunks = iter(anyone.get(URL).streaming_content)
        seen = [json.loads(line)["id"] for line in next(chunks).splitlines()]
        gone = ids[-1]
        make_claim(said_on=date(2027, 1, 1))
        Claim.objects.get(pk=gone).links.all().delete()
        Claim.objects.filter(pk=gone).delete()
        seen += [json.loads(line)["id"] for chunk in chunks for line in chunk.splitlines()]
        assert seen == ids[:-1]

    def test_no_more_than_a_page_is_held(self) -> None:
        alive: list[int] = []

        class Page(list[dict[str, Any]]):
            def __init__(self) -> None:
                super().__init__([{"id": 1}])
                alive.append(1)

            def __del__(self) -> None:
                alive.pop()

        def pages() -> Iterator[Page]:
            for _ in range(100):
                yield Page()

        most = 0
        for _ in tables.ndjson(pages()):
            most = max(most, len(alive))
        assert most <= 2
        assert alive == []
