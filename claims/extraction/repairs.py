"""Mistakes of the tagger that the words themselves show.

It learned from papers that quote one speaker a paragraph, and few dialogues. Each repair takes something away that is
certainly wrong and adds nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from claims.extraction.values import Attribution, Span

_PASSIVE = re.compile(r"\b(?:when|if|once|was|were|been|being)(?: (?:also|then|later|once|never))? ?\Z", re.IGNORECASE)
_TOLD = ("told", "informed")
_PASSIVE_CUE = re.compile(
    r"(?:was|were|been|being) (?:also |then |later |once |never )?(?:told|informed)\Z", re.IGNORECASE
)
_BY = re.compile(r" by\b")
_LOOK_BACK = 24
_ASKS = re.compile(r"\?[\"'”’»]*,?\Z")
_OPENING = "\"'“‘„«"


def mended(text: str, attribution: Attribution) -> Attribution:
    """Returns the attribution without the answer to its question, and without a source who was told it."""
    content = _without_answer(text, attribution.content)
    mention = () if _was_told(text, attribution) else attribution.mention
    if content == attribution.content and mention == attribution.mention:
        return attribution
    return replace(attribution, content=content, mention=mention)


def _was_told(text: str, attribution: Attribution) -> bool:
    """Whether the source is the listener: "when told that he had lost, Sol laughed"."""
    for span in attribution.cue:
        cue = text[span.start : span.end]
        before = cue.lower() in _TOLD and _PASSIVE.search(text, max(0, span.start - _LOOK_BACK), span.start)
        if before or _PASSIVE_CUE.match(cue):
            return not _BY.match(text, span.end)
    return False


def _without_answer(text: str, content: Sequence[Span]) -> tuple[Span, ...]:
    """Returns the spans up to a question, where a quotation opens the next paragraph: that is another's answer."""
    for number, (one, after) in enumerate(pairwise(content)):
        between = text[one.end : after.start]
        if "\n" in between and text[after.start] in _OPENING and _ASKS.search(text, one.start, one.end):
            return tuple(content[: number + 1])
    return tuple(content)
