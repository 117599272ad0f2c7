import numpy as np
import pytest

from claims.extraction.linker import (
    DISTANCES,
    PARAGRAPHS,
    RANKS,
    REACH,
    SENTENCES,
    SIDES,
    WIDTH,
    Linker,
    Spans,
    place_classes,
)

RANDOM = np.random.default_rng(3)


def _arrays() -> dict[str, np.ndarray]:
    arrays: dict[str, np.ndarray] = {}
    for number in range(3):
        tables = {"distance": DISTANCES, "paragraph": PARAGRAPHS, "sentence": SENTENCES, "rank": RANKS}
        for name, rows in tables.items():
            arrays[f"linker.{name}.{number}.weight"] = RANDOM.normal(size=(rows, WIDTH))
    for name in ("add", "product", "none"):
        arrays[f"linker.{name}"] = RANDOM.normal(size=(3, WIDTH)) / WIDTH
    arrays["linker.none_bias"] = np.zeros(3)
    return {name: value.astype(np.float32) for name, value in arrays.items()}


def _with_vectors(role: str, words: np.ndarray) -> Spans:
    """Give each span vectors that depend on its place alone, so that the same span looks the same in any list."""
    size = len(SIDES[role]) * WIDTH
    rows = [np.random.default_rng(int(first)).normal(size=size) for first, _ in words]
    return Spans(role, words, np.array(rows, dtype=np.float32).reshape(len(words), size))


def _spans(*pairs: tuple[int, int]) -> np.ndarray:
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


PLACES = [
    ("right behind", (0, 3), (4, 5), 10, 2, 3, 5),
    ("right before", (6, 8), (4, 5), 8, 2, 3, 3),
    ("four words on", (0, 3), (7, 7), 12, 2, 3, 5),
    ("next sentence", (0, 3), (10, 11), 12, 2, 4, 5),
    ("next paragraph", (0, 3), (20, 21), 14, 3, 5, 5),
]


@pytest.mark.parametrize(
    ("left", "right", "distance", "paragraph", "sentence", "rank"),
    [row[1:] for row in PLACES],
    ids=[row[0] for row in PLACES],
)
def test_places(
    left: tuple[int, int], right: tuple[int, int], distance: int, paragraph: int, sentence: int, rank: int
) -> None:
    sentences = np.repeat([0, 1, 2], 10).astype(np.int32)
    paragraphs = np.repeat([0, 0, 1], 10).astype(np.int32)
    found = place_classes(_spans(left), _spans(right), sentences, paragraphs)
    assert [int(classes[0, 0]) for classes in found[:4]] == [distance, paragraph, sentence, rank]
    assert found[4][0, 0]


def test_a_candidate_out_of_reach_is_not_reachable() -> None:
    zeros = np.zeros(2000, dtype=np.int32)
    *_, reachable = place_classes(_spans((0, 0)), _spans((REACH, REACH), (REACH + 1, REACH + 1)), zeros, zeros)
    assert reachable.tolist() == [[True, False]]


def test_probabilities_sum_to_one_with_none() -> None:
    zeros = np.zeros(50, dtype=np.int32)
    left, right = _spans((0, 1), (20, 22)), _spans((5, 5), (30, 31), (40, 40))
    contents, cues = _with_vectors("content", left), _with_vectors("cue", right)
    for choice in Linker(_arrays()).choose(0, contents, cues, zeros, zeros):
        assert np.exp(choice.scores).sum() + np.exp(choice.none) == pytest.approx(1, abs=1e-5)


def test_candidates_far_away_change_nothing() -> None:
    linker = Linker(_arrays())
    zeros = np.zeros(3000, dtype=np.int32)
    near, far = _spans((5, 5), (30, 31)), _spans((5, 5), (30, 31), (2000, 2001), (2500, 2500))
    left = _spans((10, 12))
    cue = _with_vectors("cue", left)
    alone, among = (linker.choose(1, cue, _with_vectors("source", right), zeros, zeros)[0] for right in (near, far))
    assert np.allclose(alone.scores[:2], among.scores[:2], atol=1e-5)
    assert alone.none == pytest.approx(among.none, abs=1e-5)


def test_no_candidate_leaves_none() -> None:
    zeros = np.zeros(10, dtype=np.int32)
    content, source = _with_vectors("content", _spans((0, 1))), _with_vectors("source", _spans())
    (choice,) = Linker(_arrays()).choose(2, content, source, zeros, zeros)
    assert len(choice.scores) == 0
    assert choice.none == pytest.approx(0, abs=1e-6)
