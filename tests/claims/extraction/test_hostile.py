"""No text makes the engine raise, hang or answer outside the text; the work grows with the length, no faster."""

import random
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from claims.extraction import extract
from claims.extraction.attributions import OVERLAP, SECTION
from claims.extraction.encoder import sections
from tests.claims.extraction.invariants import check

SAID = "“The quay is cracked,” Maren Osei said on Monday, and the mayor told them that the ferry would sail.\n"

HOSTILE = [
    ("empty", ""),
    ("white space", " \n\t\r\n\u2028 " * 50),
    ("one character", "“"),
    ("only quotation marks", "“”\"''``«»„‘’" * 300),
    ("only opening marks", "“ said " * 500),
    ("capitals", SAID.upper() * 10),
    ("one word a line", SAID.replace(" ", "\n") * 10),
    ("no punctuation", SAID.replace(",", "").replace(".", "") * 10),
    ("emoji", SAID.replace(" ", " 🌊👩‍🚒 ") * 10),
    ("combining marks", SAID.replace("e", "e\u0301\u0302\u0303") * 10),
    ("only combining marks", "\u0301" * 5000),
    ("right to left", ("אמר כי הגשר בטוח \u202e" + SAID + "\u202c") * 10),
    ("zero width", "\u200b".join(SAID) * 5),
    ("control characters", SAID.replace(" ", "\x00\x07 ") * 5),
    ("half characters", SAID.replace("quay", "qu\ud800ay") * 5),
    ("table", "a | b | c | 12.5 | said\n" * 300),
    ("code", "def said(x):\n    return {'a': \"b\", 'c': [1, 2]}\n" * 100),
    ("windows line ends", SAID.replace("\n", "\r\n\r\n") * 20),
    ("nested quotation", "“" * 200 + "The quay is cracked" + "”" * 200 + " Maren Osei said."),
    ("said said said", "said " * 3000),
    ("one very long word", "The mayor said " + "x" * 200_000 + " is safe."),
]


@pytest.mark.parametrize("text", [row[1] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_spans_hold_on_hostile_text(text: str) -> None:
    check(extract(text, language="en"))


@hypothesis_settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.sampled_from([*SAID.split(), "\n", "\n\n", "“", "”", '"', "''", "🌊", "e\u0301", "said:", "—", "X"]),
        max_size=120,
    )
)
def test_spans_hold_on_shuffled_text(words: list[str]) -> None:
    check(extract(" ".join(words), language="en"))


@hypothesis_settings(deadline=None, max_examples=25)
@given(st.text(max_size=300))
def test_spans_hold_on_any_text(text: str) -> None:
    check(extract(text, language="en"))


LONG: list[tuple[str, Callable[[], str]]] = [
    ("10 MB on one line without a space", lambda: "x" * 10_000_000),
    ("5 MB of random characters", lambda: _noise(5_000_000)),
]


def _noise(size: int) -> str:
    source = random.Random(5)  # noqa: S311
    return "".join(map(chr, source.choices(range(32, 0xD7FF), k=size)))


@pytest.mark.parametrize("make", [row[1] for row in LONG], ids=[row[0] for row in LONG])
def test_long_texts_are_answered(make: Callable[[], str]) -> None:
    check(extract(make()))


TraceFunction = Callable[[object, str, object], Any]


def _lines(text: str) -> int:
    """Count the lines of Python that one extraction runs: a measure of work that no busy machine changes."""
    count = 0

    def tally(frame: object, event: str, argument: object) -> TraceFunction:
        nonlocal count
        count += event == "line"
        return tally

    before = sys.gettrace()
    sys.settrace(tally)
    try:
        extract(text, language="en")
    finally:
        sys.settrace(before)
    return count


def _repeated(unit: str) -> Callable[[int], str]:
    return lambda size: unit * (size // len(unit))


def _leads(size: int) -> str:
    """One endless lead that announces somebody in every sentence and never tells who."""
    sentence = "The director of the Harbour Museum said that {0}a {0}son was safe. "
    return "".join(sentence.format("Mar" + "".join(chr(97 + int(d)) for d in str(n))) for n in range(size // 70))


GROWING = [
    ("claims", _repeated(SAID)),
    ("one word a line", _repeated(SAID.replace(" ", "\n"))),
    ("opening marks", _repeated("“ said he " * 8)),
    ("half-open paragraphs", _repeated("“The quay is cracked\n\n")),
    ("descriptions before names", _leads),
]


@pytest.mark.parametrize("make", [row[1] for row in GROWING], ids=[row[0] for row in GROWING])
def test_work_grows_with_the_length(make: Callable[[int], str]) -> None:
    extract(make(6_000))
    small, large = _lines(make(6_000)), _lines(make(24_000))
    assert large < 5.5 * small


SECTIONS = [
    ("empty", ""),
    ("short", "abc"),
    ("lines", ("x" * 70 + "\n") * 3000),
    ("no space", "x" * 200_000),
    ("exactly one", "x" * SECTION),
    ("one more", "x" * (SECTION + 1)),
]


@pytest.mark.parametrize("text", [row[1] for row in SECTIONS], ids=[row[0] for row in SECTIONS])
def test_sections_answer_for_every_character_once(text: str) -> None:
    answered = 0
    for start, answers_to, end in sections(text, SECTION, OVERLAP):
        assert start == max(0, answered - OVERLAP)
        assert end == min(len(text), answers_to + OVERLAP)
        assert answers_to - answered <= SECTION
        answered = answers_to
    assert answered == len(text)
