"""What `extract --explain` tells about each claim."""

import re

from claims.extraction import extract
from claims.extraction.explain import explain

WIRE = 'The mayor of Oldmere, Ann Carr, said on Monday that the bridge is safe. "It will hold," she added.\n'
TRANSCRIPT = "ANN CARR: The bridge is safe.\nBEN MOSS: I am not so sure.\nANN CARR: It will hold.\nBEN MOSS: Show us.\n"


def test_each_claim_shows_spans_probabilities_and_the_rule_that_named_its_speaker() -> None:
    lines = explain("wire", extract(WIRE)).splitlines()
    assert lines[0].startswith("wire: 2 claims, language en, engine ")
    assert sum("by full-name" in line and "speaker" in line for line in lines) == 1
    assert any("candidate: Ann Carr" in line for line in lines)
    evidence = [line for line in lines if line.startswith("   evidence tags:")]
    assert len(evidence) == 2
    for line in evidence:
        chances = [float(figure) for figure in re.findall(r"\d\.\d\d", line)]
        assert len(chances) == 7
        assert all(0 <= chance <= 1 for chance in chances)


def test_a_turn_of_a_transcript_says_that_the_layout_decided() -> None:
    assert "evidence layout: a transcript's label or a signature" in explain(1, extract(TRANSCRIPT))
