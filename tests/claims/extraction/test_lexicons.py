"""Word lists: a look-up in a wrongly cased list, or a missing entry, fails silently, so lists are tested."""

from pathlib import Path

import pytest

from claims.extraction import lexicons

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
