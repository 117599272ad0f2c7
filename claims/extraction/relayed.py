"""What others are reported to have said inside a claim: "A said that B asked …" relays B.

The tagger gives each word one role, so a statement within a statement never comes out of the same pass: the words of a
claim's content are read once more, by themselves. Only a verb of saying or asking counts there, since inside what
somebody says, beliefs and wishes of others are mostly the speaker's own description of them. Contents without such a
verb are not read again, which keeps the second pass to a small share of the text. One level only.

Do not turn what is found here into claims of their own: it is A who vouches for it.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import NamedTuple

from claims.extraction.lexicons import load, word_set
from claims.extraction.values import Attribution, ExtractedClaim, Kind, RelayedClaim, Span

Find = Callable[[str], list[Attribution]]

FLOOR = 0.5
"""Least confidence: on the samples' tuning half two in three of what passes are right, and over half is found."""
MOST_OF_IT = 0.9
"""A statement over more than this share of the content is the claim itself again."""

_SAYING = load("cues_statement") | load("cues_question")
_LEAD = re.compile(r"""[\s"'“”‘’„«»]*(?:(?:that|whether|if)\s+)?""")
_OPENING = "\"'“‘„«"
_MARKS = "\"'”’“»,; \n"
_CLOSING = _MARKS + ".!?"
_WORD = re.compile(r"[^\W\d_]+")
_ARTICLES = word_set("the a an this that these those")
_NEGATION = word_set("not never")
_ALSO_NOUNS = word_set(
    "add adds announcement answer answers blame call calls charge charges claim claims comment comments "
    "continue continued continues continuing describe described maintain maintained note notes order ordered "
    "orders pledge point points promise promises proposed read reads reason reasons related remark remarks "
    "report reports rule rules ruling show shows state states tweet tweets"
)
"""Verbs of saying that are mostly another word ("the states", "in order to", "continue"): they count only beside one
who speaks or before what is said."""
_SPEAKERS = word_set("he she they we i you who it")
_NO_NAMES = frozenset(("The", "United"))
_CLAUSE = word_set("that whether if")
_OWN_CLAUSE = re.compile(r",?\s+(?:to which|upon which|whereupon|and|but)\s+\Z")
"""What joins a clause of its own to the statement before it."""
_LONGEST_JOINT = 20
_APART = "\n\n"
"""Between two readings: a paragraph break."""


@dataclass(frozen=True, slots=True)
class Relayed:
    """An attribution inside the content of the one at index `within`."""

    attribution: Attribution
    within: int


def relayed_attributions(text: str, attributions: Sequence[Attribution], find: Find) -> list[Relayed]:
    """Returns the statements within the contents of attributions, in text order within each.

    All contents that may relay are read in one go, a paragraph each: a call for each of them took a third longer.

    Args:
        text: The article.
        attributions: Its attributions.
        find: Finds attributions in a text of its own; called only if there is a content with a verb of saying.
    """
    readings = [
        _Reading(number, span, start, words)
        for number, outer in enumerate(attributions)
        for span in outer.content
        for start, words in [_words_of(text, span)]
        if _may_relay(words)
    ]
    found = []
    for reading, inner in _read_again(readings, find):
        outer = attributions[reading.within]
        closed = _closed(text, inner, reading.span.end)
        if _is_relayed(text, closed, sum(span.end - span.start for span in outer.content)):
            found.append(Relayed(closed, reading.within))
    return found


class _Reading(NamedTuple):
    """A content span to be read again: of which attribution, where its words begin, and the words."""

    within: int
    span: Span
    start: int
    words: str


def _words_of(text: str, span: Span) -> tuple[int, str]:
    """Return where the span's own words begin, behind opening marks and "that", and the words up to closing marks."""
    start = span.start + len(_LEAD.match(text, span.start, span.end)[0])  # type: ignore[index]
    return start, text[start : span.end].rstrip(_MARKS)


def _read_again(readings: Sequence[_Reading], find: Find) -> Iterator[tuple[_Reading, Attribution]]:
    """Yield what is found in each reading, in the article's offsets; nothing that two readings share."""
    if not readings:
        return
    sentences = [_sentence(reading.words) for reading in readings]
    starts = list(accumulate((len(sentence) + len(_APART) for sentence in sentences), initial=0))
    for one in find(_APART.join(sentences)):
        spans = (*one.content, *one.cue, *one.mention)
        at = bisect_right(starts, spans[0].start) - 1
        if all(starts[at] <= span.start and span.end < starts[at + 1] for span in spans):
            reading = readings[at]
            yield reading, _shifted(one, reading.start - starts[at], reading.start, reading.start + len(reading.words))


def _sentence(words: str) -> str:
    """Return the words as a sentence: with a capital, and a mark at the end."""
    capital = words[:1].upper()
    sentence = ((capital if len(capital) == 1 else words[:1]) + words[1:]).replace("\n", " ")
    return sentence if sentence.endswith((".", "?", "!")) else sentence + "."


