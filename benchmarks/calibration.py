"""How far stated confidence is from what comes true, beside what a perfect forecaster would show on as many cases.

Expected calibration error in bins of equal mass (Naeini, Cooper and Hauskrecht, AAAI 2015; equal mass as in Nguyen and
O'Connor, EMNLP 2015). With few cases even a perfect forecaster has some; its mean is printed with it.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from claims.extraction import Extraction
from claims.extraction.attributions import Head
from claims.extraction.confidence import fit
from claims.extraction.encoder import Encoder
from claims.extraction.engine import DEFAULT_MODEL
from claims.extraction.lexicons import word_set
from claims.extraction.training.metric import Words, pairs
from claims.extraction.training.tune import Observed, Trial, observe

BINS = 10
FOLDS = 10
SIMULATIONS = 500

_HONORIFICS = word_set("mr mrs ms miss dr sen senator rep gov governor president prof sir the")
FloatArray = NDArray[np.float64]


def calibration_error(stated: FloatArray, right: FloatArray) -> float:
    """Return the mean distance of stated confidence and share that is right over bins of equal mass."""
    order = np.argsort(stated, kind="stable")
    bins = [part for part in np.array_split(order, BINS) if len(part)]
    return sum(abs(stated[part].mean() - right[part].mean()) * len(part) for part in bins) / max(1, len(stated))


def calibration_figures(stated: FloatArray, right: FloatArray) -> dict[str, Any]:
    """Return the error, and the mean error of a forecaster whose every word comes true as often as it says."""
    random = np.random.default_rng(0)
    perfect = [
        calibration_error(stated, (random.random(len(stated)) < stated).astype(float)) for _ in range(SIMULATIONS)
    ]
    return {
        "cases": len(stated),
        "right": round(float(right.mean()), 4),
        "error": round(calibration_error(stated, right), 4),
        "perfect_error": round(float(np.mean(perfect)), 4),
    }


def cross_validated(observed: Observed) -> FloatArray:
    """Return for each attribution the confidence that a fit on the articles of the other folds gives it."""
    stated = np.zeros(len(observed.matched))
    fold = observed.article % FOLDS
    for number in range(FOLDS):
        held = fold == number
        model = fit(observed.evidence[~held], observed.matched[~held])
        stated[held] = [model.probability(tuple(row)) for row in observed.evidence[held]]
    return stated


def claim_calibration(articles: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the figures of the model's own claims in annotated articles."""
    observed = observe(Head.load(DEFAULT_MODEL), Trial(Encoder(DEFAULT_MODEL), articles))
    return calibration_figures(cross_validated(observed), observed.matched.astype(float))


def speaker_calibration(
    articles: Sequence[dict[str, Any]], named: Sequence[dict[str, Any]], extractions: Mapping[str, Extraction]
) -> dict[str, Any]:
    """Return the figures of the speakers given by name to claims that are right.

    Args:
        articles: Annotated articles.
        named: Rows of `{"id", "speakers": [{"index", "name", "type"}]}`, a speaker for each attribution.
        extractions: What the engine found, by id of the article.
    """
    by_id = {row["id"]: row for row in articles}
    stated, right = [], []
    for row in named:
        words = Words(by_id[row["id"]]["text"])
        gold = [
            (speaker, claim)
            for speaker, a in zip(row["speakers"], by_id[row["id"]]["attributions"], strict=True)
            for claim in words.claims([(a["content"], a["source"])])
        ]
        found = [
            (one.speaker, claim)
            for one in extractions[row["id"]].claims
            for claim in words.claims([(one.content, one.mention)])
        ]
        for g, f in pairs([claim for _, claim in gold], [claim for _, claim in found], 0.5):
            given, true = found[f][0], gold[g][0]
            if given is not None and given.name and given.type in ("person", "organisation"):
                stated.append(given.confidence)
                right.append(true["type"] in ("person", "organisation") and _key(given.name) == _key(true["name"]))
    return calibration_figures(np.array(stated), np.array(right, dtype=float))


def _key(name: str) -> frozenset[str]:
    """Return a name's words without case, marks, honorifics and initials."""
    plain = unicodedata.normalize("NFKD", name).replace("’", "'").casefold()
    plain = "".join(c for c in re.sub(r"'s\b", "", plain) if not unicodedata.combining(c))
    return frozenset(word for word in re.findall(r"[^\W_]+", plain) if len(word) > 1) - _HONORIFICS
