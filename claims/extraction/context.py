"""The sentences around a claim, for readers who see it outside its article.

A sentence ends at `.`, `!` or `?` (closing marks behind it included) before white space and a capital, digit or
opening mark, or at a line break. Abbreviations split too early now and then; for a context that costs a few words, so
no list of them is kept. Do not use this to find claims.
"""

import re
from collections.abc import Sequence

from claims.extraction.values import Span

_BOUNDARY = re.compile(r"""[.!?…]["'”’»)\]]{0,3}(?=\s)|\n""")
_OPENING = "\"'“‘«„([¿¡"
_REACH = 400  # characters looked at on each side; two ordinary news sentences


def context_of(text: str, spans: Sequence[Span]) -> str:
    """Returns the sentences that `spans` touch, with one more on each side within the same paragraph.

    Args:
        text: The article's text.
        spans: Content spans of one claim, in text order; not empty.
    """
    first, last = spans[0].start, spans[-1].end
    left = max(text.rfind("\n", 0, first) + 1, first - _REACH)
    right = text.find("\n", last)
    right = min(len(text) if right < 0 else right, last + _REACH)
    starts = [left, *_sentence_starts(text, left, first)]
    ends = [*_sentence_starts(text, last, right), right]
    return text[starts[-2] if len(starts) > 1 else left : ends[1] if len(ends) > 1 else right].strip()


def _sentence_starts(text: str, left: int, right: int) -> list[int]:
    """Where sentences begin in `text[left:right]` behind the end of another; `right` itself may be one."""
    found = []
    for match in _BOUNDARY.finditer(text, left, right):
        after = match.end()
        while after < right and text[after].isspace():
            after += 1
        char = text[after : after + 1]
        if char.isupper() or char.isdigit() or (char and char in _OPENING):
            found.append(after)
    return found
