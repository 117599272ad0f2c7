"""The speaker rules on the annotated PolNeAR dev articles, with gold mentions; needs `../shared`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from claims.extraction.speakers import name_speakers
from claims.extraction.values import Attribution, Span
from tests.conftest import ROOT

BENCH = ROOT.parent / "shared" / "bench"
ARTICLES = BENCH / "attribution" / "polnear_dev.jsonl"
SPEAKERS = BENCH / "attribution" / "polnear_dev_speakers.jsonl"
pytestmark = pytest.mark.skipif(not SPEAKERS.exists(), reason="../shared is absent: no annotated speakers")


def spans(role: list[list[int]]) -> tuple[Span, ...]:
    return tuple(Span(*pair) for pair in role)


def test_gold_mentions_are_named_well_and_wrong_names_are_rare(tmp_path: Path) -> None:
    predictions = tmp_path / "predictions.jsonl"
    with ARTICLES.open(encoding="utf-8") as articles, predictions.open("w", encoding="utf-8") as out:
        for line in articles:
            row = json.loads(line)
            attributions = [
                Attribution(spans(one["content"]), spans(one["cue"]), spans(one["source"]), 1.0, 1.0)
                for one in row["attributions"]
            ]
            claims = [
                {"content": one.content, "speaker": found and {"name": found.name, "type": found.type}}
                for one, found in zip(attributions, name_speakers(row["text"], attributions), strict=True)
            ]
            out.write(json.dumps({"id": row["id"], "claims": claims}) + "\n")
    command = [sys.executable, str(BENCH / "score_speakers.py"), str(ARTICLES), str(SPEAKERS), str(predictions)]
    score = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    assert score["speaker_accuracy_on_found"] >= 0.93
    assert score["attributed_by_name"]["f1"] >= 0.955
    assert score["wrong_name"] <= 0.015 * score["found"]
    assert score["unnamed_given_a_name"] <= 1
