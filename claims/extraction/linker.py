"""Which content goes with which cue, and which source with which cue.

Three small bilinear scorers (content to cue, cue to source, content to source) choose among the spans within
`REACH` words, or "none". A claim is all contents that chose the same cue, which joins "X," he said, "Y". Links are
looked for near by, so the work is linear in the text. Do NOT replace them by the nearest cue: on predicted spans that
lost .02 attributed F1.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LINKS = ("content_cue", "cue_source", "content_source")
CHOOSING, CHOSEN = 0, 1
SIDES = {
    "source": ((1, CHOSEN), (2, CHOSEN)),
    "cue": ((0, CHOSEN), (1, CHOOSING)),
    "content": ((0, CHOOSING), (2, CHOOSING)),
}
"""For the spans of each role, the links that they take part in, as number in `LINKS` and on which side."""
WIDTH = 96
REACH = 300
"""Candidates farther away than this many words are never considered."""
DISTANCES = 19
PARAGRAPHS = 5
SENTENCES = 7
RANKS = 9

GROUP = 32
"""Spans scored at once: bounds the memory of one step whatever the text."""

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float32]


def place_classes(
    left: IntArray, right: IntArray, sentence: NDArray[np.int32], paragraph: NDArray[np.int32]
) -> tuple[IntArray, IntArray, IntArray, IntArray, NDArray[np.bool_]]:
    """Describe where each candidate stands as seen from each choosing span.

    Args:
        left: Choosing spans, (N, 2) first and last word, sorted.
        right: Candidates, (M, 2), sorted.
        sentence: Sentence number of each word.
        paragraph: Paragraph number of each word.

    Returns:
        Classes of distance, paragraph, sentence and rank, each (N, M), and whether the candidate is in reach.
    """
    after = right[None, :, 0] - left[:, None, 1]
    before = left[:, None, 0] - right[None, :, 1]
    gap = np.maximum(after, before)
    gap = np.maximum(gap, 1)
    is_after = after >= before
    bucket = np.minimum(np.floor(np.log2(gap)).astype(np.int64), 8)
    distance = np.where(is_after, 10 + bucket, 8 - bucket)
    near_left = np.where(is_after, left[:, None, 1], left[:, None, 0])
    near_right = np.where(is_after, right[None, :, 0], right[None, :, 1])
    paragraphs = np.clip(paragraph[near_right].astype(np.int64) - paragraph[near_left], -2, 2) + 2
    sentences = np.clip(sentence[near_right].astype(np.int64) - sentence[near_left], -3, 3) + 3
    first_after = np.argmax(np.concatenate([is_after, np.ones((len(left), 1), dtype=np.bool_)], axis=1), axis=1)
    order = np.arange(len(right))[None, :] - first_after[:, None]
    ranks = np.where(order >= 0, np.minimum(order, 3) + 5, np.maximum(order, -4) + 4)
    return distance, paragraphs, sentences, ranks, gap <= REACH


@dataclass(frozen=True, slots=True)
class Choice:
    """How one span sees its candidates: log-probabilities that sum to one with `none`.

    Attributes:
        first: Index of the first candidate in reach.
        scores: Log-probability of the candidates from `first` on; -inf for one out of reach.
        none: Log-probability that none of them is meant.
    """

    first: int
    scores: FloatArray
    none: float


@dataclass(frozen=True, slots=True)
class Spans:
    """Spans of one role with what the scorers see of them.

    Attributes:
        role: One of `SIDES`.
        words: First and last word of each, (N, 2).
        vectors: One vector for each of the role's sides, (N, len(SIDES[role]) * WIDTH).
    """

    role: str
    words: IntArray
    vectors: FloatArray

    def side(self, link: int, which: int) -> FloatArray:
        """Return the vectors for one link, (N, WIDTH), as the spans that choose or as the chosen."""
        at = SIDES[self.role].index((link, which)) * WIDTH
        return self.vectors[:, at : at + WIDTH]


class Linker:
    """The trained scorers, run by numpy."""

    def __init__(self, arrays: Mapping[str, FloatArray]) -> None:
        """Take the arrays of the model's head file; `arrays` are named as the trainer's network names them."""
        self._links = [_Link.from_arrays(arrays, number) for number in range(len(LINKS))]

    def choose(
        self, link: int, left: Spans, right: Spans, sentence: NDArray[np.int32], paragraph: NDArray[np.int32]
    ) -> list[Choice]:
        """Score the candidates of each choosing span.

        Args:
            link: Index into `LINKS`.
            left: Choosing spans, sorted.
            right: Candidates, sorted.
            sentence: Sentence number of each word.
            paragraph: Paragraph number of each word.
        """
        weights = self._links[link]
        choices: list[Choice] = []
        for at, end in _groups(left.words):
            group = left.words[at:end]
            low = int(np.searchsorted(right.words[:, 1], group[0, 0] - REACH))
            high = int(np.searchsorted(right.words[:, 0], group[:, 1].max() + REACH, side="right"))
            near = right.words[low:high]
            *places, reachable = place_classes(group, near, sentence, paragraph)
            scores = weights.score(left.side(link, CHOOSING)[at:end], right.side(link, CHOSEN)[low:high], places)
            scores[:, :-1][~reachable] = -np.inf
            scores -= _log_sum(scores)
            choices.extend(Choice(low, row[:-1], float(row[-1])) for row in scores)
        return choices


@dataclass(frozen=True, slots=True)
class _Link:
    tables: tuple[FloatArray, ...]
    add: FloatArray
    product: FloatArray
    none: FloatArray
    none_bias: float

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, FloatArray], number: int) -> "_Link":
        tables = tuple(
            arrays[f"linker.{name}.{number}.weight"] for name in ("distance", "paragraph", "sentence", "rank")
        )
        return cls(
            tables,
            arrays["linker.add"][number],
            arrays["linker.product"][number],
            arrays["linker.none"][number],
            float(arrays["linker.none_bias"][number]),
        )

    def score(self, left: FloatArray, right: FloatArray, places: Sequence[IntArray]) -> FloatArray:
        """Return (N, M + 1) scores; the last column is "none"."""
        hidden = left[:, None, :] + right[None, :, :]
        for table, classes in zip(self.tables, places, strict=True):
            hidden += table[classes]
        np.maximum(hidden, 0, out=hidden)
        scores = hidden @ self.add + (left * self.product) @ right.T
        none = np.maximum(left, 0) @ self.none + self.none_bias
        return np.concatenate([scores, none[:, None]], axis=1)


def _groups(spans: IntArray) -> Iterator[tuple[int, int]]:
    """Cut the spans into runs that lie near together, so that a run's candidates are few."""
    starts = spans[:, 0].tolist()
    at = 0
    for index in range(1, len(starts) + 1):
        if index == len(starts) or index - at == GROUP or starts[index] - starts[at] > REACH:
            yield at, index
            at = index


def _log_sum(scores: FloatArray) -> FloatArray:
    top = scores.max(axis=1, keepdims=True)
    return np.asarray(top + np.log(np.exp(scores - top).sum(axis=1, keepdims=True)))
