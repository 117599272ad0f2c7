"""`/metrics`: bounded labels, cheap queries, nothing private."""

import re

import pytest
from django.test import Client
from prometheus_client import REGISTRY

from claimtrack.env import random_key
from sources.models import Article, Source
from tests.conftest import run_manage

ASK = """
from django.test import Client
print(Client(headers={"host": "localhost"}).get("/metrics").content.decode())
"""


def _count(**labels: str) -> float:
    return REGISTRY.get_sample_value("claimtrack_requests_total", labels) or 0.0


@pytest.mark.parametrize(
    ("method", "path", "labels"),
    [
        pytest.param("GET", "/healthz", ("GET", "healthz", "200"), id="route"),
        pytest.param("POST", "/healthz", ("POST", "healthz", "405"), id="refused"),
        pytest.param("BREW", "/healthz", ("other", "healthz", "405"), id="invented-method"),
        pytest.param("GET", "/secret/17?who=me", ("GET", "unmatched", "404"), id="no-route"),
        pytest.param("GET", "/static/nothing.css", ("GET", "static", "404"), id="file"),
    ],
)
def test_a_request_counts_under_its_route(client: Client, method: str, path: str, labels: tuple[str, str, str]) -> None:
    named = dict(zip(("method", "route", "status"), labels, strict=True))
    before = _count(**named)
    client.generic(method, path)
    assert _count(**named) == before + 1


@pytest.mark.django_db
def test_ids_and_paths_make_no_series_of_their_own(client: Client) -> None:
    for number in (17, 18, 19):
        client.get(f"/api/v1/claims/{number}/")
        client.get(f"/probe-{number}.php")
    text = client.get("/metrics").content.decode()
    assert "probe-" not in text
    assert not re.search(r'route="[^"]*/1[789]/', text)
    assert "api/v1/claims/" in text


@pytest.mark.django_db
def test_tables_cost_one_query_each_and_show_numbers_only(client: Client, django_assert_num_queries: object) -> None:
    source = Source.objects.create(name="The Halden Post", slug="the-halden-post")
    article = Article.objects.create(source=source, headline="Quiet night", text="All is well.", text_sha256="0" * 64)
    with django_assert_num_queries(4):  # type: ignore[operator]
        text = client.get("/metrics").content.decode()
    assert f'claimtrack_highest_id{{table="articles"}} {article.pk}.0' in text
    assert "claimtrack_database_up 1.0" in text
    assert "Halden" not in text
    assert "Quiet" not in text


def test_the_scrape_survives_a_missing_database() -> None:
    done = run_manage("shell", "-c", ASK, SECRET_KEY=random_key(), DATABASE_URL="postgres://desk@127.0.0.1:1/desk")
    assert "claimtrack_database_up 0.0" in done.stdout
    assert "claimtrack_highest_id{" not in done.stdout
