import json
from pathlib import Path

import pytest

from claims.extraction import Engine
from claims.extraction.training.metric import Score, Words, pairs

DEV = Path(__file__).resolve().parents[4] / "shared" / "bench" / "attribution" / "polnear_dev.jsonl"
TEXT = "“The quay is cracked,” Maren Osei said. The mayor denied it."
QUOTE, NAME, REST = [[0, 22]], [[23, 33]], [[40, 59]]


def _score(gold: list, found: list) -> Score:
    score, words = Score(), Words(TEXT)
    score.add(words.claims(gold), words.claims(found))
    return score


TABLE = [
    ("the same", [(QUOTE, NAME)], [(QUOTE, NAME)], 1, 1),
    ("marks at the edge cost nothing", [(QUOTE, NAME)], [([[1, 20]], NAME)], 1, 1),
    ("half of the words", [(QUOTE, NAME)], [([[1, 10]], NAME)], 1, 1),
    ("but not a quarter", [(QUOTE, NAME)], [([[1, 4]], NAME)], 0, 0),
    ("another source", [(QUOTE, NAME)], [(QUOTE, [[40, 49]])], 1, 0),
    ("part of the source", [(QUOTE, NAME)], [(QUOTE, [[23, 28]])], 1, 1),
    ("both without source", [(QUOTE, [])], [(QUOTE, [])], 1, 1),
    ("source where there is none", [(QUOTE, [])], [(QUOTE, NAME)], 1, 0),
    ("two of one count once", [(QUOTE, NAME)], [([[1, 9]], NAME), ([[10, 20]], NAME)], 1, 1),
    ("a claim without a word is left out", [], [([[0, 1]], NAME)], 0, 0),
]


@pytest.mark.parametrize(
    ("gold", "found", "matched", "attributed"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_score(gold: list, found: list, matched: int, attributed: int) -> None:
    score = _score(gold, found)
    assert (score.matched[0.5], score.attributed[0.5]) == (matched, attributed)


def test_pairs_take_the_best_overlap_first() -> None:
    words = Words(TEXT)
    gold = words.claims([(QUOTE, NAME), (REST, NAME)])
    found = words.claims([([[1, 10]], NAME), (QUOTE, NAME)])
    assert pairs(gold, found, 0.5) == [(0, 1)]


@pytest.mark.skipif(not DEV.exists(), reason="../shared is absent: no annotated articles to score on")
def test_dev_articles_are_read_as_well_as_promised(engine: Engine) -> None:
    score = Score()
    with DEV.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            words = Words(row["text"])
            score.add(
                words.claims((a["content"], a["source"]) for a in row["attributions"]),
                words.claims((a.content, a.mention) for a in engine.attributions(row["text"])),
            )
    assert score.f1(score.attributed[0.5]) >= 0.73
