"""The tag set and its linear-chain CRF: best path and span probabilities in numpy.

Tags are O and B/I for source, cue and content. An I may only follow the B or I of its own role. Scores of a path are
the sum of emissions (from the encoder's tag head, plus decoding biases) and transitions.
"""

import numpy as np
from numpy.typing import NDArray

TAGS = ("O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content")
NEVER = -1e4
"""Score of a forbidden step: far below any real one, and finite so that sums stay finite."""

FloatArray = NDArray[np.float32]


def allowed_steps() -> NDArray[np.bool_]:
    """Return which tag (column) may follow which (row), shape (7, 7)."""
    allowed = np.ones((len(TAGS), len(TAGS)), dtype=np.bool_)
    for inside in (2, 4, 6):
        allowed[:, inside] = False
        allowed[[inside - 1, inside], inside] = True
    return allowed


def allowed_starts() -> NDArray[np.bool_]:
    """Return which tag may begin a text, shape (7,)."""
    return np.array([not tag.startswith("I") for tag in TAGS], dtype=np.bool_)


def best_path(emissions: FloatArray, transitions: FloatArray, starts: FloatArray) -> NDArray[np.int8]:
    """Return the best tag of each word (Viterbi), shape (W,).

    Args:
        emissions: Score of each tag for each word, (W, 7).
        transitions: Score of each step, (7, 7), row to column; forbidden ones at `NEVER`.
        starts: Score of each first tag, (7,).
    """
    words = len(emissions)
    path = np.zeros(words, dtype=np.int8)
    if not words:
        return path
    back = np.zeros((words, len(TAGS)), dtype=np.int8)
    into = np.ascontiguousarray(transitions.T)
    columns = np.arange(len(TAGS))
    scores = starts + emissions[0]
    for at in range(1, words):
        steps = into + scores
        chosen = steps.argmax(axis=1)
        back[at] = chosen
        scores = steps[columns, chosen] + emissions[at]
    path[-1] = scores.argmax()
    for at in range(words - 1, 0, -1):
        path[at - 1] = back[at, path[at]]
    return path


def tagged_spans(path: NDArray[np.int8]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the spans of source, cue and content, each (N, 2) first and last word, in text order."""
    found = []
    for role in range(3):
        begin, inside = 1 + 2 * role, 2 + 2 * role
        first = np.flatnonzero(path == begin)
        in_role = np.concatenate([path == inside, [False]])
        ends = np.flatnonzero(~in_role)
        last = ends[np.searchsorted(ends, first + 1)] - 1 if len(first) else first
        found.append(np.stack([first, last], axis=1).astype(np.int64))
    return found[0], found[1], found[2]
