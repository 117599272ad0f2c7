"""From annotated articles (PolNeAR rows) to what the trainer wants: word tags, spans and links between them.

The gold has quirks that would teach the tagger noise: spans that start or end inside a word, contents cut by a
quotation mark, a handful of attributions with source and cue swapped. They are repaired here, by rules that look at
the whole corpus and at no single article. Do NOT repair anything in the file that is scored.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from claims.extraction.pieces import CachedTokenizer, Pieces, cut_pieces
from claims.extraction.windows import Window, cut_windows

SOURCE, CUE, CONTENT = 0, 1, 2
ROLES = ("source", "cue", "content")
Row = dict[str, Any]
WordSpan = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Article:
    """One article ready for training.

    Attributes:
        key: The row's id.
        pieces: The text, cut.
        windows: Windows over the pieces.
        tags: Gold tag of each word (see `claims.extraction.crf.TAGS`).
        spans: For each role, its distinct spans as (first, last) word, sorted.
        cue_of: For each content span, the index of its cue, or -1.
        sources_of_cue: For each cue, the indices of its sources (empty: none).
        sources_of_content: For each content span, likewise.
        soft_tags: What teachers think of each word's tag, (W, 7) probabilities; None without teachers.
    """

    key: str
    pieces: Pieces
    windows: tuple[Window, ...]
    tags: np.ndarray
    spans: tuple[list[WordSpan], list[WordSpan], list[WordSpan]]
    cue_of: list[int]
    sources_of_cue: list[list[int]]
    sources_of_content: list[list[int]]
    soft_tags: np.ndarray | None = None


def read_rows(path: Path) -> list[Row]:
    """Read a JSONL file of annotated articles."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def swap_repairs(rows: Sequence[Row]) -> int:
    """Swap source and cue where the whole corpus says that they were swapped; return how many were."""
    seen = (Counter[str](), Counter[str]())
    for row in rows:
        for attribution in row["attributions"]:
            for role in (SOURCE, CUE):
                seen[role][_words(row["text"], attribution[ROLES[role]])] += 1
    swapped = 0
    for row in rows:
        for attribution in row["attributions"]:
            source, cue = (_words(row["text"], attribution[role]) for role in ("source", "cue"))
            if source and cue and seen[SOURCE][cue] > seen[CUE][cue] and seen[CUE][source] > seen[SOURCE][source]:
                attribution["source"], attribution["cue"] = attribution["cue"], attribution["source"]
                swapped += 1
    return swapped


def _words(text: str, spans: Iterable[Sequence[int]]) -> str:
    return " ".join(text[start:end].lower().strip() for start, end in spans)


def prepare(row: Row, tokenizer: CachedTokenizer, core: int) -> Article:
    """Cut one annotated article and translate its spans to words."""
    text = row["text"]
    pieces = cut_pieces(tokenizer, text)
    taken = np.full(len(pieces.starts), -1, dtype=np.int64)
    found: tuple[dict[WordSpan, int], ...] = ({}, {}, {})
    attributions: list[list[list[WordSpan]]] = []
    for attribution in row["attributions"]:
        roles = []
        for role, name in enumerate(ROLES):
            met = [_to_words(pieces, s, e) for s, e in _joined(text, attribution[name])]
            roles.append([_claim(taken, role, span, found[role]) for span in met if span is not None])
        attributions.append([[span for span in claimed if span is not None] for claimed in roles])
    spans = tuple(sorted(found[role]) for role in range(3))
    number = tuple({span: index for index, span in enumerate(spans[role])} for role in range(3))
    cue_of = [-1] * len(spans[CONTENT])
    sources_of_cue: list[list[int]] = [[] for _ in spans[CUE]]
    sources_of_content: list[list[int]] = [[] for _ in spans[CONTENT]]
    for sources, cues, contents in attributions:
        numbers = [number[SOURCE][span] for span in sources]
        for cue in cues:
            sources_of_cue[number[CUE][cue]] += numbers
        for content in contents:
            sources_of_content[number[CONTENT][content]] += numbers
            if cues:
                cue_of[number[CONTENT][content]] = number[CUE][cues[0]]
    return Article(
        row["id"], pieces, tuple(cut_windows(pieces, core)), _tags(len(taken), spans), spans,  # type: ignore[arg-type]
        cue_of, sources_of_cue, sources_of_content,
    )  # fmt: skip


def _joined(text: str, spans: Iterable[Sequence[int]]) -> list[tuple[int, int]]:
    """Join spans of one role that no word character separates: a quote cut by its own marks is one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted((s, e) for s, e in spans):
        between = text[joined[-1][1] : start] if joined else "x"
        if joined and "\n" not in between and not any(c.isalnum() for c in between):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _to_words(pieces: Pieces, start: int, end: int) -> WordSpan | None:
    """Return the first and last word of which at least half lies in the span."""
    first = int(np.searchsorted(pieces.ends, start, side="right"))
    last = int(np.searchsorted(pieces.starts, end, side="left")) - 1
    if first <= last and 2 * (pieces.ends[first] - start) < pieces.ends[first] - pieces.starts[first]:
        first += 1
    if first <= last and 2 * (end - pieces.starts[last]) < pieces.ends[last] - pieces.starts[last]:
        last -= 1
    return (first, last) if first <= last else None


def _claim(taken: np.ndarray, role: int, span: WordSpan, found: dict[WordSpan, int]) -> WordSpan | None:
    """Reserve the span's words for its role; of two that overlap the first stands."""
    if span in found:
        return span
    held = taken[span[0] : span[1] + 1]
    if (held >= 0).any():
        for other in found:
            if other[0] <= span[1] and span[0] <= other[1]:
                return other
        return None
    held[:] = role
    found[span] = len(found)
    return span


def _tags(words: int, spans: Sequence[Sequence[WordSpan]]) -> np.ndarray:
    tags = np.zeros(words, dtype=np.int64)
    for role in range(3):
        for first, last in spans[role]:
            tags[first] = 1 + 2 * role
            tags[first + 1 : last + 1] = 2 + 2 * role
    return tags
