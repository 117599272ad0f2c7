import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.parsing import normalise
from sources.parsing.errors import TooLarge
from sources.parsing.normal_form import MAX_MARKS, check_size, one_line


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        pytest.param("a\r\nb\rc\nd", "a\nb\nc\nd", id="line ends"),
        pytest.param("a\u2028b\u2029c", "a\nb\n\nc", id="Unicode line and paragraph separators"),
        pytest.param("a\n\n\n\nb", "a\n\nb", id="more than one blank line is one"),
        pytest.param("a\n \t\nb", "a\n\nb", id="a line of blanks is a blank line"),
        pytest.param("a\nb", "a\nb", id="but not when: a line break is no paragraph"),
        pytest.param("  a  \n  b \n", "a\n  b", id="blanks at line ends and text ends go, indents stay"),
        pytest.param("cafe\u0301", "caf\u00e9", id="NFC"),
        pytest.param("½ ™ ﬁ", "½ ™ ﬁ", id="but not when: compatibility characters stay"),
        pytest.param("Jane\u00a0Roe\u202fand\u2009Doe", "Jane Roe and Doe", id="other spaces are spaces"),
        pytest.param("“Yes,” it’s", "“Yes,” it’s", id="curly quotes stay"),
        pytest.param("\ufeffa\ufeffb\u200bc\u00add", "abcd", id="BOM, zero-width space, soft hyphen go"),
        pytest.param(
            "\u0915\u094d\u200d\u0937 👩\u200d🚀",
            "\u0915\u094d\u200d\u0937 👩\u200d🚀",
            id="but not when: joiners stay",
        ),
        pytest.param("a\u202eb\u2066c", "abc", id="bidirectional overrides go"),
        pytest.param("a\x00b\x07c\x7fd\te", "abcd\te", id="controls go, the tab stays"),
        pytest.param("\x93Yes\x94 \x96 it\x92s\x85", "“Yes” – it’s…", id="Windows-1252 read as Latin-1"),
        pytest.param("a\ud800b\udfff", "a\ufffdb\ufffd", id="lone surrogates"),
        pytest.param("a\U0001f600b", "a\U0001f600b", id="but not when: an astral character stays"),
        pytest.param("a\x0bb\x0cc", "a\nb\nc", id="vertical tab and form feed are line ends"),
        pytest.param("\ufeff \u200b\n\x00", "", id="nothing visible is nothing"),
    ],
)
def test_normalise(given_text: str, expected: str) -> None:
    assert normalise(given_text) == expected


@given(st.text(alphabet=st.characters()) | st.text(alphabet="a\u0301\u0315\r\n\t \u00a0\ufeff\ud800\x93\x00\u2029é"))
def test_normalise_is_idempotent_and_storable(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\x00" not in once
    assert "\r" not in once
    once.encode("utf-8")  # no lone surrogate is left


@given(st.lists(st.text(alphabet="abc é.“”", min_size=1).filter(lambda part: part.strip()), min_size=1))
def test_normalise_keeps_paragraphs(paragraphs: list[str]) -> None:
    assert normalise("\r\n\r\n".join(paragraphs)).count("\n\n") == len(paragraphs) - 1


def test_a_long_run_of_combining_marks_is_cut_and_takes_linear_time() -> None:
    started = time.perf_counter()
    text = normalise("a" + "\u0315\u0300" * 500_000 + "b")
    assert time.perf_counter() - started < 5
    assert text.endswith("b")
    assert len(text) <= MAX_MARKS + 2


@pytest.mark.parametrize("filler", [" ", "\n", " \n", "\u00a0", "\u0301"], ids=ascii)
def test_pathological_runs_take_linear_time(filler: str) -> None:
    started = time.perf_counter()
    normalise("a" + filler * (2_000_000 // len(filler)) + "b")
    assert time.perf_counter() - started < 10


def test_one_line() -> None:
    assert one_line(" Mayor\n opens\u00a0 bridge ") == "Mayor opens bridge"


@pytest.mark.parametrize(
    ("content", "limit", "fits"),
    [
        pytest.param("a" * 10, 10, True, id="just fits"),
        pytest.param("a" * 11, 10, False, id="one over"),
        pytest.param("é" * 6, 10, False, id="bytes are counted, not characters"),
        pytest.param("é" * 5, 10, True, id="bytes that just fit"),
        pytest.param(b"a" * 11, 10, False, id="bytes one over"),
        pytest.param("\ud800" * 4, 10, False, id="lone surrogates are counted too"),
    ],
)
def test_check_size(content: str | bytes, limit: int, fits: bool) -> None:
    if fits:
        check_size(content, limit)
        return
    with pytest.raises(TooLarge, match="at most 10 are taken") as caught:
        check_size(content, limit, field="html")
    assert (caught.value.code, caught.value.field) == ("too_large", "html")
