"""One extraction as the JSON row that the command line prints."""

from collections.abc import Iterable
from typing import Any

from claims.extraction.values import ExtractedClaim, Extraction, RelayedClaim, Span, SpeakerReference

Row = dict[str, Any]


def extraction_row(identifier: str | int, extraction: Extraction) -> Row:
    """Return the row of one article; offsets refer to the text exactly as it was given.

    Args:
        identifier: What the caller knows the article by.
        extraction: The engine's answer.
    """
    text = extraction.text
    return {
        "id": identifier,
        "engine": extraction.engine_version,
        "claims": [_claim_row(text, claim) for claim in extraction.claims],
        "relayed": [_relayed_row(text, claim) for claim in extraction.relayed],
    }


def _claim_row(text: str, claim: ExtractedClaim) -> Row:
    return {
        "content": _spans(claim.content),
        "text": _quotes(text, claim.content),
        "kind": claim.kind,
        "act": claim.act,
        "cue": _spans(claim.cue),
        "mention": _spans(claim.mention),
        "speaker": _speaker_row(claim.speaker),
        "confidence": round(claim.confidence, 4),
    }


def _relayed_row(text: str, claim: RelayedClaim) -> Row:
    return {
        "content": _spans(claim.content),
        "text": _quotes(text, claim.content),
        "speaker": _speaker_row(claim.speaker),
        "within": claim.within,
    }


def _speaker_row(speaker: SpeakerReference | None) -> Row | None:
    """Return name, type, members and confidence; the words of one who is not named stand in `words`."""
    if speaker is None:
        return None
    row: Row = {
        "name": speaker.name,
        "type": speaker.type,
        "members": [member.name or member.words for member in speaker.members],
        "confidence": round(speaker.confidence, 4),
    }
    if speaker.name is None:
        row["words"] = speaker.words
    return row


def _spans(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def _quotes(text: str, spans: Iterable[Span]) -> list[str]:
    return [text[span.start : span.end] for span in spans]
