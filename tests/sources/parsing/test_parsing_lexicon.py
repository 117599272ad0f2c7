import re

import pytest

from sources.parsing import lexicon

SETS = [name for name, value in vars(lexicon).items() if isinstance(value, frozenset)]


@pytest.mark.parametrize("name", SETS)
def test_words_are_small_letters_without_stray_blanks(name: str) -> None:
    words = getattr(lexicon, name)
    assert words
    assert all(word == word.lower() == " ".join(word.split()) for word in words)


@pytest.mark.parametrize("name", SETS)
def test_no_two_words_run_together_for_want_of_a_comma(name: str) -> None:
    assert max(len(word.split()) for word in getattr(lexicon, name)) <= 4
    assert all(re.fullmatch(r"[a-z][a-z .-]*", word) for word in getattr(lexicon, name))


def test_months() -> None:
    assert set(lexicon.MONTHS.values()) == set(range(1, 13))
    assert lexicon.MONTHS["sept"] == lexicon.MONTHS["september"] == 9


def test_no_agency_is_a_label() -> None:
    assert not lexicon.AGENCIES & (lexicon.LABELS | lexicon.NOT_PLACES)
