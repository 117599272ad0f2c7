"""The attribution metric: claims against gold by words, one to one, best overlap first.

A predicted and a gold claim match when the Jaccard overlap of their contents' words reaches a threshold; *attributed*
also asks that the two sources share a word, or that both have none.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_QUOTED = re.compile(r"""“[^“”]*”|"[^"\n]*"|(?:``|'')[^\n]*?''""")
KINDS = ("direct", "mixed", "indirect")


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim as sets of word numbers."""

    content: frozenset[int]
    source: frozenset[int]
    kind: str


class Words:
    """The words of one text, and which of them a span covers."""

    def __init__(self, text: str) -> None:
        spans = [match.span() for match in _WORD.finditer(text)]
        self.starts, self.ends = [s for s, _ in spans], [e for _, e in spans]
        self.quoted = self.covered(match.span() for match in _QUOTED.finditer(text))

    def covered(self, spans: Iterable[Sequence[int]]) -> frozenset[int]:
        """Return the numbers of the words that the spans touch."""
        found: set[int] = set()
        for start, end in spans:
            found.update(range(bisect_right(self.ends, start), bisect_left(self.starts, end)))
        return frozenset(found)

    def claims(self, rows: Iterable[tuple[Any, Any]]) -> list[Claim]:
        """Translate (content spans, source spans) pairs; those without a content word are left out."""
        found = []
        for content, source in rows:
            words = self.covered(content)
            if words:
                inside = len(words & self.quoted)
                kind = "direct" if inside >= 0.95 * len(words) else "mixed" if inside else "indirect"
                found.append(Claim(words, self.covered(source), kind))
        return found


def pairs(gold: Sequence[Claim], found: Sequence[Claim], floor: float) -> list[tuple[int, int]]:
    """Return one-to-one pairs of gold and found claims, best overlap first."""
    candidates = []
    for g, one in enumerate(gold):
        for f, other in enumerate(found):
            shared = len(one.content & other.content)
            if shared and (overlap := shared / len(one.content | other.content)) >= floor:
                candidates.append((-overlap, g, f))
    used_gold: set[int] = set()
    used_found: set[int] = set()
    chosen = []
    for _, g, f in sorted(candidates):
        if g not in used_gold and f not in used_found:
            used_gold.add(g)
            used_found.add(f)
            chosen.append((g, f))
    return chosen


def same_source(one: Claim, other: Claim) -> bool:
    """Tell whether two sources share a word, or are both absent."""
    return bool(one.source & other.source) or not (one.source or other.source)


@dataclass(slots=True)
class Score:
    """Counts over articles; `figures` turns them into rates."""

    gold: int = 0
    found: int = 0
    matched: dict[float, int] = field(default_factory=lambda: {0.5: 0, 0.8: 0})
    attributed: dict[float, int] = field(default_factory=lambda: {0.5: 0, 0.8: 0})
    kinds: dict[str, list[int]] = field(default_factory=lambda: {kind: [0, 0, 0] for kind in KINDS})

    def add(self, gold: Sequence[Claim], found: Sequence[Claim]) -> None:
        """Count one article."""
        self.gold += len(gold)
        self.found += len(found)
        for claim in gold:
            self.kinds[claim.kind][0] += 1
        for floor in self.matched:
            for g, f in pairs(gold, found, floor):
                right = same_source(gold[g], found[f])
                self.matched[floor] += 1
                self.attributed[floor] += right
                if floor == 0.5:
                    self.kinds[gold[g].kind][1] += 1
                    self.kinds[gold[g].kind][2] += right

    def f1(self, hits: int) -> float:
        """Return the F1 of this many hits."""
        return 2 * hits / (self.gold + self.found) if self.gold + self.found else 0.0

    def figures(self) -> dict[str, Any]:
        """Return all rates, rounded to four places."""
        named = {"claim": self.matched, "attributed": self.attributed}
        rates: dict[str, Any] = {
            f"{name}@{floor}": round(self.f1(hits), 4)
            for name, counts in named.items()
            for floor, hits in counts.items()
        }
        rates["precision@0.5"] = round(self.attributed[0.5] / max(1, self.found), 4)
        rates["recall@0.5"] = round(self.attributed[0.5] / max(1, self.gold), 4)
        for kind, (gold, found, right) in self.kinds.items():
            rates[kind] = {
                "gold": gold,
                "found": round(found / max(1, gold), 4),
                "attributed": round(right / max(1, gold), 4),
            }
        return rates
