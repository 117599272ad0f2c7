"""Who is reported to say what: tags, links and the attributions that they make.

The encoder gives each word a vector; a CRF reads sources, cues and contents off them; the linker joins these. A claim
is all contents that chose one cue, and its source the one that cue and contents together prefer. Long texts pass in
overlapping sections, each answering for the claims that begin in its own part, so memory is flat and the work linear.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, log1p
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from claims.extraction.confidence import EVIDENCE, Calibration
from claims.extraction.crf import NEVER, allowed_starts, allowed_steps, best_path, tagged_spans
from claims.extraction.encoder import EncodedText, Encoder, load_session, sections
from claims.extraction.errors import ExtractionError
from claims.extraction.linker import SIDES, Choice, Linker, Spans
from claims.extraction.pieces import FEATURES, Pieces
from claims.extraction.values import Attribution, Span

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

SECTION = 60_000
OVERLAP = 4_000
"""More than `linker.REACH` words of running text, so that a section's edge hides no cue or source."""
_POINTS_BACK = re.compile(r"\bthe (?:latter|former)['’]s\b")
FLOOR = -12.0
"""Log-probability of a source that a content or cue cannot reach."""

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]
Members = tuple[int, list[tuple[int, float]]]
"""A cue's number with the contents that chose it: their numbers and log-probabilities."""
SOURCE, CUE, CONTENT = 0, 1, 2
B_SOURCE = 1
CONTENT_CUE, CUE_SOURCE, CONTENT_SOURCE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Decoding:
    """Biases of decoding, tuned on dev with the shipped file's own output.

    Attributes:
        tags: Added to the score of each tag, (7,).
        no_cue: Added to the log-probability that a content has no cue.
        no_source: Added to the log-probability that a claim has no source.
        second_source: Added to the score of a source's first word near a claim that was left without one.
        floor: Attributions whose content and source are less likely right than this are left out.
    """

    tags: FloatArray
    no_cue: float
    no_source: float
    second_source: float
    floor: float


@dataclass(frozen=True, slots=True)
class Link:
    """One decoded attribution, in word spans.

    Attributes:
        contents: Content spans, (first, last) word each.
        cue: The cue's span.
        source: The source's span, or None.
        evidence: What confidence is computed from; see `confidence.EVIDENCE`.
    """

    contents: tuple[tuple[int, int], ...]
    cue: tuple[int, int]
    source: tuple[int, int] | None
    evidence: tuple[float, ...]


