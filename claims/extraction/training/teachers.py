"""Soft tags from teachers: the mean of what several exported models think of each word of the training articles.

Labels of attribution are noisy (two people agree in three of four); models of different seeds disagree where the
labels do, and their mean tells the student how sure to be.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from claims.extraction.encoder import Encoder


def soft_tags(
    texts: Sequence[str], teachers: Sequence[Path], folds: Sequence[Path], cache: Path
) -> list[NDArray[np.float32]]:
    """Return the mean tag probabilities of all who teach, for the words of each text, (W, 7).

    Args:
        texts: Training texts.
        teachers: Model directories, each asked about every text.
        folds: Model directories, the Ith of N asked about the texts I, I + N, …, which it was not trained on. What a
            model says of an article that it never saw cannot repeat that article's own mistakes.
        cache: Folder where each teacher's answers are kept, for a run that is resumed.
    """
    answers = [_answers(texts, teacher, cache / f"teacher{number}.npz") for number, teacher in enumerate(teachers)]
    if folds:
        unseen: list[NDArray[np.float32]] = [np.empty(0, np.float32)] * len(texts)
        for number, fold in enumerate(folds):
            part = slice(number, None, len(folds))
            unseen[part] = _answers(texts[part], fold, cache / f"fold{number}.npz")
        answers.append(unseen)
    return [np.mean(np.stack(every), axis=0, dtype=np.float32) for every in zip(*answers, strict=True)]


def _answers(texts: Sequence[str], teacher: Path, stored: Path) -> list[NDArray[np.float32]]:
    if stored.exists():
        with np.load(stored) as arrays:
            return [arrays[str(index)].astype(np.float32) for index in range(len(texts))]
    encoder = Encoder(teacher)
    answers = [_softmax(encoder.encode(text).tags) for text in texts]
    kept: dict[str, Any] = {str(index): answer.astype(np.float16) for index, answer in enumerate(answers)}
    np.savez(stored, **kept)
    return answers


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)
