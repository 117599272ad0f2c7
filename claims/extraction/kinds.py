"""Direct, mixed or indirect: how much of a claim's content stands inside quotation marks.

Counted in words, so that marks and punctuation at the edges cost nothing: all but one word in twenty quoted is
direct, some is mixed, none is indirect.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

from claims.extraction.pieces import WORD
from claims.extraction.quotes import quote_spans
from claims.extraction.values import Kind, Span

DIRECT = 0.95
"""Share of quoted words from which a content is direct: that of the metric the engine is scored by."""


class QuotedWords:
    """The words of one text and which of them are quoted; made once a text."""

    def __init__(self, text: str) -> None:
        words = [match.span() for match in WORD.finditer(text) if text[match.start()].isalnum()]
        self._starts = [start for start, _ in words]
        self._ends = [end for _, end in words]
        inside = [0] * (len(words) + 1)
        for span in quote_spans(text):
            inside[bisect_right(self._ends, span.start)] += 1
            inside[bisect_left(self._starts, span.end)] -= 1
        self._quoted_before = [0, *accumulate(min(1, depth) for depth in accumulate(inside[:-1]))]

    def kind(self, content: Sequence[Span]) -> Kind:
        """Return the kind of a content; one without a word is indirect."""
        words = quoted = 0
        for start, end in content:
            first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
            words += max(0, last - first)
            quoted += self._quoted_before[max(first, last)] - self._quoted_before[first]
        if not quoted:
            return "indirect"
        return "direct" if quoted >= DIRECT * words else "mixed"
