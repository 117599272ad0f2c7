"""One extraction for people: each claim with what it was decided by."""

from math import exp

from claims.extraction.confidence import EVIDENCE
from claims.extraction.values import ExtractedClaim, Extraction, SpeakerReference


def explain(identifier: str | int, extraction: Extraction) -> str:
    """Returns lines of text, a block a claim: quotes, cue, mention, speaker with reason and runner-up.

    Args:
        identifier: What the caller knows the article by.
        extraction: The engine's answer.
    """
    count = len(extraction.claims)
    lines = [f"{identifier}: {count} claims, language {extraction.language}, engine {extraction.engine_version}", ""]
    for number, claim in enumerate(extraction.claims, 1):
        lines += _claim_lines(number, claim, extraction.text)
    return "\n".join(lines) + "\n"


def _claim_lines(number: int, claim: ExtractedClaim, text: str) -> list[str]:
    def words(spans: tuple[tuple[int, int], ...]) -> str:
        return " … ".join(text[start:end] for start, end in spans)

    first, last = claim.content[0][0], claim.content[-1][1]
    return [
        f"{number}. {claim.kind} {claim.act}, confidence {claim.confidence:.2f}, characters {first} to {last}",
        f"   content  {words(claim.content)}",
        f"   cue      {words(claim.cue) or '(none)'}",
        f"   mention  {words(claim.mention) or '(none)'}",
        f"   evidence {_evidence(claim.evidence)}",
        *_speaker_lines(claim.speaker),
        "",
    ]


def _evidence(evidence: tuple[float, ...]) -> str:
    """Returns probabilities of tags and links; the last figures of the evidence are no probabilities."""
    if not evidence:
        return "layout: a transcript's label or a signature"
    chance = {name: exp(value) for name, value in zip(EVIDENCE, evidence, strict=True)}
    return (
        f"tags: content {chance['content']:.2f} (weakest word {chance['weakest_content']:.2f}, begins "
        f"{chance['content_begins']:.2f}, ends {chance['content_stops']:.2f}), cue {chance['cue']:.2f}; "
        f"links: content to cue {chance['link']:.2f}, to source {chance['source']:.2f}"
    )


def _speaker_lines(speaker: SpeakerReference | None) -> list[str]:
    if speaker is None:
        return ["   speaker  (none: the text has no source words)"]
    who = f"{speaker.name or speaker.words} ({speaker.type}, {speaker.status})"
    lines = [f"   speaker  {who}, confidence {speaker.confidence:.2f}, by {speaker.reason or 'no rule'}"]
    lines += [f"            role: {role}" for role in speaker.roles]
    lines += [f"            candidate: {one.name} {one.score:.2f} by {one.reason}" for one in speaker.candidates]
    return lines
