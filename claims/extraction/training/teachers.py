"""Soft tags from teachers: the mean of what several exported models think of each word of the training articles.

Labels of attribution are noisy (two people agree in three of four); models of different seeds disagree where the
labels do, and their mean tells the student how sure to be.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from claims.extraction.encoder import EncodedText, Encoder
from claims.extraction.pieces import CachedTokenizer, cut_pieces
from claims.extraction.training.checkpoints import load_network
from claims.extraction.training.network import Network, encode
from claims.extraction.windows import cut_windows


class NetworkEncoder:
    """A network in training's own arithmetic, asked as `encoder.Encoder` is."""

    def __init__(self, network: Network, tokenizer: CachedTokenizer) -> None:
        """Take a trained network, in evaluation mode."""
        self._network, self._tokenizer = network, tokenizer

    def encode(self, text: str) -> EncodedText:
        """Cut a text and give each word its vector."""
        pieces = cut_pieces(self._tokenizer, text)
        with torch.no_grad():
            (vectors,) = encode(self._network.encoder, [pieces], [list(cut_windows(pieces))])
            return EncodedText(pieces, vectors.numpy(), self._network.tags(vectors).numpy())


def soft_tags(
    texts: Sequence[str], teachers: Sequence[Path], folds: Sequence[Path], tokenizer: CachedTokenizer, cache: Path
) -> list[NDArray[np.float32]]:
    """Return the mean tag probabilities of all who teach, for the words of each text, (W, 7).

    Args:
        texts: Training texts.
        teachers: Model directories, or checkpoints of the large network, each asked about every text.
        folds: The same, the Ith of N asked about the texts I, I + N, …, which it was not trained on. What a model says
            of an article that it never saw cannot repeat that article's own mistakes.
        tokenizer: The one that all share.
        cache: Folder where each teacher's answers are kept, for a run that is resumed.
    """
    answers = [
        _answers(texts, teacher, tokenizer, cache / f"teacher{number}.npz") for number, teacher in enumerate(teachers)
    ]
    if folds:
        unseen: list[NDArray[np.float32]] = [np.empty(0, np.float32)] * len(texts)
        for number, fold in enumerate(folds):
            part = slice(number, None, len(folds))
            unseen[part] = _answers(texts[part], fold, tokenizer, cache / f"fold{number}.npz")
        answers.append(unseen)
    return [np.mean(np.stack(every), axis=0, dtype=np.float32) for every in zip(*answers, strict=True)]


def _answers(
    texts: Sequence[str], teacher: Path, tokenizer: CachedTokenizer, stored: Path
) -> list[NDArray[np.float32]]:
    if stored.exists():
        with np.load(stored) as arrays:
            return [arrays[str(index)].astype(np.float32) for index in range(len(texts))]
    if teacher.is_dir():
        encoder: Encoder | NetworkEncoder = Encoder(teacher)
    else:
        encoder = NetworkEncoder(load_network([teacher]), tokenizer)
    answers = [_softmax(encoder.encode(text).tags) for text in texts]
    kept: dict[str, Any] = {str(index): answer.astype(np.float16) for index, answer in enumerate(answers)}
    np.savez(stored, **kept)
    return answers


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)
