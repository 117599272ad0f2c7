"""The values that the engine takes and gives: frozen, framework-free, offsets in code points.

Every span is `[start, end)` into the text exactly as it was given, so `text[start:end]` is the quote.
Nothing here reads a clock, a setting or a file. Do not add behaviour: steps are functions in their own modules.
"""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Kind = Literal["direct", "mixed", "indirect"]
Act = Literal["statement", "attitude", "question", "refusal", "topic"]
SpeakerType = Literal["person", "organisation", "unnamed", "document", "unknown"]
SpeakerStatus = Literal["resolved", "ambiguous", "unresolved", "unnamed", "none"]


class Span(NamedTuple):
    """A stretch of text in code points, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attributed statement as the tagger and linker find it: three roles of spans, in text order.

    Attributes:
        content: What is said; one or more spans.
        cue: The attributing words; may be empty (a colon, a dash).
        mention: The words that name the speaker there; empty where the text names none.
        confidence: Probability in [0, 1] that content and cue form an attribution.
        mention_confidence: Probability in [0, 1] that `mention` is the one who says it.
        evidence: What confidence was computed from, in the order of `confidence.EVIDENCE`; empty where the layout
            decided.
    """

    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    mention: tuple[Span, ...]
    confidence: float
    mention_confidence: float
    evidence: tuple[float, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible bearer of a mention, with the reason it was considered."""

    name: str
    type: SpeakerType
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class SpeakerReference:
    """Whom one article means by one mention, with the fullest name found in its text.

    Attributes:
        status: `resolved` by name; `ambiguous` (candidates kept); `unresolved` (a bare surname never met in
            full); `unnamed` (words kept, no name).
        name: The fullest name in the text; None unless resolved or unresolved. Joint speakers: "A & B".
        type: What the speaker is.
        words: The mention's words as they stand; with capitals where the text is of one size.
        members: The joint speakers one by one, in text order; empty for a single speaker.
        aliases: Other forms under which this text names the same one ("Ilyas", "AIMPLB"), without the name itself.
        roles: Descriptions met in the text ("spokesperson for the board"), in text order.
        confidence: Probability in [0, 1] that the name is right.
        reason: Short slug of the rule that decided ("full-name", "surname", "pronoun-last-speaker", ...).
        candidates: Ranked; the chosen one first, its runner-up after it.
    """

    status: SpeakerStatus
    name: str | None
    type: SpeakerType
    words: str
    members: tuple["SpeakerReference", ...] = ()
    aliases: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    confidence: float = 0.0
    reason: str = ""
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtractedClaim:
    """One claim of one article.

    `speaker` is None where the text has no source words; `evidence` is that of its `Attribution`.
    """

    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    mention: tuple[Span, ...]
    kind: Kind
    act: Act
    speaker: SpeakerReference | None
    confidence: float
    evidence: tuple[float, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RelayedClaim:
    """What another is reported to have said inside a claim; `within` is the index of that claim."""

    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    mention: tuple[Span, ...]
    kind: Kind
    act: Act
    speaker: SpeakerReference | None
    within: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that one engine version finds in one text, claims in text order."""

    text: str
    engine_version: str
    language: str
    claims: tuple[ExtractedClaim, ...]
    relayed: tuple[RelayedClaim, ...] = ()
