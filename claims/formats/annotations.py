"""An article with the claims that editors decided on, as the rows that extractors learn from.

Two formats. A corpus row, as PolNeAR's articles are kept: `attributions` with the code-point spans of source, cue and
content, further keys beside them that readers of the corpus pass over. And Citron's annotation file: `quotes` with
`cue`, `sources`, `contents` and `coreferences`, character offsets with their words. Both carry `complete`: only where
it is true does text without a mark hold no claim. A claim that nobody decided on is in neither list, only among the
`undecided`; do not train on the text around it, and do not call its absence an answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from claims.formats.citron import QuotedStatement, named_elsewhere, quoted_spans

Span = tuple[int, int]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DecidedClaim:
    """One claim and what editors made of it.

    Attributes:
        id: Its number.
        content: Spans of what was said, in text order; not empty.
        cue: Spans of the attributing words.
        mention: Spans of the words that name the speaker there.
        decision: `accepted`, `corrected`, `added`, `rejected` or `undecided`.
        corrected: Which fields an editor corrected.
        kind: `direct`, `mixed` or `indirect`.
        act: What the speaker does.
        speakers: Names, or words where there is no name.
        speaker_type: `person`, `organisation`, `unknown`, `unnamed` or `none`.
        found_by: Engine versions that found it.
        confidence: The engine's.
    """

    id: int
    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    mention: tuple[Span, ...]
    decision: str
    corrected: tuple[str, ...]
    kind: str
    act: str
    speakers: tuple[str, ...]
    speaker_type: str
    found_by: tuple[str, ...]
    confidence: float

    @property
    def is_claim(self) -> bool:
        """Whether an editor took it for a claim."""
        return self.decision in ("accepted", "corrected", "added")

    @property
    def name(self) -> str | None:
        """Who says it; joint speakers as "A & B", None where nobody is named."""
        return " & ".join(self.speakers) if self.speaker_type not in ("unnamed", "none") else None


@dataclass(frozen=True, slots=True)
class DecidedArticle:
    """An article with its claims.

    Attributes:
        id: Its number, as text.
        text: As stored.
        publisher: Slug of the outlet.
        published: ISO date, or empty.
        author: The byline.
        title: The headline.
        url: Where it was published.
        complete: Whether an editor signed that every claim is decided and none is missing.
        claims: In text order, those of depth 0.
    """

    id: str
    text: str
    publisher: str
    published: str
    author: str
    title: str
    url: str
    complete: bool
    claims: tuple[DecidedClaim, ...]


def corpus_row(article: DecidedArticle) -> Row:
    """The row of one article; `speakers` names the attributions' speakers by their index."""
    taken = [claim for claim in article.claims if claim.is_claim]
    return {
        "id": article.id,
        "publisher": article.publisher,
        "published": article.published,
        "author": article.author,
        "title": article.title,
        "url": article.url,
        "text": article.text,
        "complete": article.complete,
        "attributions": [_attribution(claim) for claim in taken],
        "speakers": [
            {"index": index, "name": claim.name, "type": claim.speaker_type} for index, claim in enumerate(taken)
        ],
        "rejected": [_attribution(claim) for claim in article.claims if claim.decision == "rejected"],
        "undecided": [_attribution(claim) for claim in article.claims if claim.decision == "undecided"],
        "annotator": "desk",
        "alternates": [],
    }


def citron_row(article: DecidedArticle) -> Row:
    """Citron's annotation of one article.

    `coreference_groups` join a mention with the nearest place where the text names the speaker in full. Refusals and
    bare topics are no quotes to Citron and left out.
    """
    taken = [claim for claim in article.claims if claim.is_claim and claim.act not in ("refusal", "topic")]
    groups = []
    for claim in taken:
        named = named_elsewhere(article.text, _statement(claim))
        if named and len(claim.mention) == 1 and len(named) == 1:
            groups.append(quoted_spans(article.text, [*named, *claim.mention]))
    return {
        "id": article.id,
        "text": article.text,
        "complete": article.complete,
        "quotes": [_quote(article.text, claim) for claim in taken],
        "coreference_groups": groups,
        "undecided": [
            quoted_spans(article.text, claim.content) for claim in article.claims if claim.decision == "undecided"
        ],
    }


def _attribution(claim: DecidedClaim) -> Row:
    return {
        "source": _pairs(claim.mention),
        "cue": _pairs(claim.cue),
        "content": _pairs(claim.content),
        "claim": claim.id,
        "decision": claim.decision,
        "corrected": list(claim.corrected),
        "kind": claim.kind,
        "act": claim.act,
        "found_by": list(claim.found_by),
    }


def _quote(text: str, claim: DecidedClaim) -> Row:
    behind = claim.content[-1][1]
    return {
        "id": claim.id,
        "cue": quoted_spans(text, claim.cue[:1] or [(behind, behind)])[0],
        "sources": quoted_spans(text, claim.mention),
        "contents": quoted_spans(text, claim.content),
        "coreferences": [],
        "confidence": f"{claim.confidence:.4f}",
    }


def _statement(claim: DecidedClaim) -> QuotedStatement:
    names = claim.speakers if claim.name else ()
    return QuotedStatement(claim.content, claim.cue, claim.mention, names, claim.confidence)


def _pairs(spans: Sequence[Span]) -> list[list[int]]:
    return [[start, end] for start, end in spans]
