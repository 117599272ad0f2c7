"""From log-probabilities of tags and links to the probability that a claim is right.

Two small logistic models, fitted on dev by the tune phase and stored with the model: one for the claim (content and cue
form an attribution), one for its source given that the claim is right. Products of raw tag probabilities are NOT used:
they fall with the length of a quote, while long quotes are the surest.
"""

from dataclasses import dataclass
from math import exp
from operator import mul

import numpy as np
from numpy.typing import NDArray

EVIDENCE = (
    "content", "weakest_content", "content_begins", "content_stops", "cue", "link", "source", "log_words", "is_split",
    "quoted", "no_source",
)  # fmt: skip
"""What `attributions.Link.evidence` holds, in this order."""

THRESHOLDS = {"high precision": 0.9, "balanced": 0.6, "high recall": 0.3}
"""Least confidence of a claim by use; the model card has what each keeps and how much of that is right on dev. Below
the last there is next to nothing: decoding has a floor of its own.
"""

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model over the evidence.

    Attributes:
        weights: One weight for each of `EVIDENCE`.
        bias: The constant.
    """

    weights: FloatArray
    bias: float

    def probability(self, evidence: tuple[float, ...]) -> float:
        """Return the probability in [0, 1], rounded so that it is the same on every machine."""
        score = sum(map(mul, self.weights.tolist(), evidence)) + self.bias
        return round(1 / (1 + exp(-min(max(score, -30.0), 30.0))), 4)


def fit(evidence: FloatArray, right: NDArray[np.bool_], ridge: float = 1.0) -> Calibration:
    """Fit a logistic model by Newton's method.

    Args:
        evidence: One row for each claim, (N, len(EVIDENCE)).
        right: Whether the claim was right, (N,).
        ridge: Penalty on the weights of the standardised evidence.
    """
    mean, spread = evidence.mean(axis=0), evidence.std(axis=0) + 1e-6
    design = np.concatenate([(evidence - mean) / spread, np.ones((len(evidence), 1))], axis=1).astype(np.float64)
    penalty = np.full(design.shape[1], ridge)
    penalty[-1] = 0.0
    weights = np.zeros(design.shape[1])
    for _ in range(25):
        chance = 1 / (1 + np.exp(-design @ weights))
        gradient = design.T @ (right - chance) - penalty * weights
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design + np.diag(penalty + 1e-6)
        weights += np.linalg.solve(curvature, gradient)
    plain = weights[:-1] / spread
    return Calibration(plain.astype(np.float32), float(weights[-1] - plain @ mean))
