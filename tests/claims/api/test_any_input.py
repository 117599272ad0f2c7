"""Whatever is sent, the service answers: never a 5xx, and always in one of its two shapes."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from claims.api.filters import (
    ArticleFilter,
    ClaimFilter,
    NoteFilter,
    RatingFilterSet,
    SpeakerFilter,
    VerdictFilter,
)
from sources.api.filters import SourceFilter, TableFilterSet
from tests.claims.factories import make_claim, make_note, make_speaker, make_verdict

pytestmark = pytest.mark.django_db

LISTS: dict[str, type[TableFilterSet]] = {
    "claims": ClaimFilter,
    "speakers": SpeakerFilter,
    "sources": SourceFilter,
    "articles": ArticleFilter,
    "notes": NoteFilter,
    "verdicts": VerdictFilter,
    "ratings": RatingFilterSet,
}
PAGE = ["cursor", "page_size", "count", "ordering"]
# What has broken other services: bounds of integers, nulls, patterns, syntaxes of search and of regular expressions.
HOSTILE = [
    *("0", "-1", "2147483648", "9223372036854775807", "9223372036854775808", "1" * 60, "1e5", "nan", "inf", "null"),
    *("\x00", "%", "_", "\\", "'", '"', "' OR 1=1 --", "a AND", "-x", "foo:bar", "(", "[", "é(", "ß*", "١", "\u202e"),
    *("true", "2026-01-01", "9999-12-31", "0001-01-01", "10000-01-01", ",", "a,b", "http://[", "http://a.example:x/"),
]
VALUES = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=20), st.integers().map(str), st.dates().map(str))
BODIES = st.dictionaries(
    st.sampled_from(["claim", "text", "kind", "is_public", "rating", "summary", "state", "reason", "x"]),
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**64 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=10),
        st.lists(st.integers(0, 3), max_size=2),
        st.dictionaries(st.text(max_size=3), st.none(), max_size=2),
        st.sampled_from(["note", "draft", "published", "false", *HOSTILE]),
    ),
    max_size=5,
)
FREELY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def _open(settings: Any) -> None:
    settings.THROTTLE_ANON = settings.THROTTLE_TOKEN = ""
    claim = make_claim(make_speaker())
    make_note(claim, is_public=True)
    make_verdict(claim)


def needs_a_token(noun: str, name: str) -> bool:
    filters = LISTS[noun].base_filters
    return name in filters and bool(filters[name].row.permission)


@pytest.mark.parametrize("noun", LISTS)
@FREELY
@given(data=st.data())
def test_any_parameters(anyone: APIClient, noun: str, data: st.DataObject) -> None:
    names = st.sampled_from([*LISTS[noun].base_filters, *PAGE])
    query = data.draw(st.dictionaries(names, VALUES, min_size=1, max_size=3))
    answer = anyone.get(f"/api/v1/{noun}/", query)
    needs_token = any(needs_a_token(noun, name) for name in query)
    assert answer.status_code in ((401, 400) if needs_token else (200, 400)), (query, answer.content)
    assert set(answer.json()) in ({"next", "previous", "results"}, {"count", "next", "previous", "results"}, {"error"})


@pytest.mark.parametrize("noun", LISTS)
def test_every_parameter_with_every_hostile_value(anyone: APIClient, noun: str) -> None:
    for name in [*LISTS[noun].base_filters, *PAGE]:
        for value in HOSTILE:
            answer = anyone.get(f"/api/v1/{noun}/", {name: value})
            assert answer.status_code in ((401, 400) if needs_a_token(noun, name) else (200, 400)), (name, value)


@pytest.mark.parametrize("noun", ["notes", "verdicts"])
@FREELY
@given(body=BODIES)
def test_any_body(client_of: Any, noun: str, body: dict[str, Any]) -> None:
    answer = client_of("desk admin").post(f"/api/v1/{noun}/", body)
    assert answer.status_code in (201, 400), (body, answer.content)


@FREELY
@given(path=st.text(max_size=20))
def test_any_path(anyone: APIClient, path: str) -> None:
    answer = anyone.generic("GET", f"/api/v1/claims/{path}")
    assert answer.status_code in (200, 301, 400, 404), (path, answer.content)
