"""Outlets over HTTP."""

import pytest
from rest_framework.test import APIClient

from sources.api.serializers import SourceSerializer
from sources.models import Source
from sources.services import find_or_create_source

pytestmark = pytest.mark.django_db
URL = "/api/v1/sources/"


@pytest.fixture
def outlets() -> None:
    find_or_create_source("The Valley Post")
    find_or_create_source("Coast Wire")
    Source.objects.filter(slug="coast-wire").update(kind="agency", domain="coast.example", language="en")


def test_fields(anyone: APIClient, outlets: None) -> None:
    row = anyone.get(f"{URL}?slug=coast-wire").json()["results"][0]
    assert set(row) == set(SourceSerializer().fields)
    assert (row["name"], row["kind"], row["domain"], row["language"]) == ("Coast Wire", "agency", "coast.example", "en")
    assert anyone.get(row["url"]).json() == row
    assert anyone.get(f"{URL}999999/").status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Coast Wire", "The Valley Post"]),
        ("ordering=-name", ["The Valley Post", "Coast Wire"]),
        ("name=valley POST", ["The Valley Post"]),
        ("name=valley", []),
        ("kind=agency", ["Coast Wire"]),
        ("kind!=agency", ["The Valley Post"]),
        ("kind__in=agency,unknown", ["Coast Wire", "The Valley Post"]),
        ("domain=coast.example", ["Coast Wire"]),
        ("domain=example", []),
        ("language=en", ["Coast Wire"]),
        ("slug=nowhere", []),
    ],
)
def test_filters(anyone: APIClient, outlets: None, query: str, expected: list[str]) -> None:
    assert [row["name"] for row in anyone.get(f"{URL}?{query}").json()["results"]] == expected