class Head:
    """Tag head, CRF and linker of one model: everything after the encoder."""

    def __init__(self, arrays: dict[str, FloatArray], sides: InferenceSession) -> None:
        """Take the arrays by the names that the trainer gave them, and the network that prepares spans for linking."""
        self._sides = sides
        self.decoding = Decoding(
            arrays["decoding.tags"],
            float(arrays["decoding.no_cue"]),
            float(arrays["decoding.no_source"]),
            float(arrays["decoding.second_source"]),
            float(arrays["decoding.floor"]),
        )
        self.claim_confidence = _calibration(arrays, "claim")
        self.source_confidence = _calibration(arrays, "source")
        self.linker = Linker(arrays)
        self.transitions = np.where(allowed_steps(), arrays["crf.transitions"], np.float32(NEVER))
        self.starts = np.where(allowed_starts(), arrays["crf.starts"], np.float32(NEVER))

    @classmethod
    def load(cls, model_dir: Path) -> Head:
        """Read `head.npz` and `links.onnx`.

        Raises:
            ExtractionError: The file is missing, damaged or of another version.
        """
        path = model_dir / "head.npz"
        try:
            with np.load(path, allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
            return cls(arrays, load_session(model_dir / "links.onnx"))
        except (OSError, ValueError, KeyError) as error:
            raise ExtractionError(f"{path}: the head of the model is missing or damaged ({error})") from error

    def decode(self, encoded: EncodedText) -> list[Link]:
        """Return the attributions of one cut and encoded text, in the order of their cues."""
        pieces, vectors, emissions = encoded
        if not len(pieces.starts):
            return []
        scores = emissions + self.decoding.tags
        path = best_path(scores, self.transitions, self.starts)
        spans = tagged_spans(path)
        _, cues, contents = spans
        if not len(contents) or not len(cues):
            return []
        prepared = self._prepare(spans, vectors)
        by_cue = self._join(
            self.linker.choose(CONTENT_CUE, prepared[CONTENT], prepared[CUE], pieces.sentence, pieces.paragraph),
            len(cues),
        )
        chosen = self._sources(prepared, by_cue, pieces)
        needy = [group for group, (source, _) in zip(by_cue, chosen, strict=True) if source is None]
        second = self._second_sources(spans, needy, encoded, path) if needy else {}
        certainty = _log_softmax(emissions)
        links = []
        for (cue, members), (source, source_score) in zip(by_cue, chosen, strict=True):
            members_words = tuple((int(contents[index, 0]), int(contents[index, 1])) for index, _ in members)
            links.append(
                Link(
                    members_words,
                    (int(cues[cue, 0]), int(cues[cue, 1])),
                    second.get(cue) if source is None else source,
                    (
                        *_evidence(certainty, members_words, cues[cue], [score for _, score in members]),
                        source_score,
                        *_appearance(pieces, members_words),
                        float(source is None),
                    ),
                )
            )
        return links

    def _sources(
        self, prepared: Sequence[Spans], by_cue: Sequence[Members], pieces: Pieces
    ) -> list[tuple[tuple[int, int] | None, float]]:
        """Return for each cue's contents the source that fits best, as a span, and its log-probability."""
        sources, cues, contents = prepared
        from_cue = self.linker.choose(CUE_SOURCE, cues, sources, pieces.sentence, pieces.paragraph)
        from_content = self.linker.choose(CONTENT_SOURCE, contents, sources, pieces.sentence, pieces.paragraph)
        found: list[tuple[tuple[int, int] | None, float]] = []
        for cue, members in by_cue:
            best, score = self._source(from_cue[cue], [from_content[index] for index, _ in members])
            found.append((None if best is None else (int(sources.words[best, 0]), int(sources.words[best, 1])), score))
        return found

    def _second_sources(
        self, spans: Sequence[IntArray], needy: Sequence[Members], encoded: EncodedText, path: NDArray[np.int8]
    ) -> dict[int, tuple[int, int]]:
        """Look again for sources of the cues that got none: spans that the tagger nearly saw in their sentences.

        Most claims have a source, so less speaks for one here than elsewhere. What is tagged already stays as it is,
        and so does the evidence: such a source is no surer than none was.
        """
        pieces, vectors, emissions = encoded
        _, cues, contents = spans
        near = np.zeros(len(path), dtype=np.bool_)
        for cue, members in needy:
            words = [*cues[cue], *contents[[index for index, _ in members]].ravel()]
            first, last = pieces.sentence[min(words)], pieces.sentence[max(words)]
            near[pieces.sentence.searchsorted(first) : pieces.sentence.searchsorted(last, side="right")] = True
        scores = emissions + self.decoding.tags
        scores[:, B_SOURCE] += self.decoding.second_source
        tagged = path > 0
        scores[tagged] = NEVER
        scores[tagged, path[tagged]] = 0
        looked_at = np.flatnonzero(near)
        again = np.zeros_like(path)
        again[looked_at] = best_path(scores[looked_at], self.transitions, self.starts)
        again[tagged] = 0
        sources = tagged_spans(again)[0]
        if not len(sources):
            return {}
        found = self._sources(self._prepare((sources, cues, contents), vectors), needy, pieces)
        return {cue: source for (cue, _), (source, _) in zip(needy, found, strict=True) if source is not None}

    def _prepare(self, roles: Sequence[IntArray], vectors: FloatArray) -> list[Spans]:
        """Give the spans of each role their linking vectors, all in one call."""
        ends = {
            role: np.concatenate([vectors[words[:, 0]], vectors[words[:, 1]]], axis=1)
            for role, words in zip(SIDES, roles, strict=True)
        }
        found = self._sides.run([f"{role}.sides" for role in SIDES], ends)
        return [Spans(role, words, sides) for role, words, sides in zip(SIDES, roles, found, strict=True)]

    def _join(self, choices: Sequence[Choice], cues: int) -> list[Members]:
        """Group the contents by the cue that each chose; one that chose none is dropped."""
        members: list[list[tuple[int, float]]] = [[] for _ in range(cues)]
        for index, choice in enumerate(choices):
            if not len(choice.scores):
                continue
            best = int(choice.scores.argmax())
            if choice.scores[best] > choice.none + self.decoding.no_cue:
                members[choice.first + best].append((index, float(choice.scores[best])))
        return [(cue, found) for cue, found in enumerate(members) if found]

    def _source(self, from_cue: Choice, from_contents: Sequence[Choice]) -> tuple[int | None, float]:
        """Return the source that cue and contents together prefer, and its log-probability; None for none."""
        none = from_cue.none + sum(choice.none for choice in from_contents) / len(from_contents)
        low = from_cue.first
        scores = from_cue.scores + sum(_aligned(choice, low, len(from_cue.scores)) for choice in from_contents) / len(
            from_contents
        )
        if not len(scores):
            return None, 0.0
        biased = none + self.decoding.no_source
        total = float(np.logaddexp(np.logaddexp.reduce(scores), biased))
        best = int(scores.argmax())
        if not scores[best] > biased:
            return None, biased - total
        return low + best, float(scores[best]) - total


def _aligned(choice: Choice, low: int, size: int) -> FloatArray:
    """Return the choice's scores for the candidates `low` to `low + size`, `FLOOR` where it has none."""
    scores = np.full(size, FLOOR, dtype=np.float32)
    start, end = max(low, choice.first), min(low + size, choice.first + len(choice.scores))
    if start < end:
        scores[start - low : end - low] = np.maximum(choice.scores[start - choice.first : end - choice.first], FLOOR)
    return scores


def _log_softmax(scores: FloatArray) -> FloatArray:
    shifted = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def _evidence(
    certainty: FloatArray, contents: Sequence[tuple[int, int]], cue: IntArray, links: Sequence[float]
) -> tuple[float, ...]:
    """Return how sure tags and links are, as log-probabilities."""
    inside = np.concatenate([certainty[first : last + 1, 5:7].max(axis=1) for first, last in contents])
    begins = [float(certainty[first, 5]) for first, _ in contents]
    after = [float(certainty[last + 1, 6]) for _, last in contents if last + 1 < len(certainty)]
    stops = [log1p(-min(exp(value), 0.999)) for value in after] or [0.0]
    in_cue = certainty[cue[0] : cue[1] + 1, 3:5].max(axis=1)
    return (
        float(inside.sum()) / len(inside), float(inside.min()), _mean(begins), _mean(stops),
        float(in_cue.sum()) / len(in_cue), _mean(links),
    )  # fmt: skip


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)


