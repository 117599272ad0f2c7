"""Which newly found claim is which stored one.

A stored claim's id carries notes and verdicts, so alignment must be one to one and prefer no partner to a wrong one.
Two claims are the same statement when their content overlaps by at least half (Jaccard over characters, the threshold
that the attribution scorers use over words), best overlap first. Where a newer engine cuts a long claim in two, the
larger half keeps the id. Do not add text similarity between claims that do not overlap: the article's text never
changes, so a statement stays where it is.
"""

from bisect import bisect_left
from collections.abc import Sequence

from claims.extraction.values import Span

SAME_STATEMENT = 0.5


def align(old: Sequence[Sequence[Span]], new: Sequence[Sequence[Span]]) -> list[int | None]:
    """Pairs stored claims with new ones by the overlap of their content.

    Args:
        old: Content spans of each stored claim.
        new: Content spans of each new claim, over the same text.

    Returns:
        For each new claim the index of its stored one, or None where it is first seen. Each index occurs once.
    """
    candidates = []
    ranges = sorted((spans[0].start, spans[-1].end, index) for index, spans in enumerate(old) if spans)
    longest = max((end - start for start, end, _ in ranges), default=0)
    for number, spans in enumerate(new):
        first = bisect_left(ranges, (spans[0].start - longest,))
        for place in range(first, len(ranges)):
            start, end, index = ranges[place]
            if start >= spans[-1].end:
                break
            if end > spans[0].start and (overlap := jaccard(old[index], spans)) >= SAME_STATEMENT:
                candidates.append((-overlap, index, number))
    partners: list[int | None] = [None] * len(new)
    taken: set[int] = set()
    for _, index, number in sorted(candidates):
        if index not in taken and partners[number] is None:
            partners[number] = index
            taken.add(index)
    return partners


def jaccard(one: Sequence[Span], other: Sequence[Span]) -> float:
    """Shared characters over all characters of two sorted, non-overlapping span lists; in [0, 1]."""
    shared = sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one for b in other)
    total = sum(span.end - span.start for span in (*one, *other)) - shared
    return shared / total if total else 0.0
