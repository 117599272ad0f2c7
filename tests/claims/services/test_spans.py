"""Stretches that editors choose are moved to whole words and characters, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.errors import InvalidValue
from claims.services.spans import tidy_spans

FLAG = "\U0001f469\u200d\U0001f692"  # a firefighter: two emoji joined


@pytest.mark.parametrize(
    ("text", "chosen", "expected"),
    [
        pytest.param("the dam is shut", "am i", "dam is", id="half words become whole"),
        pytest.param("the dam is shut", " dam ", "dam", id="blanks fall off"),
        pytest.param("the dam is shut", "dam", "dam", id="but whole words stay"),
        pytest.param("“the dam,” she said", "“the dam,”", "“the dam,”", id="marks chosen stay"),
        pytest.param("“the dam,” she said", "the dam", "the dam", id="but marks not chosen stay out"),
        pytest.param("it doesn’t hold", "doesn", "doesn’t", id="an apostrophe within a word"),
        pytest.param("‘the dam’ is", "dam", "dam", id="but not one behind it"),
        pytest.param("a cafe\u0301 closed", "cafe", "cafe\u0301", id="a combining accent belongs to its letter"),
        pytest.param(f"she {FLAG} said no", "said", "said", id="words beside an emoji"),
        pytest.param(
            f"she {FLAG}\U0001f3fd said", "she \U0001f469", f"she {FLAG}\U0001f3fd", id="joined emoji stay whole"
        ),
        pytest.param("他说大坝已经关闭", "大坝", "大坝", id="no blanks between words: as chosen"),
        pytest.param("said\nthe dam", "said\n", "said", id="line breaks fall off"),
    ],
)
def test_ends_go_to_words(text: str, chosen: str, expected: str) -> None:
    start = text.index(chosen)
    (span,) = tidy_spans(text, [(start, start + len(chosen))], "content")
    assert text[span.start : span.end] == expected


def test_stretches_come_in_the_order_of_the_text_and_may_touch() -> None:
    assert tidy_spans("one two three", [[8, 13], [0, 3]], "content") == [(0, 3), (8, 13)]
    with pytest.raises(InvalidValue, match="share “two”"):
        tidy_spans("one two three", [[0, 6], [5, 13]], "content")
    with pytest.raises(InvalidValue, match="20 stretches at most"):
        tidy_spans("a " * 50, [[2 * n, 2 * n + 1] for n in range(21)], "content")


@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_whatever_the_text_a_span_is_within_it_and_stays_as_it_is_when_chosen_again(
    text: str, one: int, other: int
) -> None:
    try:
        spans = tidy_spans(text, [[min(one, other), max(one, other)]], "content")
    except InvalidValue:
        return
    (span,) = spans
    assert 0 <= span.start < span.end <= len(text)
    assert tidy_spans(text, [list(span)], "content") == spans