def _appearance(pieces: Pieces, contents: Sequence[tuple[int, int]]) -> tuple[float, float, float]:
    """Return the logarithm of the contents' length, whether they are several, and which share of them is quoted."""
    words = np.concatenate([pieces.word_piece[first : last + 1] for first, last in contents])
    quoted = pieces.features[words] >= FEATURES // 2
    return log(len(words)), float(len(contents) > 1), int(np.count_nonzero(quoted)) / len(words)


def _calibration(arrays: dict[str, FloatArray], name: str) -> Calibration:
    weights = arrays[f"confidence.{name}.weights"]
    if weights.shape != (len(EVIDENCE),):
        raise ValueError(f"confidence.{name} has {len(weights)} weights, not {len(EVIDENCE)}")
    return Calibration(weights, float(arrays[f"confidence.{name}.bias"]))


def locate(head: Head, encoded: EncodedText, links: Sequence[Link], text: str, offset: int = 0) -> list[Attribution]:
    """Turn word spans into character spans of the text, evidence into confidence, and leave out the unlikely."""
    starts, ends = encoded.pieces.starts, encoded.pieces.ends

    def spans(words: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
        joined: list[Span] = []
        for first, last in sorted(words):
            start, end = int(starts[first]), int(ends[last])
            between = text[joined[-1].end : start] if joined else ""
            if joined and "\n" not in between and not any(character.isalnum() for character in between):
                joined[-1] = Span(joined[-1].start, end)
            else:
                joined.append(Span(start, end))
        return tuple(Span(start + offset, end + offset) for start, end in joined)

    found = [
        Attribution(
            spans(link.contents),
            spans([link.cue]),
            tuple(_after_others(text, span, offset) for span in spans([link.source] if link.source else [])),
            head.claim_confidence.probability(link.evidence),
            head.source_confidence.probability(link.evidence),
            link.evidence,
        )
        for link in links
    ]
    floor = head.decoding.floor
    likely = [one for one in found if one.confidence * one.mention_confidence >= floor]
    return sorted(likely, key=lambda attribution: attribution.content)


def _after_others(text: str, mention: Span, offset: int) -> Span:
    """Begin a mention at "the latter's": that points back, so whoever is named before it is not the one who speaks."""
    found = _POINTS_BACK.search(text, mention.start - offset + 1, mention.end - offset)
    return mention if found is None else Span(found.start() + offset, mention.end)


class Finder:
    """Finds the attributions of texts with one model directory."""

    def __init__(self, model_dir: Path) -> None:
        """Load the head; the encoder loads itself at the first text."""
        self.encoder = Encoder(model_dir)
        self.head = Head.load(model_dir)

    def find(self, text: str) -> list[Attribution]:
        """Return the attributions of a text, in text order, their contents disjoint."""
        found: list[Attribution] = []
        answered = 0
        for start, answers_to, end in sections(text, SECTION, OVERLAP):
            encoded = self.encoder.encode(text[start:end])
            for attribution in locate(self.head, encoded, self.head.decode(encoded), text[start:end], start):
                if answered <= attribution.content[0].start < answers_to and not _crosses(found, attribution):
                    found.append(attribution)
            answered = answers_to
        return found


def _crosses(found: Sequence[Attribution], new: Attribution) -> bool:
    """Tell whether a content of `new` overlaps one found in the section before."""
    return any(
        old.start < span.end and span.start < old.end
        for attribution in found[-50:]
        for old in attribution.content
        for span in new.content
    )
