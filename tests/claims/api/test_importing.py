"""Others' ClaimReviews by POST: every type that is taken, what becomes of them, and who may."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from rest_framework.test import APIClient

from claims.models import ExternalReview

URL = "/api/v1/claimreview/import/"
pytestmark = pytest.mark.django_db


def review(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "@type": "ClaimReview",
        "url": f"https://check.example/{number}",
        "claimReviewed": f"Claim number {number}",
        "reviewRating": {"alternateName": "False"},
    } | changes


def json(*documents: Any) -> bytes:
    return b"\n".join(orjson.dumps(one) for one in documents)


PAGE = b'<html><head><script type="application/ld+json">' + json([review(1), review(2)]) + b"</script></head></html>"


@pytest.fixture
def crawler(client_of: Callable[..., APIClient]) -> APIClient:
    return client_of("contributor")


@pytest.mark.parametrize(
    ("media_type", "body", "stored"),
    [
        pytest.param("application/ld+json", json(review()), 1, id="one"),
        pytest.param("application/json", json([review(1), review(2)]), 2, id="a list"),
        pytest.param("application/ld+json", json({"@graph": [review(1), {"@type": "WebPage"}]}), 1, id="a graph"),
        pytest.param("application/x-ndjson", json(review(1), review(2), review(3)), 3, id="one a line"),
        pytest.param("text/html", PAGE, 2, id="a page"),
    ],
)
def test_what_publishers_write_is_stored(media_type: str, body: bytes, stored: int, crawler: APIClient) -> None:
    answer = crawler.generic("POST", URL, body, content_type=media_type)
    assert answer.status_code == 201, answer.content
    assert answer.json() == {"stored": stored, "changed": 0, "known": 0, "rejected": [], "remarks": []}
    assert ExternalReview.objects.count() == stored


CAFE = json(review(claimReviewed="The café is closed")).decode()
CAFE_PAGE = f'<html><head><script type="application/ld+json">{CAFE}</script></head></html>'


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        pytest.param("application/ld+json", CAFE.encode("utf-16"), id="JSON in UTF-16"),
        pytest.param("application/ld+json", CAFE.encode("cp1252"), id="JSON in Windows-1252"),
        pytest.param("text/html; charset=iso-8859-1", CAFE_PAGE.encode("latin-1"), id="a page, by its header"),
        pytest.param(
            "text/html", CAFE_PAGE.replace("<head>", "<head><meta charset=cp852>").encode("cp852"), id="by itself"
        ),
    ],
)
def test_another_encoding_is_read_as_what_it_is(media_type: str, body: bytes, crawler: APIClient) -> None:
    assert crawler.generic("POST", URL, body, content_type=media_type).status_code == 201
    assert ExternalReview.objects.get().claim == "The café is closed"


def test_what_is_no_text_is_refused_with_what_is_taken(crawler: APIClient) -> None:
    for body, named in ((b"%PDF-1.7 x", "a PDF document"), (bytes(range(256)) * 20, "control characters")):
        answer = crawler.generic("POST", URL, body, content_type="application/ld+json")
        assert answer.status_code == 400
        message = answer.json()["error"]["message"]
        assert named in message
        assert message.endswith("send JSON-LD or an HTML page, in UTF-8.")


def test_a_second_time_stores_nothing_and_a_change_replaces(crawler: APIClient) -> None:
    crawler.generic("POST", URL, json([review(1), review(2)]), content_type="application/json")
    changed = review(2, reviewRating={"alternateName": "True"})
    answer = crawler.generic("POST", URL, json([review(1), changed]), content_type="application/json")
    assert answer.status_code == 200
    assert (answer.json()["known"], answer.json()["changed"]) == (1, 1)
    assert sorted(ExternalReview.objects.values_list("rating", flat=True)) == ["False", "True"]


def test_what_cannot_be_read_costs_that_review_only(crawler: APIClient) -> None:
    answer = crawler.generic("POST", URL, json([review(1), review(2, url="")]), content_type="application/json")
    assert answer.status_code == 201
    assert answer.json()["stored"] == 1
    assert len(answer.json()["rejected"]) == 1


@pytest.mark.parametrize(
    ("media_type", "body", "status"),
    [
        pytest.param("application/json", b"{}", 400, id="no review in it"),
        pytest.param("application/json", b"{", 400, id="no JSON"),
        pytest.param("text/html", b"<p>Nothing.</p>", 400, id="a page without one"),
        pytest.param("application/json", b"", 400, id="nothing"),
        pytest.param("application/pdf", b"%PDF", 415, id="another type"),
    ],
)
def test_what_holds_no_review_is_refused(media_type: str, body: bytes, status: int, crawler: APIClient) -> None:
    answer = crawler.generic("POST", URL, body, content_type=media_type)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


def test_a_document_without_end_is_refused(crawler: APIClient, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    assert crawler.generic("POST", URL, b" " * 1_001, content_type="application/json").status_code == 413


def test_the_same_key_stores_once_and_answers_the_same(crawler: APIClient) -> None:
    given = {"content_type": "application/json", "HTTP_IDEMPOTENCY_KEY": "one"}
    first = crawler.generic("POST", URL, json(review()), **given)
    second = crawler.generic("POST", URL, json(review()), **given)
    assert (second.status_code, second.content) == (first.status_code, first.content) != (200, b"")


@pytest.mark.parametrize(("role", "status"), [("API reader", 403), ("contributor", 201), ("desk admin", 201)])
def test_who_may_hand_in_articles_may_hand_in_these(
    role: str, status: int, client_of: Callable[..., APIClient]
) -> None:
    answer = client_of(role).generic("POST", URL, json(review()), content_type="application/json")
    assert answer.status_code == status


def test_nobody_unknown_may(anyone: APIClient) -> None:
    assert anyone.generic("POST", URL, json(review()), content_type="application/json").status_code == 401
