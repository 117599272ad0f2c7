"""The word-level difference of two texts: true to both, readable, and bounded in time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.admin.differences import compare


def shown(old: str, new: str) -> str:
    marks = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}
    return "".join(marks[piece.tag].format(piece.text) for piece in compare(old, new))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("The dam cracked.", "The dam cracked.", "The dam cracked.", id="nothing"),
        pytest.param("It cracked in March.", "It cracked in April.", "It cracked in [-March-][+April+].", id="a-word"),
        pytest.param("The mill is shut.", "The mill.", "The mill[- is shut-].", id="words-gone"),
        pytest.param("Two men.\nEnd.\n", "Two men.\nNew.\nEnd.\n", "Two men.\n[+New.\n+]End.\n", id="a-line-more"),
        pytest.param("old grey mill", "new blue mill", "[-old grey-][+new blue+] mill", id="a-phrase-not-islands"),
        pytest.param("Don’t stop", "Don’t go", "Don’t [-stop-][+go+]", id="apostrophes-are-no-borders"),
        pytest.param("", "All.", "[+All.+]", id="from-nothing"),
        pytest.param("All.", "", "[-All.-]", id="to-nothing"),
        pytest.param("a 🌊 b", "a 🌋 b", "a [-🌊-][+🌋+] b", id="emoji"),
    ],
)
def test_what_a_reader_sees(old: str, new: str, expected: str) -> None:
    assert shown(old, new) == expected


WORDS = st.lists(st.sampled_from(["the", "mill", "dam", " ", "\n", ".", "“", "é"]), max_size=60).map("".join)


@given(WORDS, WORDS)
def test_both_texts_can_be_read_off_it(old: str, new: str) -> None:
    pieces = compare(old, new)
    assert "".join(piece.text for piece in pieces if piece.tag != "added") == old
    assert "".join(piece.text for piece in pieces if piece.tag != "removed") == new
    assert all(piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("a " * 100_000, "b a " * 50_000, id="one-word-again-and-again"),
        pytest.param("a\n" * 100_000, "b\na\n" * 50_000, id="one-line-again-and-again"),
        pytest.param(
            " ".join("abcdefgh"[number * number * 7 % 61 % 8] for number in range(100_000)),
            " ".join("abcdefgh"[number * number * 11 % 53 % 8] for number in range(100_000)),
            id="few-words-in-another-order",
        ),
        pytest.param(
            "\n".join(f"line {number} of the text" for number in range(20_000)),
            "\n".join(f"line {number} of the text" for number in reversed(range(20_000))),
            id="reversed",
        ),
    ],
)
def test_large_texts_take_bounded_time(old: str, new: str) -> None:
    started = time.process_time()
    pieces = compare(old, new)
    assert time.process_time() - started < 2
    assert "".join(piece.text for piece in pieces if piece.tag != "removed") == new
