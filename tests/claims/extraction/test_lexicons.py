"""Word lists: a look-up in a wrongly cased list, or a missing entry, fails silently, so lists are tested."""

import json
from pathlib import Path

import pytest

from claims.extraction import lexicons
from tests.conftest import ROOT

SPEAKERS = ROOT.parent / "shared" / "bench" / "attribution" / "polnear_dev_speakers.jsonl"
LISTS = sorted(path.stem for path in Path(lexicons.__file__).parent.glob("*.txt"))


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_lower_case_unique_sorted_and_folded(name: str) -> None:
    lines = (Path(lexicons.__file__).parent / f"{name}.txt").read_text(encoding="utf-8").splitlines()

    assert lines
    assert lines == sorted(set(lines))
    assert lines == [lexicons.fold(line) for line in lines]
    assert lexicons.load(name) == frozenset(lines)


def test_folding_straightens_apostrophes_case_and_space() -> None:
    assert lexicons.fold("  Didn’t \n Respond ") == "didn't respond"


def test_a_missing_list_is_an_error_that_names_it() -> None:
    with pytest.raises(OSError, match="no_such_list"):
        lexicons.load("no_such_list")


@pytest.mark.skipif(not SPEAKERS.exists(), reason="../shared is absent: no annotated speakers")
def test_no_list_holds_the_name_of_a_speaker_of_the_corpus() -> None:
    entries = {entry for name in LISTS for entry in lexicons.load(name)}
    with SPEAKERS.open(encoding="utf-8") as rows:
        speakers = {
            lexicons.fold(one["name"])
            for row in rows
            for one in json.loads(row)["speakers"]
            if one["type"] == "person" and " " in one["name"]
        }

    assert speakers
    assert not speakers & entries
