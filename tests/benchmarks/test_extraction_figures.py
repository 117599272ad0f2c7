"""The figures that the extraction benchmark computes itself: calibration and errors by group."""

import numpy as np
import pytest

from benchmarks.calibration import calibration_error, calibration_figures, cross_validated, speaker_calibration
from benchmarks.error_report import ErrorReport
from claims.extraction.training.tune import Observed
from claims.extraction.values import Attribution, ExtractedClaim, Extraction, Span, SpeakerReference


def test_a_forecaster_who_is_always_as_right_as_stated_has_no_error() -> None:
    stated = np.repeat([0.25, 0.75], 40)
    right = np.tile([1.0, 0.0, 0.0, 0.0], 10).tolist() + np.tile([0.0, 1.0, 1.0, 1.0], 10).tolist()
    assert calibration_error(stated, np.array(right)) == pytest.approx(0)


def test_overconfidence_is_the_error() -> None:
    assert calibration_error(np.full(100, 0.9), np.repeat([1.0, 0.0], 50)) >= 0.4


def test_a_perfect_forecaster_on_few_cases_is_told_apart_from_one_without_error() -> None:
    figures = calibration_figures(np.full(20, 0.5), np.tile([1.0, 0.0], 10))
    assert figures["cases"] == 20
    assert figures["right"] == 0.5
    assert 0.1 < figures["perfect_error"] < 0.5


def test_an_article_has_no_say_in_its_own_confidence() -> None:
    """One article's claims are all wrong and look like no other's: a fit on itself would know, another cannot."""
    article = np.repeat(np.arange(20), 10)
    evidence = np.random.default_rng(1).normal(size=(200, 11)).astype(np.float32)
    odd = article == 3
    evidence[odd, 0] = 9.0
    observed = Observed(evidence, ~odd, ~odd, article)
    assert cross_validated(observed)[odd].mean() > 0.9


TEXT = 'Ann Carr said the bridge is safe. "It will hold," she said. The mayor plans a feast. Rain fell on Oldmere.'


def _spans(words: str) -> list[list[int]]:
    return [[TEXT.index(words), TEXT.index(words) + len(words)]] if words else []


def _attribution(content: str, cue: str, source: str) -> dict[str, list[list[int]]]:
    return {"content": _spans(content), "cue": _spans(cue), "source": _spans(source)}


def _found(content: str, cue: str, source: str) -> Attribution:
    content_spans, cue_spans, source_spans = (tuple(Span(*s) for s in _spans(w)) for w in (content, cue, source))
    return Attribution(content_spans, cue_spans, source_spans, 0.9, 0.9)


def test_errors_are_counted_in_every_group_that_they_belong_to() -> None:
    report = ErrorReport()
    report.add(
        TEXT,
        [
            _attribution("the bridge is safe", "said", "Ann Carr"),
            _attribution('"It will hold,"', "said", "she"),
            _attribution("a feast", "plans", "The mayor"),
        ],
        [
            _found("the bridge is safe", "said", "Ann Carr"),
            _found('"It will hold,"', "said", "Ann Carr"),
            _found("on Oldmere", "", ""),
        ],
    )
    rows = report.rows()
    assert rows["kind: indirect"] == {"gold": 2, "found": 0.5, "attributed": 0.5, "invented": 1}
    assert rows["kind: direct"] == {"gold": 1, "found": 1.0, "attributed": 0.0, "invented": 0}
    assert rows["source: pronoun"]["gold"] == rows["source: common noun"]["gold"] == 1
    assert rows["cue: statement word"] == {"gold": 2, "found": 1.0, "attributed": 0.5, "invented": 0}
    assert rows["length: under 4 words"] == {"gold": 2, "found": 0.5, "attributed": 0.0, "invented": 1}
    assert "| kind: direct | 1 | 1.000 | 0.000 | 0 |" in report.table()


@pytest.mark.parametrize(("name", "right"), [("Dr. Ann B. Carr", 1.0), ("Carr", 0.0)], ids=["initial-aside", "surname"])
def test_a_speaker_is_right_by_full_name_only(name: str, right: float) -> None:
    one = _found("the bridge is safe", "said", "Ann Carr")
    speaker = SpeakerReference("resolved", name, "person", "Ann Carr", confidence=0.8)
    claim = ExtractedClaim(one.content, one.cue, one.mention, "indirect", "statement", speaker, 0.9)
    article = {"id": "a", "text": TEXT, "attributions": [_attribution("the bridge is safe", "said", "Ann Carr")]}
    named = {"id": "a", "speakers": [{"index": 0, "name": "Ann Carr", "type": "person"}]}
    figures = speaker_calibration([article], [named], {"a": Extraction(TEXT, "1", "en", (claim,))})
    assert (figures["cases"], figures["right"]) == (1, right)
