"""The tune phase: biases of decoding, searched on dev with the output of the exported 8-bit file.

Coordinate search: each bias in turn takes the value that scores best, twice round. Dev is used for this and for
calibration only, never for training.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from claims.extraction.attributions import Decoding, Head, locate
from claims.extraction.confidence import Calibration, fit
from claims.extraction.encoder import Encoder
from claims.extraction.furniture import without_furniture
from claims.extraction.training.corpus import Row
from claims.extraction.training.metric import Claim, Score, Words, pairs, same_source

log = logging.getLogger(__name__)

STEPS = (-1.0, -0.6, -0.3, -0.15, 0.15, 0.3, 0.6, 1.0)
"""Tried around the present value of each bias."""


FLOORS = (0.0, 0.1, 0.15, 0.2, 0.25)
"""Cross-validated by article, .25 to .35 gave the best F1 on dev; the search stops at .25, since the confidence of what
the corpus seldom annotates (questions, refusals to comment) lies below that.
"""


class Trial:
    """Dev articles, cut, encoded once, to be decoded many times."""

    def __init__(self, encoder: Encoder, rows: Sequence[Row]) -> None:
        self.texts = [without_furniture(row["text"]) for row in rows]
        self.words = [Words(text) for text in self.texts]
        self.gold = [
            words.claims((a["content"], a["source"]) for a in row["attributions"])
            for words, row in zip(self.words, rows, strict=True)
        ]
        self.encoded = [encoder.encode(text) for text in self.texts]

    def claims(self, head: Head) -> Iterable[tuple[list[Claim], list[Claim]]]:
        """Yield gold and found claims of each article."""
        for text, words, gold, encoded in zip(self.texts, self.words, self.gold, self.encoded, strict=True):
            found = locate(head, encoded, head.decode(encoded), text)
            yield gold, words.claims((a.content, a.mention) for a in found)

    def score(self, head: Head) -> Score:
        """Score one setting."""
        score = Score()
        for gold, found in self.claims(head):
            score.add(gold, found)
        return score


def objective(score: Score) -> float:
    """What is maximised: attributed F1, mostly at the lenient threshold."""
    return objective_of({f"attributed@{floor}": score.f1(hits) for floor, hits in score.attributed.items()})


def objective_of(figures: Mapping[str, Any]) -> float:
    """Return the same of figures as `Score.figures` gives them."""
    return float(0.7 * figures["attributed@0.5"] + 0.3 * figures["attributed@0.8"])


def tune(head: Head, trial: Trial, rounds: int = 2) -> Decoding:
    """Search the biases; `head` keeps the best at the end."""
    best = objective(trial.score(head))
    log.info("before: %.4f", best)
    for _ in range(rounds):
        for name in (*(f"tags.{tag}" for tag in range(1, 7)), "no_source", "no_cue", "second_source"):
            start = kept = head.decoding
            for step in STEPS:
                head.decoding = _moved(start, name, step)
                now = objective(trial.score(head))
                if now > best + 1e-5:
                    best, kept = now, head.decoding
                    log.info("%s %+.2f: %.4f", name, step, best)
            head.decoding = kept
    return head.decoding


def _moved(decoding: Decoding, name: str, step: float) -> Decoding:
    if name.startswith("tags."):
        tags = decoding.tags.copy()
        tags[int(name[5:])] += step
        return replace(decoding, tags=tags)
    return replace(decoding, **{name: getattr(decoding, name) + step})


@dataclass(frozen=True, slots=True)
class Observed:
    """Every attribution of the dev articles that passes the floor, and what became of it.

    Attributes:
        evidence: (N, len(EVIDENCE)).
        matched: Whether it is one of the gold, (N,).
        attributed: Whether its source is right too, (N,).
        article: Number of its article, (N,).
    """

    evidence: NDArray[np.float32]
    matched: NDArray[np.bool_]
    attributed: NDArray[np.bool_]
    article: NDArray[np.int64]


def observe(head: Head, trial: Trial) -> Observed:
    """Decode all articles and compare with the gold."""
    rows: list[tuple[tuple[float, ...], bool, bool, int]] = []
    articles = zip(trial.words, trial.gold, trial.encoded, trial.texts, strict=True)
    for article, (words, gold, encoded, text) in enumerate(articles):
        links = head.decode(encoded)
        located = [(link, locate(head, encoded, [link], text)) for link in links]
        found = [(link, words.claims((a.content, a.mention) for a in likely)) for link, likely in located]
        kept = [(link, claims[0]) for link, claims in found if claims]
        partner = {f: g for g, f in pairs(gold, [claim for _, claim in kept], 0.5)}
        for number, (link, claim) in enumerate(kept):
            hit = number in partner
            rows.append((link.evidence, hit, hit and same_source(gold[partner[number]], claim), article))
    evidence, matched, attributed, numbers = zip(*rows, strict=True)
    return Observed(np.array(evidence, dtype=np.float32), np.array(matched), np.array(attributed), np.array(numbers))


def calibrate(observed: Observed) -> tuple[Calibration, Calibration]:
    """Fit the confidence of claims, and of sources among the claims that are right, under the tuned decoding."""
    hits = observed.matched
    return fit(observed.evidence, hits), fit(observed.evidence[hits], observed.attributed[hits])


def tune_floor(head: Head, trial: Trial) -> None:
    """Choose the confidence below which attributions are left out."""
    plain = head.decoding
    settings = [replace(plain, floor=floor) for floor in FLOORS]
    scores = []
    for head.decoding in settings:
        scores.append(objective(trial.score(head)))
        log.info("floor %.2f: %.4f", head.decoding.floor, scores[-1])
    head.decoding = settings[int(np.argmax(scores))]


def store(head: Head, calibrations: tuple[Calibration, Calibration], path: Path) -> None:
    """Write biases and calibration into `head.npz`."""
    with np.load(path) as stored:
        arrays: dict[str, Any] = {name: stored[name] for name in stored.files}
    arrays["decoding.tags"] = head.decoding.tags.astype(np.float32)
    arrays["decoding.no_cue"] = np.float32(head.decoding.no_cue)
    arrays["decoding.no_source"] = np.float32(head.decoding.no_source)
    arrays["decoding.second_source"] = np.float32(head.decoding.second_source)
    arrays["decoding.floor"] = np.float32(head.decoding.floor)
    for name, calibration in zip(("claim", "source"), calibrations, strict=True):
        arrays[f"confidence.{name}.weights"] = calibration.weights
        arrays[f"confidence.{name}.bias"] = np.float32(calibration.bias)
    np.savez_compressed(path, **arrays)
