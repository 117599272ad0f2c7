"""What changed between two texts, word by word: strings in, flat pieces out.

Lines are compared first and words only within lines that changed, each time anchored on what occurs once on both sides
(patience diff), so that a page of news takes milliseconds and a book still takes a time in proportion to its length.
Where nothing occurs once, a small stretch is compared exactly and a large one counts as replaced. Blanks between two
changed words belong to the change: a reader follows whole phrases, not islands of blanks. Do not compare character by
character here; editors ask which words changed.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

_WORDS = re.compile(r"\w+(?:['’]\w+)*|\s+|[^\w\s]")
_EXACT = 10_000  # cells of the table that comparing two stretches exactly may fill
_DEEPEST = 12  # anchors within anchors; past that a stretch counts as replaced

Tag = Literal["same", "removed", "added"]
Block = tuple[int, int, int]  # start in the old sequence, start in the new one, length


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one of the texts, or of both."""

    tag: Tag
    text: str


def compare(old: str, new: str) -> list[Piece]:
    """The pieces in reading order; those not added joined are `old`, those not removed joined are `new`."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    pieces: list[Piece] = []
    for is_same, left, right in _stretches(before, after):
        if is_same:
            pieces.append(Piece("same", "".join(left)))
        else:
            pieces += _compare_words("".join(left), "".join(right))
    return _joined(pieces)


def _compare_words(old: str, new: str) -> list[Piece]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    pieces: list[Piece] = []
    for is_same, left, right in _stretches(before, after):
        if is_same:
            pieces.append(Piece("same", "".join(left)))
        else:
            pieces += [Piece("removed", "".join(left)), Piece("added", "".join(right))]
    return _without_islands(pieces)


def _stretches(old: Sequence[str], new: Sequence[str]) -> list[tuple[bool, Sequence[str], Sequence[str]]]:
    """Alternately what both have and what they have instead of each other."""
    found: list[tuple[bool, Sequence[str], Sequence[str]]] = []
    at_old = at_new = 0
    for start_old, start_new, length in [*_matches(old, new), (len(old), len(new), 0)]:
        if start_old > at_old or start_new > at_new:
            found.append((False, old[at_old:start_old], new[at_new:start_new]))
        if length:
            found.append((True, old[start_old : start_old + length], new[start_new : start_new + length]))
        at_old, at_new = start_old + length, start_new + length
    return found


def _matches(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Block]:
    """What both sequences have, in order; no two blocks overlap."""
    blocks: list[Block] = []
    waiting = [(0, len(old), 0, len(new), 0)]
    while waiting:
        low, high, left, right, depth = waiting.pop()
        start = (low, left)
        while low < high and left < right and old[low] == new[left]:
            low, left = low + 1, left + 1
        if low > start[0]:
            blocks.append((*start, low - start[0]))
        end = high
        while low < high and left < right and old[high - 1] == new[right - 1]:
            high, right = high - 1, right - 1
        if high < end:
            blocks.append((high, right, end - high))
        if low == high or left == right:
            continue
        if (high - low) * (right - left) <= _EXACT:
            matcher = SequenceMatcher(None, old[low:high], new[left:right], autojunk=False)
            blocks += [(low + a, left + b, size) for a, b, size in matcher.get_matching_blocks() if size]
        elif depth < _DEEPEST:
            anchors = [(low, left), *_anchors(old, low, high, new, left, right), (high, right)]
            if len(anchors) > 2:
                waiting += [(a, c, b, d, depth + 1) for (a, b), (c, d) in pairwise(anchors)]
    return sorted(blocks)


def _anchors(
    old: Sequence[Hashable], low: int, high: int, new: Sequence[Hashable], left: int, right: int
) -> list[tuple[int, int]]:
    """Pairs of what occurs once in both stretches, the longest run of them that keeps the order."""
    once_old, once_new = Counter(old[low:high]), Counter(new[left:right])
    places = {new[at]: at for at in range(left, right) if once_new[new[at]] == 1}
    pairs = [(at, places[old[at]]) for at in range(low, high) if once_old[old[at]] == 1 and old[at] in places]
    ends: list[int] = []  # for each length the smallest place in `new` at which such a run ends
    last: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        before.append(last[length - 1] if length else -1)
        if length == len(ends):
            ends.append(place)
            last.append(number)
        else:
            ends[length], last[length] = place, number
    run, number = [], last[-1] if last else -1
    while number >= 0:
        run.append(pairs[number])
        number = before[number]
    return run[::-1]


def _without_islands(pieces: Sequence[Piece]) -> list[Piece]:
    """Blanks that stand alone between two changes become part of both."""
    found: list[Piece] = []
    for number, piece in enumerate(pieces):
        is_island = piece.tag == "same" and piece.text.isspace() and "\n" not in piece.text
        if is_island and 0 < number < len(pieces) - 1:
            found += [Piece("removed", piece.text), Piece("added", piece.text)]
        else:
            found.append(piece)
    return found


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours of one kind as one; of a change first all that went, then all that came."""
    found: list[Piece] = []
    removed, added = "", ""
    for piece in [*pieces, Piece("same", "")]:
        if piece.tag == "removed":
            removed += piece.text
        elif piece.tag == "added":
            added += piece.text
        else:
            found += [change for change in (Piece("removed", removed), Piece("added", added)) if change.text]
            removed = added = ""
            if found and found[-1].tag == "same":
                found[-1] = Piece("same", found[-1].text + piece.text)
            elif piece.text:
                found.append(piece)
    return found
