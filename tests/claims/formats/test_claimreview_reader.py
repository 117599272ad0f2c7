"""ClaimReview as others write it: every shape that a property takes, and what is refused."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.formats.claimreview import claim_review, data_feed
from claims.formats.claimreview_reader import ForeignReview, UnreadableReview, read_reviews
from claims.formats.values import Desk, Party

REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://www.check.example/1",
    "claimReviewed": "The moon is cheese",
    "datePublished": "2026-02-03",
    "author": {"@type": "Organization", "name": "Moon Check", "url": "https://www.check.example/"},
    "itemReviewed": {
        "@type": "Claim",
        "author": {"@type": "Person", "name": "Bo Lind"},
        "datePublished": "2026-02-01",
        "appearance": {"@type": "NewsArticle", "url": "https://news.example/moon"},
    },
    "reviewRating": {
        "@type": "Rating",
        "ratingValue": 1,
        "bestRating": 5,
        "worstRating": 1,
        "alternateName": "False",
    },
}
WHOLE = ForeignReview(
    url="https://www.check.example/1",
    claim="The moon is cheese",
    claimant="Bo Lind",
    claimed_on=date(2026, 2, 1),
    appearances=("https://news.example/moon",),
    rating="False",
    value=1,
    worst=1,
    best=5,
    title="",
    publisher="Moon Check",
    site="check.example",
    reviewed_on=date(2026, 2, 3),
    language="",
)


def read(document: Any) -> list[ForeignReview | UnreadableReview]:
    return list(read_reviews(document if isinstance(document, str) else json.dumps(document)))


def read_one(**changes: Any) -> ForeignReview:
    (review,) = read({name: value for name, value in (REVIEW | changes).items() if value is not None})
    assert isinstance(review, ForeignReview), review
    return review


PAGE = """<!doctype html><html><head><title>x</title>{head}</head><body><p>text</p>{body}</body></html>"""
SCRIPT = '<script type="application/ld+json">{}</script>'
TEXT = json.dumps(REVIEW)
DOCUMENTS = {
    "an object": TEXT,
    "with a byte-order mark": f"\ufeff{TEXT}",
    "a list": f"[{TEXT}]",
    "a graph": json.dumps({"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, REVIEW]}),
    "a feed": json.dumps({"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": [REVIEW]}]}),
    "within a page's main thing": json.dumps({"@type": "NewsArticle", "mainEntity": REVIEW}),
    "one a line": f"{json.dumps({'@type': 'Thing'})}\n\n{TEXT}\n",
    "several types": json.dumps(REVIEW | {"@type": ["Review", "ClaimReview"]}),
    "a full type": json.dumps(REVIEW | {"@type": "http://schema.org/ClaimReview"}),
    "a prefixed type": json.dumps(REVIEW | {"@type": "schema:ClaimReview"}),
    "a page": PAGE.format(head=SCRIPT.format(TEXT), body=""),
    "a script in the body": PAGE.format(head="", body=SCRIPT.format(f"[{TEXT}]")),
    "a type with a parameter": PAGE.format(
        head=SCRIPT.format(TEXT).replace("ld+json", "LD+JSON; charset=utf-8"), body=""
    ),
    "in a comment": PAGE.format(head=SCRIPT.format(f"<!-- {TEXT} -->"), body=""),
    "in CDATA": PAGE.format(head=SCRIPT.format(f"//<![CDATA[\n{TEXT}\n//]]>"), body=""),
    "with a semicolon": PAGE.format(head=SCRIPT.format(f"{TEXT};"), body=""),
    "beside a broken script": PAGE.format(head=SCRIPT.format("{oops") + SCRIPT.format(TEXT), body=""),
    "raw line breaks in strings": TEXT.replace("The moon is", "The moon\nis"),
}


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=list(DOCUMENTS))
def test_wherever_it_stands(document: str) -> None:
    assert read(document) == [WHOLE]


def test_what_cannot_be_read_costs_itself_only() -> None:
    """A line that is broken, or a script that may have held a review; what is beside it is read, and it is named."""
    first, second = read(f"{TEXT}\n{{oops\n")
    assert (str(first).partition(" (")[0], second) == ("line 2: it is not JSON", WHOLE)
    first, second = read(PAGE.format(head=SCRIPT.format("{oops ClaimReview") + SCRIPT.format(TEXT), body=""))
    assert (str(first), second) == ("JSON-LD script 1 of the page is not JSON", WHOLE)


NONE = {
    "another type": ({"@type": "Review"}, "no ClaimReview"),
    "an empty list": ([], "no ClaimReview"),
    "no JSON": ("hello", "neither JSON"),
    "nothing": ("\ufeff \n", "It is empty; send JSON-LD"),
    "a broken document of many lines": (json.dumps(REVIEW, indent=1)[:-1], "neither JSON"),
    "a page without any": (PAGE.format(head="", body=""), "no JSON-LD"),
    "a page with a broken one": (PAGE.format(head=SCRIPT.format("{ClaimReview"), body=""), "script 1 of the page is"),
    "but one that can have held none": (PAGE.format(head=SCRIPT.format("{oops"), body=""), "There is no ClaimReview"),
    "a script of another type": (f"<html><script>{TEXT}</script></html>", "no JSON-LD"),
    "too deep": ("[" * 100_000, "too deeply"),
}


@pytest.mark.parametrize(("document", "message"), NONE.values(), ids=list(NONE))
def test_a_document_without_any_says_so(document: Any, message: str) -> None:
    with pytest.raises(UnreadableReview, match=message):
        read(document)


REJECTED = {
    "no claim": ({"claimReviewed": None, "itemReviewed": None}, "https://www.check.example/1: it names no claim"),
    "an empty claim": ({"claimReviewed": " <p></p> ", "itemReviewed": []}, "names no claim"),
    "no address": ({"url": None}, "“The moon is cheese”: it has no http address"),
    "an address that is none": ({"url": "javascript:alert(1)"}, "no http address"),
    "one that is too long": ({"url": f"https://a.example/{'x' * 2000}"}, "no http address"),
    "no rating": ({"reviewRating": None}, "https://www.check.example/1: it has no rating"),
    "an empty rating": ({"reviewRating": {"@type": "Rating", "alternateName": ""}}, "no rating"),
}


@pytest.mark.parametrize(("changes", "message"), REJECTED.values(), ids=list(REJECTED))
def test_what_it_cannot_be_without(changes: dict, message: str) -> None:
    broken = {name: value for name, value in (REVIEW | changes).items() if value is not None}
    first, second = read([broken, REVIEW])
    assert isinstance(first, UnreadableReview)
    assert message in str(first)
    assert second == WHOLE


CLAIMS = {
    "a string": ("It is", "It is"),
    "a list": (["", "It is"], "It is"),
    "a value": ({"@value": "It is", "@language": "en"}, "It is"),
    "mark-up and entities": ("<p>Fish &amp; &quot;chips&quot;</p>\n are", 'Fish & "chips" are'),
    "but a comparison is none": ("3 < 5 and 5 > 3", "3 < 5 and 5 > 3"),
    "half a surrogate and a null": ("It\ud83d is\0", "It? is"),
}


@pytest.mark.parametrize(("value", "expected"), CLAIMS.values(), ids=list(CLAIMS))
def test_claims(value: Any, expected: str) -> None:
    assert read_one(claimReviewed=value).claim == expected


def test_a_claim_may_stand_in_the_item_only() -> None:
    assert read_one(claimReviewed=None, itemReviewed={"@type": "Claim", "text": "It is"}).claim == "It is"


ITEMS = {
    "a string is a name": ("Bo Lind", "Bo Lind"),
    "several": ([{"name": "Bo Lind"}, "Ada Quill"], "Bo Lind & Ada Quill"),
    "one twice": (["Bo Lind", {"name": "Bo Lind"}], "Bo Lind"),
    "names as a list": ({"name": ["Bo Lind", "B. Lind"]}, "Bo Lind"),
    "no name": ({"@type": "Person", "sameAs": "https://people.example/1"}, ""),
    "an address is no name": ("https://people.example/1", ""),
    "nobody": (None, ""),
}


@pytest.mark.parametrize(("author", "expected"), ITEMS.values(), ids=list(ITEMS))
def test_claimants(author: Any, expected: str) -> None:
    assert read_one(itemReviewed={"@type": "Claim", "author": author}).claimant == expected
    assert read_one(itemReviewed=[{"@type": "Claim", "author": author}]).claimant == expected


APPEARANCES = {
    "a string": ({"appearance": "https://a.example/1"}, ["https://a.example/1"]),
    "objects and strings": (
        {"appearance": [{"url": "https://a.example/1"}, "https://a.example/2", {"@id": "https://a.example/3"}]},
        ["https://a.example/1", "https://a.example/2", "https://a.example/3"],
    ),
    "the first one first": (
        {"appearance": "https://a.example/2", "firstAppearance": {"url": ["https://a.example/1"]}},
        ["https://a.example/1", "https://a.example/2"],
    ),
    "an old item is itself one": ({"@type": "CreativeWork", "url": "https://a.example/1"}, ["https://a.example/1"]),
    "but a claim's address is not": ({"url": "https://a.example/claims/1"}, []),
    "nor what is no address": ({"appearance": ["TV, on Monday", {"name": "x"}, 5]}, []),
}


@pytest.mark.parametrize(("item", "expected"), APPEARANCES.values(), ids=list(APPEARANCES))
def test_appearances(item: dict, expected: list[str]) -> None:
    assert list(read_one(itemReviewed={"@type": "Claim"} | item).appearances) == expected


RATINGS = {
    "words and numbers": (
        {"alternateName": "False", "ratingValue": "1", "bestRating": "5", "worstRating": "1"},
        "False",
    ),
    "a string": ("Mostly false", "Mostly false"),
    "a list": ([{"@type": "Rating", "alternateName": "Half"}], "Half"),
    "a name": ({"name": "Half"}, "Half"),
    "a number alone": ({"ratingValue": 3}, "3"),
    "words in the value": ({"ratingValue": "Pants on fire"}, "Pants on fire"),
    "a bare number": (4, "4"),
    "a long number": ({"ratingValue": 12345678}, "12345678"),
}


@pytest.mark.parametrize(("rating", "label"), RATINGS.values(), ids=list(RATINGS))
def test_ratings(rating: Any, label: str) -> None:
    assert read_one(reviewRating=rating).rating == label


NUMBERS = {
    "text": (("1", "1", "5"), (1, 1, 5)),
    "a comma": (("3,5", "1", "5"), (3.5, 1, 5)),
    "no scale": ((3, None, None), (3, None, None)),
    "outside its scale": ((-1, 1, 5), (None, 1, 5)),
    "no number": (("n/a", "1", True), (None, 1, None)),
    "not finite": (("nan", "-inf", 10**400), (None, None, None)),
}


@pytest.mark.parametrize(("given", "expected"), NUMBERS.values(), ids=list(NUMBERS))
def test_numbers(given: tuple, expected: tuple) -> None:
    value, worst, best = given
    review = read_one(
        reviewRating={"alternateName": "x", "ratingValue": value, "worstRating": worst, "bestRating": best}
    )
    assert (review.value, review.worst, review.best) == expected
    assert bool(review.remarks) == (value == -1)


def test_a_number_of_thousands_of_digits_is_left_out() -> None:
    text = json.dumps(REVIEW).replace('"ratingValue": 1', f'"ratingValue": {"9" * 5000}')
    (review,) = read(text)
    assert isinstance(review, ForeignReview)
    assert (review.rating, review.value) == ("False", None)


DATES = {
    "a day": ("2026-02-03", date(2026, 2, 3)),
    "a time": ("2026-02-03T23:59:59+05:30", date(2026, 2, 3)),
    "a compact time": ("20260203T101112Z", date(2026, 2, 3)),
    "a mail's date": ("Tue, 03 Feb 2026 10:11:12 +0000", date(2026, 2, 3)),
    "a list": (["", "2026-02-03"], date(2026, 2, 3)),
    "a number": (20260203, date(2026, 2, 3)),
    "no date": ("last Monday", None),
    "no such day": ("2026-02-31", None),
}


@pytest.mark.parametrize(("given", "expected"), DATES.values(), ids=list(DATES))
def test_dates(given: Any, expected: date | None) -> None:
    review = read_one(datePublished=given)
    assert review.reviewed_on == expected
    assert bool(review.remarks) == (expected is None)
    assert all("datePublished" in remark for remark in review.remarks)


def test_an_id_means_the_object_that_has_it() -> None:
    desk = {"@type": "Organization", "@id": "#desk", "name": "Moon Check"}
    person = {"@type": "Person", "@id": "https://people.example/1", "name": "Bo Lind"}
    item = {"@type": "Claim", "author": "https://people.example/1"}
    graph = {"@graph": [REVIEW | {"author": {"@id": "#desk"}, "itemReviewed": item}, person, desk]}
    (review,) = read(graph)
    assert isinstance(review, ForeignReview)
    assert (review.publisher, review.claimant) == ("Moon Check", "Bo Lind")


def test_addresses_are_relative_to_the_page() -> None:
    head = '<link rel="canonical" href="https://check.example/a/b">' + SCRIPT.format(json.dumps(REVIEW | {"url": "c"}))
    (review,) = read(PAGE.format(head=head, body=""))
    assert isinstance(review, ForeignReview)
    assert review.url == "https://check.example/a/c"


def test_what_we_write_can_be_read_again(claim, desk: Desk) -> None:
    made = claim(finding={}, speakers=(Party("Ada Quill", "person", "https://d.example/1"), Party("Bo", "unknown", "")))
    for document in (claim_review(made, made.finding, desk), data_feed([(made, made.finding)], desk, "https://d.ex/")):
        (review,) = read(document)
        assert isinstance(review, ForeignReview)
        assert (review.url, review.claim, review.claimant) == (made.finding.url, made.text, "Ada Quill & Bo")
        assert (review.rating, review.value, review.worst, review.best) == ("Mostly false", 2, 1, 5)
        assert review.appearances == (made.original.url,)
        assert (review.claimed_on, review.reviewed_on) == (date(2026, 3, 1), date(2026, 4, 1))
        assert review.publisher == "Valley Desk"
        assert review.remarks == ()


anything: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("https://a.example/1"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["@id", "@type", "@value", "name", "url", "author", "ratingValue"]), inner)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([name for name in REVIEW if name != "@type"]), anything))
def test_nothing_breaks_it(changes: dict[str, Any]) -> None:
    (review, *_) = read(REVIEW | changes)
    if isinstance(review, ForeignReview):
        assert review.url.startswith("http")
        assert review.claim
        assert review.rating
