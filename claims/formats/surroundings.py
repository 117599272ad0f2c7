"""A few code points before and behind a quote, which tell it from the same words elsewhere in the page.

Positions are brittle, so every quote carries its surroundings (Web Annotation, section 4.2.4). They never cut through
what a reader sees as one character: a prefix does not begin with a combining mark, a suffix does not end before one.
"""

import unicodedata

from claims.formats.values import Quote

REACH = 32
"""Code points on each side; what the reference clients of Web Annotation write."""

_JOINERS = "\u200d\ufe0e\ufe0f"  # zero-width joiner and the variation selectors of emoji
_MODIFIERS = range(0x1F3FB, 0x1F400)  # skin tones


def quote_at(text: str, start: int, end: int) -> Quote:
    """The quote `text[start:end]` with its surroundings.

    Args:
        text: The whole text.
        start: First code point.
        end: Behind the last one.
    """
    first = max(0, start - REACH)
    while 0 < first < start and _continues(text, first):
        first += 1
    last = min(len(text), end + REACH)
    while end < last < len(text) and _continues(text, last):
        last -= 1
    return Quote(text[start:end], start, end, text[first:start], text[end:last])


def quote_within(context: str, quote: Quote) -> Quote:
    """The same quote, with surroundings from the sentences around it, where the whole text may not be shown.

    A quote that stands there twice, or not at all, gets none: either place might be the wrong one.
    """
    at = context.find(quote.exact)
    if at < 0 or context.find(quote.exact, at + 1) >= 0:
        return Quote(quote.exact, quote.start, quote.end)
    found = quote_at(context, at, at + len(quote.exact))
    return Quote(quote.exact, quote.start, quote.end, found.prefix, found.suffix)


def _continues(text: str, index: int) -> bool:
    """Whether the character at `index` belongs to the one before it."""
    char = text[index]
    return (
        unicodedata.category(char).startswith("M")
        or char in _JOINERS
        or ord(char) in _MODIFIERS
        or text[index - 1] == "\u200d"
    )
