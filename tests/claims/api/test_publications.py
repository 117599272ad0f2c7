"""ClaimReview, annotations and feeds over HTTP: the public view only, from real rows."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree
from rest_framework.test import APIClient

from claims.formats.webannotation import MEDIA_TYPE as ANNOTATION_TYPE
from claims.models import Claim, Rating, Scale, Verdict
from tests.claims.factories import make_article, make_claim, make_note, make_source, make_speaker, make_verdict

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}
TEXT = "😀 Then “the bridge is safe,” Ada Quill said, “for us all.” Nobody else spoke."
QUOTES = ["“the bridge is safe,”", "“for us all.”"]


def quoted_claim(**values: Any) -> Claim:
    article = make_article(
        make_source("Valley Post"), text=TEXT, headline="Bridge", url="https://valley.example/1", language="en"
    )
    spans = [{"start": TEXT.index(one), "end": TEXT.index(one) + len(one), "quote": one} for one in QUOTES]
    speaker = make_speaker("Ada Quill", slug="ada-quill")
    return make_claim(speaker, article=article, text=" … ".join(QUOTES), spans=spans, context=TEXT, **values)


class TestClaimReview:
    def test_of_a_published_verdict(self, anyone: APIClient) -> None:
        claim = quoted_claim()
        verdict = make_verdict(claim, rating="half-true", summary="Half of it is.")
        answer = anyone.get(f"/api/v1/verdicts/{verdict.pk}/claimreview/")
        assert answer["Content-Type"] == "application/ld+json"
        built = json.loads(answer.content)
        assert built["claimReviewed"] == claim.text
        assert built["url"] == f"http://testserver/api/v1/verdicts/{verdict.pk}/"
        assert built["itemReviewed"]["@id"] == f"http://testserver/api/v1/claims/{claim.pk}/"
        assert built["itemReviewed"]["author"]["name"] == "Ada Quill"
        assert built["itemReviewed"]["author"]["@type"] == "Person"
        assert built["itemReviewed"]["appearance"]["url"] == "https://valley.example/1"
        assert built["reviewRating"] == {
            "@type": "Rating",
            "alternateName": "Half true",
            "ratingValue": 3,
            "bestRating": 5,
            "worstRating": 1,
            "ratingExplanation": "Half of it is.",
        }
        assert anyone.get(built["url"]).status_code == 200

    def test_of_a_scale_of_ones_own(self, anyone: APIClient) -> None:
        scale = Scale.objects.create(name="Stars", slug="stars")
        for value in (0, 10):
            Rating.objects.create(
                scale=scale, label=f"{value}", slug=f"stars-{value}", order=value, value=value, colour="#000000"
            )
        verdict = make_verdict(rating="stars-0")
        rating = json.loads(anyone.get(f"/api/v1/verdicts/{verdict.pk}/claimreview/").content)["reviewRating"]
        assert (rating["ratingValue"], rating["worstRating"], rating["bestRating"]) == (1, 1, 11)

    @pytest.mark.parametrize("state", [one for one in Verdict.State.values if one != "published"])
    def test_but_not_of_any_other_state(self, client_of: Callable[..., APIClient], state: str) -> None:
        verdict = make_verdict(state=state)
        reviewer = client_of("reviewer")
        assert reviewer.get(f"/api/v1/verdicts/{verdict.pk}/claimreview/").status_code == 404
        assert json.loads(reviewer.get("/api/v1/claimreview/").content)["dataFeedElement"] == []

    def test_nor_about_a_hidden_speaker_whoever_asks(self, client_of: Callable[..., APIClient]) -> None:
        verdict = make_verdict(make_claim(make_speaker(is_hidden=True)))
        reviewer = client_of("reviewer")
        assert reviewer.get(f"/api/v1/verdicts/{verdict.pk}/").status_code == 200
        assert reviewer.get(f"/api/v1/verdicts/{verdict.pk}/claimreview/").status_code == 404
        assert json.loads(reviewer.get("/api/v1/claimreview/").content)["dataFeedElement"] == []

    def test_the_feed_holds_each_once_newest_first(self, anyone: APIClient) -> None:
        for number in range(1, 6):
            verdict = make_verdict(make_claim(text=f"Claim {number}"))
            Verdict.objects.filter(pk=verdict.pk).update(published_at=datetime(2026, 4, number % 3 + 1, tzinfo=UTC))
        met, url = [], "/api/v1/claimreview/?page_size=2"
        while url:
            answer = anyone.get(url)
            feed = json.loads(answer.content)
            assert len(feed["dataFeedElement"]) <= 2
            met += [element["item"][0] for element in feed["dataFeedElement"]]
            links = dict(reversed(one.split("; rel=")) for one in answer.get("Link", "").split(", ") if one)
            url = links.get('"next"', "").strip("<>")
        assert len(met) == 5
        assert len({one["url"] for one in met}) == 5
        days = [one["datePublished"] for one in met]
        assert days == sorted(days, reverse=True)

    def test_the_feed_is_filtered(self, anyone: APIClient) -> None:
        make_verdict(rating="false")
        kept = make_verdict(rating="true")
        feed = json.loads(anyone.get("/api/v1/claimreview/?rating=true").content)
        (element,) = feed["dataFeedElement"]
        assert element["item"][0]["url"].endswith(f"/{kept.pk}/")
        assert anyone.get("/api/v1/claimreview/?ratign=true").json()["error"]["fields"][0]["suggestion"] == "rating"

    @pytest.mark.parametrize("accept", ["application/ld+json", "application/json", "*/*"])
    def test_types(self, anyone: APIClient, accept: str) -> None:
        answer = anyone.get("/api/v1/claimreview/", HTTP_ACCEPT=accept)
        assert answer["Content-Type"] == ("application/ld+json" if accept == "*/*" else accept)


class TestAnnotation:
    def test_of_a_claim(self, anyone: APIClient) -> None:
        claim = quoted_claim()
        make_note(claim, text="Do not tell.")
        make_verdict(claim, state="proposed", summary="Secret.")
        answer = anyone.get(f"/api/v1/claims/{claim.pk}/annotation/")
        assert answer["Content-Type"] == ANNOTATION_TYPE
        built = json.loads(answer.content)
        assert built["id"] == f"http://testserver/api/v1/claims/{claim.pk}/annotation/"
        assert built["motivation"] == "identifying"
        assert "Do not tell" not in answer.content.decode()
        assert "Secret" not in answer.content.decode()
        text = anyone.get(f"/api/v1/articles/{claim.article_id}/").json()["text"]
        assert len(built["target"]) == 2
        for target, exact in zip(built["target"], QUOTES, strict=True):
            quote, position = target["selector"]
            assert quote["exact"] == exact == text[position["start"] : position["end"]]
            assert quote["prefix"] + exact + quote["suffix"] in text
            assert target["source"] == "https://valley.example/1"
            assert anyone.get(target["state"]["cached"]).status_code == 200

    def test_where_texts_are_not_public_the_surroundings_are_from_the_context(self, anyone, settings) -> None:
        claim = quoted_claim()
        Claim.objects.filter(pk=claim.pk).update(context=f"{QUOTES[0]} Ada Quill said, {QUOTES[1]}")
        settings.PUBLIC_ARTICLE_TEXT = False
        answer = anyone.get(f"/api/v1/claims/{claim.pk}/annotation/")
        first, second = [target["selector"][0] for target in json.loads(answer.content)["target"]]
        assert first == {"type": "TextQuoteSelector", "exact": QUOTES[0], "suffix": f" Ada Quill said, {QUOTES[1]}"}
        assert second["prefix"].endswith("Ada Quill said, ")
        assert "Nobody" not in answer.content.decode()

    def test_of_a_relayed_claim_and_of_a_rated_one(self, anyone: APIClient) -> None:
        claim = quoted_claim()
        relayed = make_claim(article=claim.article, within=claim)
        make_verdict(relayed, summary="No.")
        built = json.loads(anyone.get(f"/api/v1/claims/{relayed.pk}/annotation/").content)
        assert built["motivation"] == "assessing"
        assert [body["value"] for body in built["body"]] == ["False", "No."]

    def test_but_not_of_a_hidden_speaker_or_of_nothing(self, client_of: Callable[..., APIClient]) -> None:
        claim = make_claim(make_speaker(is_hidden=True))
        for pk in (claim.pk, 999_999):
            answer = client_of("reviewer").get(f"/api/v1/claims/{pk}/annotation/", HTTP_ACCEPT="application/ld+json")
            assert answer.status_code == 404
            assert answer["Content-Type"] == "application/json"

    def test_it_takes_no_parameters(self, anyone: APIClient) -> None:
        claim = quoted_claim()
        answer = anyone.get(f"/api/v1/claims/{claim.pk}/annotation/?depth=1")
        assert answer.status_code == 400
        assert answer.json()["error"]["fields"][0]["field"] == "depth"


class TestFeeds:
    def test_atom(self, anyone: APIClient) -> None:
        claim = quoted_claim()
        make_claim(make_speaker("Bo Lind"))
        make_claim(make_speaker("Hidden One", is_hidden=True))
        answer = anyone.get("/api/v1/claims/feed.atom?speaker=ada-quill")
        assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
        feed = etree.fromstring(answer.content)
        assert feed.xpath("//a:entry/a:id/text()", namespaces=ATOM) == [f"http://testserver/api/v1/claims/{claim.pk}/"]
        (link,) = feed.xpath("//a:entry/a:link[@rel='alternate']/@href", namespaces=ATOM)
        assert link.startswith(
            "https://valley.example/1#:~:text=Then-,%E2%80%9Cthe%20bridge%20is%20safe%2C%E2%80%9D,-Ada"
        )
        assert link.count("text=") == 2

    def test_json_pages_follow_one_another(self, anyone: APIClient) -> None:
        for number in range(5):
            make_claim(text=f"Claim {number}", said_on=date(2026, 1, 1))
        met, url = [], "/api/v1/claims/feed.json?page_size=2&ordering=id"
        while url:
            answer = anyone.get(url)
            assert answer["Content-Type"] == "application/feed+json"
            feed = json.loads(answer.content)
            met += [item["title"] for item in feed["items"]]
            url = feed.get("next_url", "")
        assert met == [f"Claim {number}" for number in range(5)]

    def test_the_last_changed_comes_first(self, anyone: APIClient) -> None:
        first, second = make_claim(text="First"), make_claim(text="Second")
        Claim.objects.filter(pk=first.pk).update(modified_at=datetime(2030, 1, 1, tzinfo=UTC))
        items = json.loads(anyone.get("/api/v1/claims/feed.json").content)["items"]
        assert [item["title"] for item in items] == [first.text, second.text]

    @pytest.mark.parametrize("name", ["feed.atom", "feed.json", "export/"])
    def test_the_same_filters_as_the_list(self, anyone: APIClient, name: str) -> None:
        answer = anyone.get(f"/api/v1/claims/{name}?speeker=1", HTTP_ACCEPT="*/*")
        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/json"
        assert answer.json()["error"]["fields"][0]["suggestion"] == "speaker"

    @pytest.mark.parametrize("name", ["feed.atom", "feed.json"])
    def test_what_has_not_changed_is_not_sent_again(self, anyone: APIClient, name: str) -> None:
        claim = make_claim()
        etag = anyone.get(f"/api/v1/claims/{name}")["ETag"]
        assert anyone.get(f"/api/v1/claims/{name}", HTTP_IF_NONE_MATCH=etag).status_code == 304
        Claim.objects.filter(pk=claim.pk).update(modified_at=datetime(2030, 1, 1, tzinfo=UTC))
        assert anyone.get(f"/api/v1/claims/{name}", HTTP_IF_NONE_MATCH=etag).status_code == 200

    def test_a_page_for_people_is_not_offered(self, anyone: APIClient) -> None:
        assert anyone.get("/api/v1/claims/feed.atom", HTTP_ACCEPT="text/html").status_code == 406


DOCUMENTS = ["claimreview/", "claims/feed.atom", "claims/feed.json"]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_the_same_number_of_queries_for_one_and_for_twenty(anyone: APIClient, path: str) -> None:
    counts = []
    for number in (1, 19):
        for _ in range(number):
            make_verdict(make_claim(make_speaker(), make_speaker()))
        with CaptureQueriesContext(connection) as captured:
            assert anyone.get(f"/api/v1/{path}").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 6


@pytest.mark.parametrize("address", ["claims/feed.atom", "claims/feed.json", "claims/export/", "claimreview/"])
@pytest.mark.parametrize("method", ["post", "patch", "trace"])
@pytest.mark.django_db
def test_a_document_takes_no_method_that_writes(address: str, method: str, client_of: Callable[..., APIClient]) -> None:
    assert getattr(client_of("desk admin"), method)(f"/api/v1/{address}").status_code == 405
