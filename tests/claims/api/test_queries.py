"""The same number of queries for 1 row and for 20, on every list, with and without a token."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from claims.models import Rating, Scale
from tests.claims.factories import (
    make_article,
    make_claim,
    make_note,
    make_source,
    make_speaker,
    make_user,
    make_verdict,
)

pytestmark = pytest.mark.django_db


def _claim(number: int) -> None:
    first, second = make_speaker(), make_speaker()
    claim = make_claim(first, second, said_on=date(2026, 1, 1) + timedelta(days=number))
    make_claim(first, article=claim.article, within=claim)
    make_verdict(claim)


def _namesakes(number: int) -> None:
    make_claim(make_speaker("Ada Quill"), make_speaker("Ada Quill"))


def _speaker(number: int) -> None:
    speaker = make_speaker(f"Ada Quill{number}", f"Quill{number}", f"Mayor Quill{number}")
    make_speaker(merged_into=speaker)
    make_claim(speaker)


def _rating(number: int) -> None:
    scale = Scale.objects.create(name=f"Scale {number}", slug=f"scale-{number}")
    Rating.objects.create(scale=scale, label="Yes", slug=f"yes-{number}", order=1, colour="#000000")


def _verdict(number: int) -> None:
    make_verdict(author=make_user(), reviewer=make_user())


LISTS: dict[str, tuple[str, Callable[[int], object]]] = {
    "claims": ("claims/", _claim),
    "claims of any depth": ("claims/?depth__in=0,1", _claim),
    "claims by speaker": ("claims/?speaker_name=Ada Quill", _namesakes),
    "speakers": ("speakers/", _speaker),
    "sources": ("sources/", lambda number: make_source()),
    "articles": ("articles/", lambda number: make_article()),
    "notes": ("notes/", lambda number: make_note(is_public=True)),
    "verdicts": ("verdicts/", _verdict),
    "ratings": ("ratings/", _rating),
}


def queries(client: APIClient, url: str) -> tuple[int, int]:
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
    assert answer.status_code == 200, answer.content
    return len(captured), len(answer.json()["results"])


@pytest.mark.parametrize("role", ["", "reviewer"], ids=["public", "desk"])
@pytest.mark.parametrize("name", LISTS)
def test_one_and_twenty(anyone: APIClient, client_of, name: str, role: str) -> None:
    path, make = LISTS[name]
    client = client_of(role, scope="read") if role else anyone
    first = make_speaker().pk  # PostgreSQL counts on from the tests before
    make(0)
    url = f"/api/v1/{path}"
    if path.endswith("speaker__x"):
        url = "/api/v1/claims/?speaker=" + ",".join(str(number) for number in range(first, first + 150))
    client.get(url)  # a token's use is written down at most once a minute
    one, few = queries(client, url)
    for number in range(1, 20):
        make(number)
    twenty, many = queries(client, url)
    assert many >= few + 19
    assert one == twenty
    assert twenty <= 8


def test_a_full_page_of_claims_is_two_queries(anyone: APIClient) -> None:
    for number in range(3):
        _claim(number)
    assert queries(anyone, "/api/v1/claims/?page_size=2")[0] == 2
