"""Which stretches of a text carry which spans: text and spans in, flat segments out.

Spans of one claim overlap those of its neighbours (a relayed claim lies within another; a cue may stand between two
content spans), and HTML elements must not cross. So the text is cut at every boundary, and each piece names all spans
that cover it, the shortest first. Templates print the pieces, and their autoescaping makes the text safe. Do not build
HTML here, and do not nest marks: a screen would show the same, and a crossing pair would break the page.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Span:
    """A labelled stretch of the text.

    Attributes:
        start: First code point.
        end: One past the last code point.
        label: What it is, for example `content`, `cue`, `mention` or `other`.
        ref: Id of the claim that it belongs to.
    """

    start: int
    end: int
    label: str
    ref: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text whose every character is covered by the same spans.

    Attributes:
        text: The piece itself.
        spans: All spans that cover it, the shortest (innermost) first.
        begins: Those of them whose first visible character it holds.
        start: Where the piece begins in the text, in code points.
    """

    text: str
    spans: tuple[Span, ...] = ()
    begins: tuple[Span, ...] = ()
    start: int = 0

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of its spans, each once, innermost first."""
        return tuple(dict.fromkeys(span.label for span in self.spans))

    def refs(self, label: str) -> tuple[int, ...]:
        """The claims whose spans of that label cover it, each once, innermost first."""
        return tuple(dict.fromkeys(span.ref for span in self.spans if span.label == label))


def cut_segments(text: str, spans: Iterable[Span]) -> list[Segment]:
    """The text in pieces, in order; their texts joined are the text again.

    A span that reaches beyond the text is clipped and an empty one dropped: a page that shows the text with one mark
    less serves an editor better than an error.
    """
    opening: dict[int, list[Span]] = defaultdict(list)
    closing: dict[int, list[Span]] = defaultdict(list)
    for span in dict.fromkeys(spans):
        start, end = max(span.start, 0), min(span.end, len(text))
        if start < end:
            opening[start].append(span)
            closing[end].append(span)
    cuts = sorted({0, len(text), *opening, *closing})
    active: set[Span] = set()
    segments = []
    for start, end in pairwise(cuts):
        active.difference_update(closing.get(start, ()))
        active.update(opening.get(start, ()))
        begins = tuple(sorted(opening.get(start, ()), key=_innermost_first))
        segments.append(Segment(text[start:end], tuple(sorted(active, key=_innermost_first)), begins, start))
    return segments


def cut_paragraphs(text: str, spans: Iterable[Span]) -> list[list[Segment]]:
    """The segments line by line, without line breaks and empty lines.

    A span that runs over a line break is marked in both lines; it begins only in the first.
    """
    paragraphs: list[list[Segment]] = []
    current: list[Segment] = []
    waiting: tuple[Span, ...] = ()
    for segment in cut_segments(text, spans):
        waiting += segment.begins
        start = segment.start
        for is_break, piece in _lines(segment.text):
            if is_break:
                start += 1
                if current:
                    paragraphs.append(current)
                current = []
            else:
                begins = tuple(span for span in waiting if span in segment.spans)
                current.append(replace(segment, text=piece, begins=begins, start=start))
                start += len(piece)
                waiting = ()
    if current:
        paragraphs.append(current)
    return paragraphs


def _lines(text: str) -> Iterator[tuple[bool, str]]:
    """Its lines and the breaks between them; empty lines are left out."""
    for position, line in enumerate(text.split("\n")):
        if position:
            yield True, ""
        if line:
            yield False, line


def _innermost_first(span: Span) -> tuple[int, int, str, int]:
    return (span.end - span.start, span.start, span.label, span.ref)
