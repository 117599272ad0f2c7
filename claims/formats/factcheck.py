"""Published verdicts as the answer of Google's Fact Check Tools API, `claims:search` (v1alpha1).

Every field is optional there and an empty list is left out, as its generated clients expect. Dates are RFC 3339 in
UTC; a day without a time is its midnight. `publisher.site` is the review's host without `www.`. `languageCode` is the
article's language: reviews here have none of their own, and a desk writes in the language that it checks.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from claims.formats.feeds import title_of
from claims.formats.times import moment
from claims.formats.values import Desk, Finding, PublicClaim

STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
}


def search_answer(reviews: Sequence[tuple[PublicClaim, Finding]], desk: Desk, next_token: str) -> dict[str, Any]:
    """One page of results.

    Args:
        reviews: Claims with their published verdicts.
        desk: Who published them.
        next_token: Where the next page begins; empty on the last one.
    """
    answer: dict[str, Any] = {"claims": [_claim(claim, finding, desk) for claim, finding in reviews]} if reviews else {}
    return answer | ({"nextPageToken": next_token} if next_token else {})


def error_answer(status: int, message: str) -> dict[str, Any]:
    """An error in Google's envelope.

    Args:
        status: The HTTP status.
        message: One sentence for a person.
    """
    name = STATUSES.get(status, "INVALID_ARGUMENT" if status < 500 else "INTERNAL")
    return {"error": {"code": status, "message": message, "status": name}}


def site_of(url: str) -> str:
    """The host of an address without `www.`; empty if there is none.

    Raises:
        ValueError: A bracket is out of place, or the host holds signs that stand for others such as `℀`.
    """
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _claim(claim: PublicClaim, finding: Finding, desk: Desk) -> dict[str, Any]:
    built: dict[str, Any] = {"text": claim.text}
    if claim.speakers:
        built["claimant"] = ", ".join(speaker.name for speaker in claim.speakers)
    if claim.said_on:
        built["claimDate"] = f"{claim.said_on.isoformat()}T00:00:00Z"
    review: dict[str, Any] = {
        "publisher": {"name": desk.name, "site": site_of(finding.url)},
        "url": finding.url,
        "title": title_of(claim),
        "reviewDate": moment(finding.published_at),
        "textualRating": finding.label,
    }
    if claim.original.language not in ("", "und"):
        review["languageCode"] = claim.original.language
    return built | {"claimReview": [review]}
