import itertools

import numpy as np
import pytest

from claims.extraction.crf import (
    NEVER,
    TAGS,
    allowed_starts,
    allowed_steps,
    best_path,
    tagged_spans,
)

RANDOM = np.random.default_rng(7)
LENGTHS = [1, 2, 3, 4]


def _weights() -> tuple[np.ndarray, np.ndarray]:
    steps = np.where(allowed_steps(), RANDOM.normal(size=(7, 7)), NEVER).astype(np.float32)
    starts = np.where(allowed_starts(), RANDOM.normal(size=7), NEVER).astype(np.float32)
    return steps, starts


def _score(path: tuple[int, ...], emissions: np.ndarray, steps: np.ndarray, starts: np.ndarray) -> float:
    score = float(starts[path[0]])
    score += sum(float(emissions[at, tag]) for at, tag in enumerate(path))
    return score + sum(float(steps[a, b]) for a, b in itertools.pairwise(path))


@pytest.mark.parametrize("length", LENGTHS)
def test_best_path_equals_brute_force(length: int) -> None:
    steps, starts = _weights()
    for _ in range(5):
        emissions = RANDOM.normal(size=(length, 7)).astype(np.float32) * 2
        every = itertools.product(range(7), repeat=length)
        best = max(every, key=lambda path: _score(path, emissions, steps, starts))
        assert tuple(best_path(emissions, steps, starts)) == best


def test_a_path_never_takes_a_forbidden_step() -> None:
    steps, starts = _weights()
    path = best_path(RANDOM.normal(size=(500, 7)).astype(np.float32) * 5, steps, starts)
    assert allowed_starts()[path[0]]
    assert allowed_steps()[path[:-1], path[1:]].all()


def test_no_words_have_no_path() -> None:
    steps, starts = _weights()
    assert len(best_path(np.zeros((0, 7), dtype=np.float32), steps, starts)) == 0


SPANS = [
    ("nothing", "O O", [[], [], []]),
    ("one of each", "B-source B-cue B-content I-content", [[(0, 0)], [(1, 1)], [(2, 3)]]),
    ("neighbours of one role stay two", "B-content I-content B-content", [[], [], [(0, 1), (2, 2)]]),
    ("at the very end", "O B-content I-content", [[], [], [(1, 2)]]),
]


@pytest.mark.parametrize(("tags", "expected"), [row[1:] for row in SPANS], ids=[row[0] for row in SPANS])
def test_tagged_spans(tags: str, expected: list[list[tuple[int, int]]]) -> None:
    path = np.array([TAGS.index(tag) for tag in tags.split()], dtype=np.int8)
    assert [[tuple(span) for span in role.tolist()] for role in tagged_spans(path)] == expected
