"""Hand-made engine output over short invented texts, so that storage is tested without a model."""

from claims.extraction import Extraction
from claims.extraction.values import Candidate, ExtractedClaim, RelayedClaim, Span, SpeakerReference

TEXT = (
    "“The bridge will open in May,” Ana Duarte said. Duarte hopes for rain. "
    "Ana Duarte and Bela Kos said that tolls would rise. A senior official warned of delays. "
    "Kos said that Duarte asked for money."
)


def person(name: str, words: str = "", *, aliases: tuple[str, ...] = ()) -> SpeakerReference:
    """A speaker whom the text names in full."""
    return SpeakerReference(
        "resolved", name, "person", words or name, aliases=aliases, confidence=0.9, reason="full-name"
    )


def joint(*members: SpeakerReference) -> SpeakerReference:
    """Several speakers of one statement."""
    name = " & ".join(member.name or member.words for member in members)
    return SpeakerReference("resolved", name, "person", name, members=members, confidence=0.9, reason="joint")


def unnamed(words: str) -> SpeakerReference:
    """A source without a name."""
    return SpeakerReference("unnamed", None, "unnamed", words, confidence=0.9, reason="unnamed")


def ambiguous(words: str, *names: str) -> SpeakerReference:
    """A mention that fits several equally."""
    candidates = tuple(Candidate(name, "person", 0.5, "surname") for name in names)
    return SpeakerReference("ambiguous", None, "person", words, confidence=0.5, reason="surname", candidates=candidates)


def span_of(text: str, quote: str) -> Span:
    """Where `quote` stands, once."""
    assert text.count(quote) == 1, quote
    return Span(text.index(quote), text.index(quote) + len(quote))


def claim(
    quote: str, speaker: SpeakerReference | None, *, text: str = TEXT, act: str = "statement", confidence: float = 0.8
) -> ExtractedClaim:
    """A claim whose content is `quote`; no cue, no mention."""
    kind = "direct" if quote.startswith("“") else "indirect"
    return ExtractedClaim((span_of(text, quote),), (), (), kind, act, speaker, confidence)  # type: ignore[arg-type]


def relayed(quote: str, speaker: SpeakerReference, within: int, *, text: str = TEXT) -> RelayedClaim:
    """A claim inside another."""
    return RelayedClaim((span_of(text, quote),), (), (), "indirect", "statement", speaker, within, 0.7)


class CannedEngine:
    """An engine of a given version that finds what it was told; stands where `claims.extraction.Engine` does."""

    def __init__(self, version: str, *claims: ExtractedClaim, relayed: tuple[RelayedClaim, ...] = ()) -> None:
        self.version = version
        self._claims, self._relayed = claims, relayed

    def extract(self, text: str, *, language: str | None = None, byline: str = "") -> Extraction:
        return Extraction(text, self.version, language or "en", self._claims, self._relayed)


ANA = person("Ana Duarte", aliases=("Duarte",))
BELA = person("Bela Kos", aliases=("Kos",))
OPENING = "“The bridge will open in May,”"
RAIN = "for rain"
TOLLS = "that tolls would rise"
DELAYS = "of delays"
ASKED = "that Duarte asked for money"


def first_engine() -> CannedEngine:
    """Finds all five claims of `TEXT`, one of them joint, one unnamed, one holding a relayed one."""
    return CannedEngine(
        "1.0",
        claim(OPENING, ANA),
        claim(RAIN, ANA, act="attitude"),
        claim(TOLLS, joint(ANA, BELA)),
        claim(DELAYS, unnamed("A senior official")),
        claim(ASKED, BELA),
        relayed=(relayed("for money", ANA, 4),),
    )
