"""ClaimReview: what its readers require, and what is left out rather than made up."""

from datetime import UTC, datetime
from typing import Any

import pytest

from claims.formats.claimreview import claim_review, data_feed
from claims.formats.values import Desk, Finding, Party


def review_of(claim: Any, desk: Desk, **changes: Any) -> dict[str, Any]:
    made = claim(finding=changes.pop("finding", {}), **changes)
    assert made.finding is not None
    return claim_review(made, made.finding, desk)


def test_a_whole_review(claim, desk: Desk) -> None:
    assert review_of(claim, desk) == {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "@id": "https://desk.example/api/v1/verdicts/7/",
        "url": "https://desk.example/api/v1/verdicts/7/",
        "claimReviewed": "“The bridge is safe,”",
        "datePublished": "2026-04-01",
        "author": {"@type": "Organization", "name": "Valley Desk", "url": "https://desk.example/"},
        "itemReviewed": {
            "@type": "Claim",
            "@id": "https://desk.example/api/v1/claims/9/",
            "author": {"@type": "Person", "@id": "https://desk.example/api/v1/speakers/1/", "name": "Ada Quill"},
            "datePublished": "2026-03-01",
            "appearance": {
                "@type": "NewsArticle",
                "url": "https://valley.example/bridge",
                "headline": "Bridge reopens",
                "datePublished": "2026-03-01",
                "publisher": {"@type": "Organization", "name": "Valley Post"},
            },
        },
        "reviewRating": {
            "@type": "Rating",
            "alternateName": "Mostly false",
            "ratingValue": 2,
            "bestRating": 5,
            "worstRating": 1,
            "ratingExplanation": "The inspection failed.",
        },
    }


RATINGS = {
    "a number within its scale": ({}, (2, 1, 5)),
    "but not where the rating has none": ({"label": "Unproven", "value": None}, None),
    "nor where the scale has no bounds": ({"worst": None, "best": None}, None),
    "nor where it has one step": ({"value": 3, "worst": 3, "best": 3}, None),
    "nor where it lies outside": ({"value": 9}, None),
    "a scale from 0 is moved to 1": ({"value": 0, "worst": 0, "best": 4}, (1, 1, 5)),
}


@pytest.mark.parametrize(("finding", "expected"), RATINGS.values(), ids=list(RATINGS))
def test_ratings(claim, desk: Desk, finding: dict, expected: tuple | None) -> None:
    rating = review_of(claim, desk, finding=finding)["reviewRating"]
    assert rating["alternateName"]
    numbers = tuple(rating.get(name) for name in ("ratingValue", "worstRating", "bestRating"))
    assert numbers == (expected or (None, None, None))


AUTHORS = {
    "an organisation": ((Party("Harbour Board", "organisation", "u"),), {"@type": "Organization", "@id": "u"}),
    "of unknown kind: no type": ((Party("Harbour", "unknown", "u"),), {"@id": "u"}),
    "nobody named: no author": ((), None),
}


@pytest.mark.parametrize(("speakers", "expected"), AUTHORS.values(), ids=list(AUTHORS))
def test_authors(claim, desk: Desk, speakers: tuple, expected: dict | None) -> None:
    item = review_of(claim, desk, speakers=speakers)["itemReviewed"]
    if expected is None:
        assert "author" not in item
    else:
        assert item["author"] == expected | {"name": speakers[0].name}


def test_joint_speakers_are_a_list(claim, desk: Desk) -> None:
    speakers = (Party("Ada Quill", "person", "a"), Party("Bo Lind", "person", "b"))
    author = review_of(claim, desk, speakers=speakers)["itemReviewed"]["author"]
    assert [one["name"] for one in author] == ["Ada Quill", "Bo Lind"]


def test_what_is_not_known_is_not_there(claim, desk: Desk) -> None:
    built = review_of(claim, desk, said_on=None, original={"url": ""}, finding={"summary": ""})
    assert set(built["itemReviewed"]) == {"@type", "@id", "author"}
    assert "ratingExplanation" not in built["reviewRating"]
    bare = review_of(claim, desk, original={"headline": "", "outlet": "", "published_on": None})
    assert bare["itemReviewed"]["appearance"] == {"@type": "NewsArticle", "url": "https://valley.example/bridge"}


def test_a_feed(claim, desk: Desk) -> None:
    later = datetime(2026, 5, 1, tzinfo=UTC)
    pairs: list[tuple[Any, Finding]] = [
        (one, one.finding) for one in (claim(finding={}), claim(finding={}, modified_at=later))
    ]
    feed = data_feed(pairs, desk, "https://desk.example/api/v1/claimreview/")
    assert feed["@type"] == "DataFeed"
    assert feed["dateModified"] == "2026-05-01T00:00:00Z"
    assert [one["dateModified"] for one in feed["dataFeedElement"]] == ["2026-04-01T23:30:00Z", "2026-05-01T00:00:00Z"]
    (item,) = feed["dataFeedElement"][0]["item"]
    assert item["@type"] == "ClaimReview"
    assert "@context" not in item


def test_but_an_empty_feed_has_no_date(desk: Desk) -> None:
    feed = data_feed([], desk, "https://desk.example/")
    assert feed["dataFeedElement"] == []
    assert "dateModified" not in feed
