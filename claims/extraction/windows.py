"""Cutting a long text into windows for the encoder.

Every piece is scored in exactly one window, as part of its core, and sees 32 pieces to its left and 16 to its right
beyond the core, so nothing that crosses an edge is lost. Cores end where the text pauses: a paragraph, else a line,
else a sentence. Do NOT widen the window at run time: the weights were trained on this size, and wider ones lost .03
attributed F1.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from claims.extraction.pieces import LINE_BREAK, PARAGRAPH_BREAK, Pieces

CORE = 206
LEFT = 32
RIGHT = 16
SHORTEST = 0.5
"""A core is not ended before this share of it where a later pause of a weaker kind exists: short windows cost time, and
at .9 the cores that end within a paragraph cost .004 attributed F1."""


class Window(NamedTuple):
    """Piece indices: the encoder sees [start, end), the window answers for [core_start, core_end)."""

    start: int
    core_start: int
    core_end: int
    end: int


def cut_windows(pieces: Pieces, core: int = CORE, first: int | None = None) -> Iterator[Window]:
    """Yield the windows of a text, in order; their cores partition its pieces.

    Args:
        pieces: The text, cut.
        core: Most pieces of a core.
        first: Most pieces of the first core, where another cut of the same text is wanted (training).
    """
    total = len(pieces)
    pauses = _pauses(pieces)
    start, longest = 0, first or core
    while start < total:
        end = total if total - start <= longest else _best_cut(pauses, start, start + longest)
        longest = core
        yield Window(max(0, start - LEFT), start, end, min(total, end + RIGHT))
        start = end


def _pauses(pieces: Pieces) -> np.ndarray:
    """Return for each piece how good a cut after it is: 4 paragraph, 3 line, 2 sentence, 1 word, 0 inside a word."""
    total = len(pieces)
    strength = np.zeros(total, dtype=np.int8)
    firsts = pieces.word_piece
    if len(firsts):
        before = firsts[firsts > 0] - 1
        strength[before] = 1
        new_sentence = firsts[1:][np.diff(pieces.sentence) > 0]
        strength[new_sentence - 1] = 2
    strength[pieces.ids == LINE_BREAK] = 3
    strength[pieces.ids == PARAGRAPH_BREAK] = 4
    return strength


def _best_cut(pauses: np.ndarray, start: int, limit: int) -> int:
    least = int(SHORTEST * (limit - start))
    for floor, shortest in ((4, least), (3, least), (2, least), (2, 1), (1, 1)):
        found = np.flatnonzero(pauses[start + shortest - 1 : limit] >= floor)
        if len(found):
            return int(start + shortest + found[-1])
    return limit
