"""Published verdicts as ClaimReview (schema.org), one by one and as a DataFeed.

Follows what the readers of this mark-up ask for: the rating in words always, its number only where the rating has one
("unproven" has none, and a made-up number would be read as a judgement); a number of at least 1 between `worstRating`
and `bestRating`; an `author` of a claim only where somebody is named; an `@id` for each claim, so that several reviews
of one claim can be told to be about the same. The claim's words stand alone in `claimReviewed`, without the rating.
"""

from collections.abc import Iterable
from typing import Any

from claims.formats.times import day, moment
from claims.formats.values import Desk, Finding, Original, Party, PublicClaim

CONTEXT = "https://schema.org"
MEDIA_TYPE = "application/ld+json"
_TYPES = {"person": "Person", "organisation": "Organization"}


def claim_review(claim: PublicClaim, finding: Finding, desk: Desk) -> dict[str, Any]:
    """One ClaimReview with its context.

    Args:
        claim: The claim that was reviewed.
        finding: The published verdict about it.
        desk: Who reviewed it.
    """
    return {"@context": CONTEXT, **_review(claim, finding, desk)}


def data_feed(reviews: Iterable[tuple[PublicClaim, Finding]], desk: Desk, address: str) -> dict[str, Any]:
    """Reviews as a schema.org DataFeed.

    Args:
        reviews: Claims with their published verdicts, in the feed's order.
        desk: Who reviewed them.
        address: Where the feed is found.
    """
    elements = [
        {
            "@type": "DataFeedItem",
            "dateCreated": moment(finding.published_at),
            "dateModified": moment(max(claim.modified_at, finding.published_at)),
            "item": [_review(claim, finding, desk)],
        }
        for claim, finding in reviews
    ]
    feed: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "DataFeed",
        "@id": address,
        "name": f"Fact checks by {desk.name}",
        "publisher": _desk(desk),
    }
    if elements:
        feed["dateModified"] = max(str(element["dateModified"]) for element in elements)
    return feed | {"dataFeedElement": elements}


def _review(claim: PublicClaim, finding: Finding, desk: Desk) -> dict[str, Any]:
    return {
        "@type": "ClaimReview",
        "@id": finding.url,
        "url": finding.url,
        "claimReviewed": claim.text,
        "datePublished": day(finding.published_at),
        "author": _desk(desk),
        "itemReviewed": _claim(claim),
        "reviewRating": _rating(finding),
    }


def _claim(claim: PublicClaim) -> dict[str, Any]:
    built: dict[str, Any] = {"@type": "Claim", "@id": claim.url}
    authors = [_author(speaker) for speaker in claim.speakers]
    if authors:
        built["author"] = authors[0] if len(authors) == 1 else authors
    if claim.said_on:
        built["datePublished"] = claim.said_on.isoformat()
    if claim.original.url:
        built["appearance"] = _appearance(claim.original)
    return built


def _author(speaker: Party) -> dict[str, Any]:
    """The speaker; without a type where it is not known what bears the name."""
    kind = _TYPES.get(speaker.kind)
    return {**({"@type": kind} if kind else {}), "@id": speaker.url, "name": speaker.name}


def _appearance(original: Original) -> dict[str, Any]:
    built: dict[str, Any] = {"@type": "NewsArticle", "url": original.url}
    if original.headline:
        built["headline"] = original.headline
    if original.published_on:
        built["datePublished"] = original.published_on.isoformat()
    if original.outlet:
        built["publisher"] = {"@type": "Organization", "name": original.outlet}
    return built


def _rating(finding: Finding) -> dict[str, Any]:
    built: dict[str, Any] = {"@type": "Rating", "alternateName": finding.label}
    value, worst, best = finding.value, finding.worst, finding.best
    if value is not None and worst is not None and best is not None and worst <= value <= best and worst < best:
        up = max(0, 1 - worst)  # a scale that begins at 0 is moved: readers refuse numbers below 1
        built |= {"ratingValue": value + up, "bestRating": best + up, "worstRating": worst + up}
    if finding.summary:
        built["ratingExplanation"] = finding.summary
    return built


def _desk(desk: Desk) -> dict[str, Any]:
    return {"@type": "Organization", "name": desk.name, "url": desk.url}
