"""A claim as a W3C Web Annotation (Recommendation of 2017-02-23).

One target for each content span, since a quotation may be broken by the reporter's words; on each target two
selectors, either of which finds it: the quote with its surroundings, and the position. Positions count Unicode code
points, as Python does and JavaScript does not, into the text that this service keeps; so each target names that copy
as its state, because the page itself is mark-up and may have changed since.
"""

from typing import Any

from claims.formats.times import moment
from claims.formats.values import Desk, Finding, Original, Party, PublicClaim, Quote

MEDIA_TYPE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
CONTEXT = "http://www.w3.org/ns/anno.jsonld"


def annotation(claim: PublicClaim, desk: Desk, address: str) -> dict[str, Any]:
    """The annotation.

    Args:
        claim: The claim.
        desk: Who publishes it.
        address: Where the annotation itself is found.
    """
    bodies = [_speaker(speaker) for speaker in claim.speakers]
    if claim.finding:
        bodies += _finding(claim.finding)
    built: dict[str, Any] = {
        "@context": CONTEXT,
        "id": address,
        "type": "Annotation",
        "motivation": "assessing" if claim.finding else "identifying",
        "created": moment(claim.created_at),
        "modified": moment(claim.modified_at),
        "creator": {"id": desk.url, "type": "Organization", "name": desk.name},
        "canonical": claim.url,
    }
    if bodies:
        built["body"] = bodies
    built["target"] = [_target(quote, claim.original) for quote in claim.quotes]
    return built


def _speaker(speaker: Party) -> dict[str, Any]:
    return {"type": "SpecificResource", "source": speaker.url, "purpose": "identifying"}


def _finding(finding: Finding) -> list[dict[str, Any]]:
    rating = {"type": "TextualBody", "value": finding.label, "format": "text/plain", "purpose": "tagging"}
    if not finding.summary:
        return [rating]
    return [
        rating,
        {"type": "TextualBody", "value": finding.summary, "format": "text/plain", "purpose": "assessing"},
    ]


def _target(quote: Quote, original: Original) -> dict[str, Any]:
    exact: dict[str, Any] = {"type": "TextQuoteSelector", "exact": quote.exact}
    if quote.prefix:
        exact["prefix"] = quote.prefix
    if quote.suffix:
        exact["suffix"] = quote.suffix
    return {
        "source": original.url or original.copy_url,
        "state": {"type": "TimeState", "cached": original.copy_url},
        "selector": [exact, {"type": "TextPositionSelector", "start": quote.start, "end": quote.end}],
    }
