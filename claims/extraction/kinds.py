"""Direct, mixed or indirect: how much of a claim's content stands inside quotation marks.

Counted in words, so that marks and punctuation at the edges cost nothing: all but one word in twenty quoted is
direct, some is mixed, none is indirect.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from claims.extraction.quotes import quote_spans
from claims.extraction.values import Kind, Span

_WORD = re.compile(r"\w+(?:['’]\w+)*")
DIRECT = 0.95
"""Share of quoted words from which a content is direct: that of the metric the engine is scored by."""


class QuotedWords:
    """The words of one text and which of them are quoted; made once a text."""

    def __init__(self, text: str, quotes: Sequence[Span] | None = None) -> None:
        """Cut the text; `quotes` are its `quote_spans`, where the caller has them."""
        words = [match.span() for match in _WORD.finditer(text)]
        if "_" in text:
            words = [span for span in words if text[span[0]].isalnum()]
        self._starts = [start for start, _ in words]
        self._ends = [end for _, end in words]
        self._quotes: list[tuple[int, int]] = []
        for span in quote_spans(text) if quotes is None else quotes:
            first, last = bisect_right(self._ends, span.start), bisect_left(self._starts, span.end)
            if self._quotes and first <= self._quotes[-1][1]:
                self._quotes[-1] = (self._quotes[-1][0], max(self._quotes[-1][1], last))
            elif first < last:
                self._quotes.append((first, last))

    def _quoted(self, first: int, last: int) -> int:
        """Return how many of the words `[first, last)` are quoted."""
        at = max(0, bisect_right(self._quotes, (first,)) - 1)
        count = 0
        while at < len(self._quotes) and self._quotes[at][0] < last:
            begin, end = self._quotes[at]
            count += max(0, min(end, last) - max(begin, first))
            at += 1
        return count

    def kind(self, content: Sequence[Span]) -> Kind:
        """Return the kind of a content; one without a word is indirect."""
        words = quoted = 0
        for start, end in content:
            first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
            words += max(0, last - first)
            quoted += self._quoted(first, last)
        if not quoted:
            return "indirect"
        return "direct" if quoted >= DIRECT * words else "mixed"
