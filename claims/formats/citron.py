"""One extraction as the answer of Citron's REST service (`/quotes`), so that its clients read ours.

Kept from Citron: a `confidence` that is a string of four decimals; the key `"model:"` with its colon; `sources` that
hold the fullest name where the text says "he", with the words themselves in `coreferences`; several `contents` where a
quotation is broken. Ours is: `start` and `end` count code points, as Citron's documentation says (its running server
gives token numbers); a quotation without attributing words, as after a colon, has an empty cue behind its content,
since Citron's clients expect one; refusals to comment and bare topics are no quotes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

APPLICATION = "claimtrack"

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class QuotedStatement:
    """One statement as the engine found it.

    Attributes:
        contents: Its content spans, in text order; not empty.
        cue: Spans of the attributing words; may be empty.
        mention: Spans of the words that name the speaker there; may be empty.
        names: Fullest names of those who speak, as far as they are known.
        confidence: Probability in [0, 1], of content and speaker together.
    """

    contents: tuple[Span, ...]
    cue: tuple[Span, ...]
    mention: tuple[Span, ...]
    names: tuple[str, ...]
    confidence: float


def quotes_answer(text: str, statements: Sequence[QuotedStatement], engine: str) -> dict[str, Any]:
    """The whole answer.

    Args:
        text: The text exactly as it was given.
        statements: What was found in it, in text order.
        engine: Version of the engine.
    """
    return {
        "quotes": [_quote(text, statement) for statement in statements],
        "source": {"application": APPLICATION, "model:": engine},
    }


def _quote(text: str, statement: QuotedStatement) -> dict[str, Any]:
    named = named_elsewhere(text, statement)
    behind = statement.contents[-1][1]
    return {
        "sources": quoted_spans(text, named or statement.mention),
        "coreferences": quoted_spans(text, statement.mention) if named else [],
        "cue": _span(text, statement.cue[0] if statement.cue else (behind, behind)),
        "contents": quoted_spans(text, statement.contents),
        "confidence": f"{statement.confidence:.4f}",
    }


def named_elsewhere(text: str, statement: QuotedStatement) -> list[Span]:
    """Where the text names those who speak in full, if the mention itself does not; empty if it does.

    The nearest place before the mention, else the first one behind it; empty where a name does not stand in the text.
    """
    if not statement.mention or not statement.names:
        return []
    words = " ".join(text[start:end] for start, end in statement.mention)
    if all(name in words for name in statement.names):
        return []
    at = statement.mention[0][0]
    places = []
    for name in statement.names:
        start = text.rfind(name, 0, at)
        start = text.find(name, at) if start < 0 else start
        if start < 0:
            return []
        places.append((start, start + len(name)))
    return places


def quoted_spans(text: str, spans: Sequence[Span]) -> list[dict[str, Any]]:
    """Spans as Citron writes them, with their words."""
    return [_span(text, span) for span in spans]


def _span(text: str, span: Span) -> dict[str, Any]:
    start, end = span
    return {"start": start, "end": end, "text": text[start:end]}
