"""Cutting a text at the boundaries of labelled spans."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.admin.highlight import Span, cut_paragraphs, cut_segments


def marks(text: str, *spans: tuple[int, int, str]) -> list[tuple[str, str]]:
    return [(piece.text, "+".join(piece.labels)) for piece in cut_segments(text, [Span(*span) for span in spans])]


@pytest.mark.parametrize(
    ("text", "spans", "expected"),
    [
        pytest.param("plain", [], [("plain", "")], id="no spans"),
        pytest.param("", [(0, 3, "cue")], [], id="empty text"),
        pytest.param("abcdef", [(0, 6, "content")], [("abcdef", "content")], id="whole text"),
        pytest.param(
            "He said it.",
            [(0, 2, "mention"), (3, 7, "cue"), (8, 10, "content")],
            [("He", "mention"), (" ", ""), ("said", "cue"), (" ", ""), ("it", "content"), (".", "")],
            id="three labels side by side",
        ),
        pytest.param("abcd", [(0, 2, "cue"), (2, 4, "content")], [("ab", "cue"), ("cd", "content")], id="touching"),
        pytest.param(
            "abcdef",
            [(0, 6, "content"), (2, 4, "cue")],
            [("ab", "content"), ("cd", "cue+content"), ("ef", "content")],
            id="nested: the inner one first",
        ),
        pytest.param(
            "abcdef",
            [(0, 4, "content"), (2, 6, "other")],
            [("ab", "content"), ("cd", "content+other"), ("ef", "other")],
            id="crossing",
        ),
        pytest.param("abc", [(0, 3, "cue"), (0, 3, "cue")], [("abc", "cue")], id="the same span twice counts once"),
        pytest.param("abc", [(-5, 99, "cue")], [("abc", "cue")], id="beyond the text: clipped"),
        pytest.param("abc", [(2, 2, "cue"), (3, 1, "cue")], [("abc", "")], id="empty or reversed: dropped"),
        pytest.param("a😀b", [(1, 2, "content")], [("a", ""), ("😀", "content"), ("b", "")], id="an emoji is one"),
        pytest.param("<b>&", [(0, 3, "cue")], [("<b>", "cue"), ("&", "")], id="markup is only text"),
    ],
)
def test_cuts_at_every_boundary(text: str, spans: list, expected: list) -> None:
    assert marks(text, *spans) == expected


def test_names_the_claims_of_a_label_innermost_first() -> None:
    pieces = cut_segments("abcdef", [Span(0, 6, "other", 7), Span(1, 3, "other", 8), Span(1, 3, "cue", 9)])
    assert [piece.refs("other") for piece in pieces] == [(7,), (8, 7), (7,)]
    assert [[span.ref for span in piece.begins] for piece in pieces] == [[7], [9, 8], []]


@pytest.mark.parametrize(
    ("text", "spans", "expected"),
    [
        pytest.param("one\n\ntwo", [], [["one"], ["two"]], id="an empty line parts paragraphs"),
        pytest.param("one\ntwo", [], [["one"], ["two"]], id="so does a single break"),
        pytest.param("\n\none\n", [], [["one"]], id="breaks at the ends make no empty paragraph"),
        pytest.param("one\ntwo", [(1, 5)], [["o", "ne"], ["t", "wo"]], id="a span over a break is in both lines"),
        pytest.param("\n\n", [(0, 2)], [], id="nothing but breaks"),
    ],
)
def test_lines_become_paragraphs(text: str, spans: list, expected: list) -> None:
    paragraphs = cut_paragraphs(text, [Span(start, end, "content") for start, end in spans])
    assert [[piece.text for piece in paragraph] for paragraph in paragraphs] == expected


def test_a_span_begins_once_where_its_first_visible_character_stands() -> None:
    paragraphs = cut_paragraphs("a\nbc\nd", [Span(1, 6, "content", 3)])
    begins = [(piece.text, len(piece.begins)) for paragraph in paragraphs for piece in paragraph]
    assert begins == [("a", 0), ("bc", 1), ("d", 0)]


TEXTS = st.text(alphabet="ab<&\n 😀é\u0301", max_size=60)
SPANS = st.lists(
    st.builds(Span, st.integers(-5, 70), st.integers(-5, 70), st.sampled_from(["content", "cue", "other"]), st.just(1)),
    max_size=12,
)


@given(TEXTS, SPANS)
def test_nothing_is_lost_and_every_character_has_its_labels(text: str, spans: list[Span]) -> None:
    pieces = cut_segments(text, spans)
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)
    position = 0
    for piece in pieces:
        for offset in range(position, position + len(piece.text)):
            assert set(piece.labels) == {span.label for span in spans if span.start <= offset < span.end}
        position += len(piece.text)


@given(TEXTS, SPANS)
def test_paragraphs_hold_the_text_without_its_breaks_and_each_span_begins_at_most_once(
    text: str, spans: list[Span]
) -> None:
    pieces = [piece for paragraph in cut_paragraphs(text, spans) for piece in paragraph]
    assert "".join(piece.text for piece in pieces) == text.replace("\n", "")
    begun = [span for piece in pieces for span in piece.begins]
    assert len(begun) == len(set(begun))
    visible = {span for span in spans if text[max(span.start, 0) : max(span.end, 0)].strip("\n")}
    assert set(begun) == visible
