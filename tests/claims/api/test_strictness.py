"""What is not known is refused, by name, with the nearest that is."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.claims.factories import make_claim, make_speaker

pytestmark = pytest.mark.django_db

ROWS = [
    ("misspelt filter", "claims/?speeker=1", "speeker", "unknown_parameter", "speaker"),
    ("misspelt lookup", "claims/?said_on__gtte=2026-01-01", "said_on__gtte", "unknown_parameter", "said_on__gte"),
    ("lookup that is not offered", "claims/?text__icontains=x", "text__icontains", "unknown_parameter", None),
    ("negation that is not offered", "claims/?search!=x", "search!", "unknown_parameter", "search"),
    ("misspelt page parameter", "claims/?pagesize=5", "pagesize", "unknown_parameter", "page_size"),
    ("another framework's paging", "claims/?offset=5", "offset", "unknown_parameter", None),
    ("format is no parameter", "claims/?format=json", "format", "unknown_parameter", None),
    ("kind", "claims/?kind=dirct", "kind", "invalid_choice", "direct"),
    ("kind, case counts", "claims/?kind=Direct", "kind", "invalid_choice", "direct"),
    ("kind with a sign of formats", "claims/?kind=direct%25s", "kind", "invalid_choice", "direct"),
    ("kind negated", "claims/?kind!=drect", "kind!", "invalid_choice", "direct"),
    ("kinds, one wrong", "claims/?kind__in=direct,mixd", "kind__in", "invalid_choice", "mixed"),
    ("act", "claims/?act=statment", "act", "invalid_choice", "statement"),
    ("review status", "claims/?review_status=inreview", "review_status", "invalid_choice", "in_review"),
    ("speaker status", "claims/?speaker_status=unamed", "speaker_status", "invalid_choice", "unnamed"),
    ("rating", "claims/?rating=halftrue", "rating", "invalid_choice", "half-true"),
    ("ratings", "claims/?rating__in=false,tru", "rating__in", "invalid_choice", "true"),
    ("ordering", "claims/?ordering=-saidon", "ordering", "invalid_choice", "-said_on"),
    ("ordering by an unlisted column", "claims/?ordering=assignee", "ordering", "invalid_choice", None),
    ("count", "claims/?count=yes", "count", "invalid_choice", None),
    ("empty value", "claims/?speaker=", "speaker", "empty", None),
    ("blank value", "claims/?search=%20", "search", "empty", None),
    ("empty value in a list", "claims/?speaker=1,,2", "speaker", "empty", None),
    ("repeated", "claims/?kind=direct&kind=mixed", "kind", "repeated", "kind__in"),
    ("repeated page parameter", "claims/?page_size=1&page_size=2", "page_size", "repeated", None),
    ("repeated fields", "claims/?fields=id&fields=text", "fields", "repeated", "fields"),
    ("too many values", "claims/?article=" + ",".join("1" * 201), "article", "too_many", None),
    ("a name where a slug is due", "claims/?speaker=Ada Quill", "speaker", "invalid", None),
    ("article by words", "claims/?article=one", "article", "invalid", None),
    ("negative id", "claims/?article=-1", "article", "invalid", None),
    ("depth", "claims/?depth=deep", "depth", "invalid", None),
    ("confidence in per cent", "claims/?min_confidence=90", "min_confidence", "max_value", None),
    ("confidence that is no number", "claims/?min_confidence=nan", "min_confidence", "invalid", None),
    ("day in another spelling", "claims/?said_on=01/02/2026", "said_on", "invalid", None),
    ("day that does not exist", "claims/?said_on__gte=2026-02-30", "said_on__gte", "invalid", None),
    ("null character", "claims/?search=a%00b", "search", "null_characters_not_allowed", None),
    ("search too long", "claims/?search=" + "x" * 301, "search", "max_length", None),
    ("page size 0", "claims/?page_size=0", "page_size", "invalid", "500"),
    ("page size beyond the limit", "claims/?page_size=501", "page_size", "invalid", "500"),
    ("page size in other digits", "claims/?page_size=١", "page_size", "invalid", "500"),
    ("speaker kind", "speakers/?kind=persn", "kind", "invalid_choice", "person"),
    ("source kind", "sources/?kind=agencie", "kind", "invalid_choice", "agency"),
    ("note kind", "notes/?kind=notes", "kind", "invalid_choice", "note"),
    ("verdict state", "verdicts/?state=publish", "state", "invalid_choice", "published"),
    ("verdict rating", "verdicts/?rating=flase", "rating", "invalid_choice", "false"),
    ("article address", "articles/?url=ftp://x.example/a", "url", "invalid", None),
    ("search without a word", "claims/?search=%25 *", "search", "no_words", None),
    ("search for too many words", "claims/?search=" + "a b " * 17, "search", "no_words", None),
    ("search with too short a prefix", "claims/?search=a*", "search", "no_words", None),
    ("week for a day", "claims/?said_on=2026-W01-1", "said_on", "invalid", None),
    ("moment for a day", "claims/?said_on=2026-01-01T00:00:00Z", "said_on", "invalid", None),
    ("moment without a zone", "claims/?created_at__gte=2026-01-01T00:00:00", "created_at__gte", "invalid", None),
    ("flag", "claims/?verdict__isnull=yes", "verdict__isnull", "invalid_choice", None),
    ("outlet's kind", "claims/?source__kind=agncy", "source__kind", "invalid_choice", "agency"),
    ("scale of ratings", "ratings/?scale=thruth", "scale", "invalid_choice", "truth"),
    ("misspelt filter of ratings", "ratings/?skale=truth", "skale", "unknown_parameter", "scale"),
]


@pytest.mark.parametrize(("query", "field", "code", "suggestion"), [row[1:] for row in ROWS], ids=[r[0] for r in ROWS])
def test_refused(anyone: APIClient, query: str, field: str, code: str, suggestion: str | None) -> None:
    answer = anyone.get(f"/api/v1/{query}")
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "fields"}
    (problem,) = error["fields"]
    assert set(problem) == {"field", "code", "message", "suggestion"}
    assert (problem["field"], problem["code"]) == (field, code)
    assert problem["message"] == error["message"] != ""
    if suggestion is not None:
        assert problem["suggestion"] == suggestion


def test_all_problems_are_named_at_once(anyone: APIClient) -> None:
    problems = anyone.get("/api/v1/claims/?speeker=1&kind=dirct&said_on=today").json()["error"]["fields"]
    assert {problem["field"] for problem in problems} == {"speeker", "kind", "said_on"}


@pytest.mark.parametrize("noun", ["claims", "speakers"])
def test_a_detail_takes_no_parameter(anyone: APIClient, noun: str) -> None:
    row = make_claim() if noun == "claims" else make_speaker()
    assert anyone.get(f"/api/v1/{noun}/{row.pk}/").status_code == 200
    answer = anyone.get(f"/api/v1/{noun}/{row.pk}/?kind=direct")
    assert answer.status_code == 400
    assert answer.json()["error"]["fields"][0]["field"] == "kind"


def test_a_write_takes_no_parameter(client_of: Any) -> None:
    answer = client_of("contributor").post("/api/v1/articles/?source=x", {"text": "Ada Quill said it rained."})
    assert answer.status_code == 400
    assert answer.json()["error"]["fields"][0]["field"] == "source"


@pytest.mark.parametrize(
    "query",
    [
        *("kind=direct", "speaker=5", "created_at__gte=2026-01-01T00:00:00%2B02:00", "verdict__isnull=true"),
        *("created_at__gte=2026-01-01T00:00:00+02:00", "search=" + "a b " * 16, "source__kind=agency"),
        *("said_on=2026-02-28", "page_size=500", "count=false", "ordering=confidence"),
    ],
)
def test_their_right_twins_are_taken(anyone: APIClient, query: str) -> None:
    assert anyone.get(f"/api/v1/claims/?{query}").status_code == 200
