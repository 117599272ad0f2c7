"""`claims:search`: Google's parameters, tokens and errors, by HTTP and by Google's own client."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httplib2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from rest_framework.test import APIClient

from claims.models import Verdict
from tests.claims.factories import make_article, make_claim, make_note, make_speaker, make_token, make_verdict

URL = "/v1alpha1/claims:search"
EMPTY: dict[str, Any] = {}


def make_review(text: str, speaker: str = "", *, language: str = "en", published_at: Any = None, **values: Any) -> Any:
    speakers = [make_speaker(speaker)] if speaker else []
    verdict = make_verdict(make_claim(*speakers, text=text, article=make_article(language=language), **values))
    if published_at:
        Verdict.objects.filter(pk=verdict.pk).update(published_at=published_at)
    return verdict


def search(client: APIClient, **parameters: Any) -> dict[str, Any]:
    answer = client.get(URL, parameters)
    assert answer.status_code == 200, answer.content
    return answer.json()


def found(client: APIClient, **parameters: Any) -> list[str]:
    return sorted(claim["text"] for claim in search(client, **parameters).get("claims", []))


@pytest.mark.django_db
class TestSearch:
    def test_an_answer(self, anyone: APIClient) -> None:
        verdict = make_review("The bridge is safe.", "Ada Quill")
        make_note(verdict.claim, text="Internal.")
        assert search(anyone, query="bridge") == {
            "claims": [
                {
                    "text": "The bridge is safe.",
                    "claimant": "Ada Quill",
                    "claimDate": "2026-03-01T00:00:00Z",
                    "claimReview": [
                        {
                            "publisher": {"name": "claimtrack", "site": "testserver"},
                            "url": f"http://testserver/api/v1/verdicts/{verdict.pk}/",
                            "title": "Ada Quill: The bridge is safe.",
                            "reviewDate": "2026-04-01T00:00:00Z",
                            "textualRating": "False",
                            "languageCode": "en",
                        }
                    ],
                }
            ]
        }

    QUERIES = {
        "a word of the claim": ("bridge", ["The bridge is safe."]),
        "case aside": ("BRIDGE", ["The bridge is safe."]),
        "the speaker": ("quill", ["The bridge is safe."]),
        "both together": ("Quill bridge", ["The bridge is safe."]),
        "but not of different claims": ("Lind bridge", []),
        "all words": ("bridge tunnel", []),
        "of both": ("is", ["The bridge is safe.", "The tunnel is not."]),
        "what a pattern would mean": ("b%e", []),
        "nothing found": ("harbour", []),
    }

    @pytest.mark.parametrize(("query", "expected"), QUERIES.values(), ids=list(QUERIES))
    def test_queries(self, anyone: APIClient, query: str, expected: list[str]) -> None:
        make_review("The bridge is safe.", "Ada Quill")
        make_review("The tunnel is not.", "Bo Lind")
        assert found(anyone, query=query) == expected

    def test_nothing_found_is_an_empty_object(self, anyone: APIClient) -> None:
        assert search(anyone, query="bridge") == EMPTY

    LANGUAGES = {
        "the language": ("en", ["one en", "one en-IN"]),
        "its region is ignored": ("en-US", ["one en", "one en-IN"]),
        "script and underscore": ("sr_Latn", ["one sr"]),
        "another": ("de", []),
        "but not a longer code": ("e", None),
    }

    @pytest.mark.parametrize(("code", "expected"), LANGUAGES.values(), ids=list(LANGUAGES))
    def test_languages(self, anyone: APIClient, code: str, expected: list[str] | None) -> None:
        for language in ("en", "en-IN", "sr", "enm"):
            make_review(f"one {language}", language=language)
        if expected is None:
            assert anyone.get(URL, {"query": "one", "languageCode": code}).status_code == 400
        else:
            assert found(anyone, query="one", languageCode=code) == expected

    SITES = {
        "ours": ("checks.desk.example", 1),
        "with www and protocol": ("https://www.checks.desk.example/x", 1),
        "the domain above": ("desk.example", 1),
        "but not half a label": ("k.example", 0),
        "nor below it": ("a.checks.desk.example", 0),
        "nor another": ("nytimes.example", 0),
    }

    @pytest.mark.parametrize(("site", "count"), SITES.values(), ids=list(SITES))
    def test_sites(self, anyone: APIClient, settings: Any, site: str, count: int) -> None:
        settings.ALLOWED_HOSTS = ["www.checks.desk.example"]
        make_review("one")
        answer = anyone.get(URL, {"reviewPublisherSiteFilter": site}, HTTP_HOST="www.checks.desk.example")
        assert answer.status_code == 200
        assert len(answer.json().get("claims", [])) == count

    def test_age_is_that_of_the_newer_date(self, anyone: APIClient) -> None:
        today, now = timezone.localdate(), timezone.now()
        make_review("one new review", said_on=today - timedelta(400), published_at=now - timedelta(2))
        make_review("one new claim", said_on=today - timedelta(2), published_at=now - timedelta(400))
        make_review("one old", said_on=today - timedelta(400), published_at=now - timedelta(400))
        make_review("one undated", said_on=None, published_at=now - timedelta(400))
        assert found(anyone, query="one", maxAgeDays=5) == ["one new claim", "one new review"]
        for no_limit in (0, 2**31 - 1):
            assert len(found(anyone, query="one", maxAgeDays=no_limit)) == 4

    @pytest.mark.parametrize("state", [one for one in Verdict.State.values if one != "published"])
    def test_only_published_verdicts(self, client_of: Callable[..., APIClient], state: str) -> None:
        make_verdict(make_claim(text="one"), state=state)
        assert found(client_of("reviewer"), query="one") == []

    def test_no_hidden_speaker_whoever_asks(self, client_of: Callable[..., APIClient]) -> None:
        make_verdict(make_claim(make_speaker("Hidden One", is_hidden=True), make_speaker("Ada Quill"), text="one"))
        for query in ("one", "Hidden", "Quill"):
            assert found(client_of("reviewer"), query=query) == []

    def test_fields(self, anyone: APIClient) -> None:
        make_review("one")
        assert search(anyone, query="one", fields="claims(text)") == {"claims": [{"text": "one"}]}


@pytest.mark.django_db
class TestPages:
    def test_each_once_newest_first(self, anyone: APIClient) -> None:
        for number in range(7):
            make_review(f"one {number}", published_at=datetime(2026, 4, number // 2 + 1, tzinfo=UTC))
        met, token = [], ""
        while True:
            page = search(anyone, query="one", pageSize=3, **({"pageToken": token} if token else {}))
            met += [claim["text"] for claim in page["claims"]]
            token = page.get("nextPageToken", "")
            if not token:
                break
            make_review("one more", published_at=datetime(2027, 1, 1, tzinfo=UTC))
        assert met == [f"one {number}" for number in reversed(range(7))]

    def test_ten_by_default_and_no_token_on_the_last_page(self, anyone: APIClient) -> None:
        for _ in range(11):
            make_review("one")
        assert len(search(anyone, query="one")["claims"]) == 10
        assert "nextPageToken" not in search(anyone, query="one", pageSize=11)

    def test_an_offset_counts_only_without_a_token(self, anyone: APIClient) -> None:
        for number in range(6):
            make_review(f"one {number}", published_at=datetime(2026, 4, 10 - number, tzinfo=UTC))
        first = search(anyone, query="one", pageSize=2, offset=1)
        assert [claim["text"] for claim in first["claims"]] == ["one 1", "one 2"]
        second = search(anyone, query="one", pageSize=2, offset=1, pageToken=first["nextPageToken"])
        assert [claim["text"] for claim in second["claims"]] == ["one 3", "one 4"]

    CHANGES = {
        "query": {"query": "on"},
        "language": {"languageCode": "en"},
        "age": {"maxAgeDays": 30_000},
        "site": {"reviewPublisherSiteFilter": "testserver"},
        "size": {"pageSize": 1},
        "offset": {"offset": 1},
    }

    @pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
    def test_a_token_goes_with_its_own_parameters_only(self, anyone: APIClient, change: dict[str, Any]) -> None:
        for _ in range(4):
            make_review("one")
        given = {"query": "one", "pageSize": 2}
        token = search(anyone, **given)["nextPageToken"]
        answer = anyone.get(URL, given | change | {"pageToken": token})
        assert answer.status_code == 400
        assert answer.json()["error"]["status"] == "INVALID_ARGUMENT"
        assert "other parameters" in answer.json()["error"]["message"]

    def test_but_the_key_and_the_fields_may_change(self, anyone: APIClient) -> None:
        for _ in range(4):
            make_review("one")
        token = search(anyone, query="one", pageSize=2, key="a")["nextPageToken"]
        page = search(anyone, query="one", pageSize=2, key="b", fields="claims/text", pageToken=token)
        assert page == {"claims": [{"text": "one"}] * 2}

    def test_the_same_number_of_queries_for_one_and_for_twenty(self, anyone: APIClient) -> None:
        counts = []
        for number in (1, 19):
            for _ in range(number):
                make_review("one", "Ada Quill")
            with CaptureQueriesContext(connection) as captured:
                search(anyone, query="one", pageSize=50)
            counts.append(len(captured))
        assert counts[0] == counts[1] <= 6


WRONG = {
    "neither query nor site": ({}, "reviewPublisherSiteFilter"),
    "blank": ({"query": "  "}, "query is needed"),
    "a negative size": ({"query": "a", "pageSize": "-1"}, "pageSize"),
    "no number": ({"query": "a", "maxAgeDays": "ten"}, "maxAgeDays"),
    "beyond 32 bits": ({"query": "a", "offset": str(2**31)}, "offset"),
    "digits of another script": ({"query": "a", "offset": "٣"}, "offset"),
    "a false token": ({"query": "a", "pageToken": "abc"}, "pageToken"),
    "no language": ({"query": "a", "languageCode": "english language"}, "languageCode"),
    "a bracket in the site": ({"query": "a", "reviewPublisherSiteFilter": "[;c"}, "desk.example"),
    "a sign in the site that stands for others": ({"reviewPublisherSiteFilter": "a℀b"}, "desk.example"),
    "unknown": ({"query": "a", "pagesize": "1"}, "did you mean “pageSize”"),
    "JSONP": ({"query": "a", "callback": "f"}, "callback"),
    "another format": ({"query": "a", "alt": "media"}, "alt"),
    "a bad mask": ({"query": "a", "fields": "claims("}, "fields"),
    "too long": ({"query": "a" * 301}, "300"),
    "a null character": ({"query": "a\0"}, "null"),
    "twice": ({"query": ["a", "b"]}, "2 times"),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("given", "named"), WRONG.values(), ids=list(WRONG))
def test_what_is_wrong_is_named_in_googles_envelope(anyone: APIClient, given: dict, named: str) -> None:
    answer = anyone.get(URL, given)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert set(answer.json()) == {"error"}
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    assert named in error["message"]


@pytest.mark.parametrize("path", ["claims:imageSearch?imageUri=x", "pages", "claims:search/?query=x"])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.django_db
def test_a_method_that_is_not_offered_is_googles_404(anyone: APIClient, method: str, path: str) -> None:
    answer = anyone.generic(method, f"/v1alpha1/{path}")
    assert answer.status_code == 404
    error = answer.json()["error"]
    assert (error["code"], error["status"]) == (404, "NOT_FOUND")
    assert "GET /v1alpha1/claims:search" in error["message"]


@pytest.mark.django_db
def test_a_wrong_token_and_too_many_requests(anyone: APIClient, settings: Any) -> None:
    refused = APIClient(HTTP_AUTHORIZATION="Bearer ct_wrong").get(URL, {"query": "a"}, REMOTE_ADDR="192.0.2.7")
    assert (refused.status_code, refused.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
    settings.THROTTLE_ANON = "1/min"
    assert anyone.get(URL, {"query": "a"}).status_code == 200
    throttled = anyone.get(URL, {"query": "a"})
    assert (throttled.status_code, throttled.json()["error"]["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert int(throttled["Retry-After"]) >= 1


class TestGooglesOwnClient:
    """google-api-python-client, its own discovery document, our address."""

    @pytest.fixture
    def service(self, live_server: Any) -> Iterator[Any]:
        service = build(
            "factchecktools",
            "v1alpha1",
            http=httplib2.Http(timeout=30),
            developerKey="any-key",
            static_discovery=True,
            client_options={"api_endpoint": live_server.url},
        )
        yield service
        service.close()  # a connection that is kept open keeps the server's thread, and its database, open too

    def test_it_pages_through_all_claims(self, service: Any) -> None:
        for number in range(7):
            make_review(f"The bridge is safe {number}.", "Ada Quill")
        claims = service.claims()
        request, met, pages = claims.search(query="bridge", pageSize=3, languageCode="en-US"), [], 0
        while request is not None:
            answer = request.execute()
            met += [claim["text"] for claim in answer["claims"]]
            pages += 1
            request = claims.search_next(request, answer)
        assert pages == 3
        assert sorted(met) == [f"The bridge is safe {number}." for number in range(7)]
        assert answer["claims"][0]["claimant"] == "Ada Quill"
        assert answer["claims"][0]["claimReview"][0]["textualRating"] == "False"

    def test_nothing_found_has_no_next_page(self, service: Any) -> None:
        request = service.claims().search(query="nothing of the kind", maxAgeDays=3, offset=2)
        answer = request.execute()
        assert answer == {}
        assert service.claims().search_next(request, answer) is None

    def test_it_gets_the_documented_error(self, service: Any) -> None:
        with pytest.raises(HttpError) as caught:
            service.claims().search(languageCode="en").execute()
        assert caught.value.status_code == 400
        assert "query is needed" in caught.value.reason

    def test_a_token_of_our_own_works_too(self, service: Any) -> None:
        make_review("The bridge is safe.")
        request = service.claims().search(query="bridge")
        request.headers["authorization"] = f"Bearer {make_token('API reader', scope='read')}"
        assert len(request.execute()["claims"]) == 1
        request.headers["authorization"] = "Bearer ct_wrong"
        with pytest.raises(HttpError) as caught:
            request.execute()
        assert caught.value.status_code == 401
