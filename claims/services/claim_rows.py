"""From the engine's values to rows: what one extraction says about each claim, ready to store.

The one place that knows how a claim's spans, words and speakers are written to the database, for first storing and for
re-extraction alike.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from claims.extraction import ExtractedClaim, Extraction, RelayedClaim, SpeakerReference
from claims.extraction.context import context_of
from claims.extraction.identity import ROLE_REASON, PlannedSpeaker, SpeakerPlan, alias_key, claim_status
from claims.extraction.values import Span
from claims.services.wording import text_key
from sources.models import Article

SPAN_KEY_LENGTH = 100


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim as it will stand in the database.

    Attributes:
        content: Its spans, for alignment.
        values: Column values of `Claim` that the engine writes.
        links: Column values of its `ClaimSpeaker` rows.
        within: Position, in the list of rows, of the claim that it stands in.
    """

    content: tuple[Span, ...]
    values: dict[str, Any]
    links: list[dict[str, Any]] = field(default_factory=list)
    within: int | None = None


def claim_rows(article: Article, extraction: Extraction, plan: SpeakerPlan, new_ids: Sequence[int]) -> list[ClaimRow]:
    """All claims of an extraction, those of depth 0 first, then what they relay.

    Args:
        article: The stored article; gives text and date.
        extraction: The engine's output over exactly that text.
        plan: Its speakers across articles.
        new_ids: Row ids of `plan.new`.
    """
    rows = []
    for claim, planned, status in zip(extraction.claims, plan.claims, plan.statuses, strict=True):
        values = _values(article, claim, planned) | {"speaker_status": status, "depth": 0}
        rows.append(ClaimRow(claim.content, values, _links(article, claim.speaker, planned, new_ids)))
    for relayed, planned in zip(extraction.relayed, plan.relayed, strict=True):
        values = _values(article, relayed, planned) | {"speaker_status": claim_status(planned), "depth": 1}
        links = _links(article, relayed.speaker, planned, new_ids)
        rows.append(ClaimRow(relayed.content, values, links, within=relayed.within))
    return _unique(rows)


def span_key(spans: Sequence[Span]) -> str:
    """A short text that is equal exactly for equal spans."""
    key = ",".join(f"{span.start}-{span.end}" for span in spans)
    return key if len(key) <= SPAN_KEY_LENGTH else hashlib.sha256(key.encode()).hexdigest()


def content_values(text: str, spans: Sequence[Span]) -> dict[str, Any]:
    """The columns of `Claim` that follow from what was said; one place, so that they never disagree.

    Args:
        text: The article's text.
        spans: Content spans, in text order; not empty.
    """
    quoted = _quoted(text, spans)
    words = " … ".join(span["quote"] for span in quoted)
    return {
        "text": words,
        "text_key": text_key(words),
        "spans": quoted,
        "span_key": span_key(spans),
        "start": spans[0].start,
        "context": context_of(text, spans),
    }


def words_values(text: str, role: str, spans: Sequence[Span]) -> dict[str, Any]:
    """The columns of a `cue` or a `mention`."""
    words = " … ".join(text[start:end] for start, end in spans)
    return {f"{role}_text": words, f"{role}_spans": _quoted(text, spans)}


def _values(
    article: Article, claim: ExtractedClaim | RelayedClaim, planned: Sequence[PlannedSpeaker]
) -> dict[str, Any]:
    text = article.text
    # What other articles told has the plan's reason and confidence, all else that of this article's own rules.
    speaker = planned[0] if len(planned) == 1 and planned[0].reason == ROLE_REASON else claim.speaker
    return {
        **content_values(text, claim.content),
        **words_values(text, "cue", claim.cue),
        **words_values(text, "mention", claim.mention),
        "kind": claim.kind,
        "act": claim.act,
        "said_on": article.published_on,
        "confidence": claim.confidence,
        "speaker_confidence": speaker.confidence if speaker else 0.0,
        "speaker_reason": speaker.reason[:60] if speaker else "",
    }


def _quoted(text: str, spans: Sequence[Span]) -> list[dict[str, Any]]:
    return [{"start": start, "end": end, "quote": text[start:end]} for start, end in spans]


def _links(
    article: Article,
    reference: SpeakerReference | None,
    planned: Sequence[PlannedSpeaker],
    new_ids: Sequence[int],
) -> list[dict[str, Any]]:
    """One row a speaker; two names that lead to one speaker are one row."""
    members = (reference.members or (reference,)) if reference else ()
    links: list[dict[str, Any]] = []
    seen: set[int] = set()
    for member, one in zip(members, planned, strict=True):
        speaker_id = one.known if one.known is not None else None if one.new is None else new_ids[one.new]
        if speaker_id is not None and speaker_id in seen:
            continue
        seen.update(() if speaker_id is None else (speaker_id,))
        links.append(
            {
                "speaker_id": speaker_id,
                "words": one.words,
                "name": (one.name or "")[:300],
                "key": alias_key(one.name)[:300] if one.name else "",
                "position": len(links),
                "said_on": article.published_on,
                "candidates": _candidates(member, one),
            }
        )
    return links


def _candidates(member: SpeakerReference, planned: PlannedSpeaker) -> list[dict[str, Any]]:
    stored = [
        {"name": one.name, "speaker": one.id, "score": None, "reason": planned.reason} for one in planned.candidates
    ]
    in_text = [
        {"name": one.name, "speaker": None, "score": round(one.score, 4), "reason": one.reason}
        for one in member.candidates
    ]
    return stored + in_text


def _unique(rows: list[ClaimRow]) -> list[ClaimRow]:
    """Drops a claim whose spans another of the same depth has already: the database keeps one."""
    kept: list[ClaimRow] = []
    places: dict[tuple[int, str], int] = {}
    moved: dict[int, int] = {}
    for number, row in enumerate(rows):
        key = (row.values["depth"], row.values["span_key"])
        if key not in places:
            places[key] = len(kept)
            within = None if row.within is None else moved[row.within]
            kept.append(ClaimRow(row.content, row.values, row.links, within))
        moved[number] = places[key]
    return kept