def _may_relay(content: str) -> bool:
    """Tell whether a content holds a verb of saying; half of the second readings went to words that only look so."""
    found = list(_WORD.finditer(content))
    words = [match.group() for match in found]
    for at, word in enumerate(words):
        if word.casefold() not in _SAYING or (at and word[0].isupper()):
            continue
        if word.casefold() not in _ALSO_NOUNS:
            return True
        before = words[at - 1] if at else ""
        after = words[at + 1].casefold() if at + 1 < len(words) else ""
        names_somebody = at > 1 and before[:1].isupper() and before not in _NO_NAMES
        quotes = any(mark in content[found[at].end() : found[at].end() + 2] for mark in "\"“'")
        if before.casefold() in _SPEAKERS or names_somebody or after in _CLAUSE or quotes:
            return True
    return False


def _closed(text: str, attribution: Attribution, limit: int) -> Attribution:
    """A quotation at the very end takes back the closing marks that the second reading went without."""
    if not attribution.content:
        return attribution
    last = attribution.content[-1]
    if text[last.start] not in _OPENING or text[last.end : limit].strip(_CLOSING):
        return attribution
    content = (*attribution.content[:-1], Span(last.start, last.end + len(text[last.end : limit].rstrip())))
    return replace(attribution, content=content)


def _shifted(attribution: Attribution, offset: int, first: int, last: int) -> Attribution:
    """Move an attribution by `offset`, cut to what lies from `first` to `last`."""

    def shifted(spans: Sequence[Span]) -> tuple[Span, ...]:
        inside = (Span(max(first, start + offset), min(last, end + offset)) for start, end in spans)
        return tuple(span for span in inside if span.start < span.end)

    return Attribution(
        shifted(attribution.content),
        shifted(attribution.cue),
        shifted(attribution.mention),
        attribution.confidence,
        attribution.mention_confidence,
    )


def _is_relayed(text: str, inner: Attribution, outer_length: int) -> bool:
    def words(spans: Sequence[Span]) -> set[str]:
        return {word.casefold() for start, end in spans for word in _WORD.findall(text, start, end)}

    cue = words(inner.cue)
    return (
        inner.confidence >= FLOOR
        and bool(inner.content)
        and bool(cue & _SAYING)
        and not cue & _NEGATION
        and bool(words(inner.mention) - _ARTICLES)
        and sum(span.end - span.start for span in inner.content) < MOST_OF_IT * outer_length
    )


def own_words(
    text: str,
    claims: Sequence[ExtractedClaim],
    relayed: Sequence[RelayedClaim],
    kind: Callable[[Sequence[Span]], Kind],
) -> tuple[tuple[ExtractedClaim, ...], tuple[RelayedClaim, ...]]:
    """Makes what a speaker reports to have answered himself a claim of its own: nobody else is relayed there.

    "She said that the clerk asked for her papers, to which Orla Quist replied, “Ask the bank.”" holds two statements
    of hers. Only a quotation that a clause of its own brings in at the end is cut off, so that what stays is whole.

    Args:
        text: The article.
        claims: Its claims.
        relayed: What is relayed in them.
        kind: Tells whether a content is quoted; what a claim is shortened to may be of another kind.

    Returns:
        Both anew, each in text order; `within` counts the claims that are returned.
    """
    own = {inner: whole for inner in relayed if (whole := _without(text, claims[inner.within], inner, kind))}
    if not own:
        return tuple(claims), tuple(relayed)
    shortened = {inner.within: whole for inner, whole in own.items()}
    kept = [(shortened.get(number, claim), number) for number, claim in enumerate(claims)]
    new = [
        (replace(claims[r.within], content=r.content, cue=r.cue, mention=r.mention, kind=r.kind, act=r.act,
                 speaker=r.speaker, confidence=r.confidence), -1)
        for r in own
    ]  # fmt: skip
    in_order = sorted([*kept, *new], key=lambda pair: pair[0].content[0].start)
    place = {number: index for index, (_, number) in enumerate(in_order)}
    rest = tuple(replace(one, within=place[one.within]) for one in relayed if one not in own)
    return tuple(claim for claim, _ in in_order), rest


def _without(
    text: str, outer: ExtractedClaim, inner: RelayedClaim, kind: Callable[[Sequence[Span]], Kind]
) -> ExtractedClaim | None:
    """The outer claim up to the clause that brings in its speaker's own quotation; None if it is no such clause."""
    same = outer.speaker and inner.speaker and outer.speaker.name and outer.speaker.name == inner.speaker.name
    last, told = outer.content[-1], inner.content[-1]
    if not same or inner.kind != "direct" or text[told.end : last.end].strip(_CLOSING):
        return None
    clause = min(span.start for span in (*inner.mention, *inner.cue))
    joint = _OWN_CLAUSE.search(text, max(last.start, clause - _LONGEST_JOINT), max(last.start, clause))
    if not joint or not last.start < joint.start() < clause <= inner.content[0].start:
        return None
    content = (*outer.content[:-1], Span(last.start, joint.start()))
    return replace(outer, content=content, kind=kind(content))
