"""Capitals put back where a text has none, or nothing else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.extraction import extract
from claims.extraction.capitals import with_capitals
from claims.extraction.encoder import Encoder
from claims.extraction.engine import DEFAULT_MODEL

IS_WORD = Encoder(Path(DEFAULT_MODEL)).is_word

STORY = """KASERE, MARCH 3 (WNA) - Governor Titus Rading said on Tuesday that the dam would hold.

"We have inspected every gate," Rading told reporters. He added that engineers from the National Water Authority (NWA) \
would stay until the U.S. team arrives at 5 p.m.

The NWA declined to comment. "He was never here," said Naliaka Wekhomba, a teacher from Kenya. "I'm not afraid."
"""

PRINTED = (
    "Mr Smith told the court in May 2021 that Ana O'Neill had lied. She denied it.",
    "The Ministry of Health, Dr Obi Nwankwo and the mayor said the German engineers had left.",
    "“Why?” asks Roland Zwirnmann, the builder. “Because I say so!” The Range and Parks Agency (RPA) agrees.",
    "President Smith Jones said on Monday that Mary-Kate Wekhomba's sister lives in New York.",
)


@pytest.mark.parametrize("text", PRINTED)
@pytest.mark.parametrize("change", [str.upper, str.lower])
def test_text_of_one_size_reads_as_printed(text, change):
    assert with_capitals(change(text), IS_WORD) == text


@pytest.mark.parametrize(
    "text",
    [
        STORY,
        "",
        "NO",
        "THE MAYOR RESIGNS OVER THE DAM\n\nThe mayor of Kasere resigned on Monday, her office said in a statement.",
        "iPhone sales fell, said the company.",
    ],
)
def test_text_with_both_sizes_stays_as_it_is(text):
    assert with_capitals(text, IS_WORD) == text


@given(st.text(max_size=200).map(str.upper) | st.text(alphabet="AĞİßŒ .’'-\n“”?()", max_size=300))
def test_no_text_changes_its_length_or_more_than_its_capitals(text):
    restored = with_capitals(text, IS_WORD)
    assert len(restored) == len(text)
    assert [one.lower() for one in restored] == [one.lower() for one in text]


@pytest.mark.parametrize("change", [str.upper, str.lower])
def test_engine_finds_the_same_speakers_without_their_capitals(change):
    changed = change(STORY)
    claims = extract(changed).claims
    assert [claim.speaker.name for claim in claims if claim.speaker] == [
        *["Titus Rading"] * 3,
        "National Water Authority",
        "Naliaka Wekhomba",
    ]
    assert changed[claims[0].content[0].start : claims[0].content[0].end] == change("that the dam would hold")
