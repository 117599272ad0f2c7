import itertools

import pytest

from claims.extraction.pieces import PARAGRAPH_BREAK, CachedTokenizer, cut_pieces
from claims.extraction.windows import CORE, LEFT, RIGHT, cut_windows

SENTENCE = "The harbour master spoke to the crews. "
TEXTS = [
    ("one line", SENTENCE * 60),
    ("paragraphs", (SENTENCE * 3 + "\n\n") * 40),
    ("wrapped lines", (SENTENCE + "\n") * 60),
    ("no pause at all", "ferry " * 700),
    ("one word a line", "ferry\n" * 700),
    ("one word without end", "x" * 5000),
    ("short", SENTENCE),
]


@pytest.mark.parametrize("text", [row[1] for row in TEXTS], ids=[row[0] for row in TEXTS])
def test_cores_partition_the_pieces_and_contexts_are_bounded(tokenizer: CachedTokenizer, text: str) -> None:
    pieces = cut_pieces(tokenizer, text)
    windows = list(cut_windows(pieces))
    assert [window.core_start for window in windows] == [0, *(window.core_end for window in windows[:-1])]
    assert windows[-1].core_end == len(pieces)
    for window in windows:
        assert 0 < window.core_end - window.core_start <= CORE
        assert window.start == max(0, window.core_start - LEFT)
        assert window.end == min(len(pieces), window.core_end + RIGHT)


def test_no_text_has_no_window(tokenizer: CachedTokenizer) -> None:
    assert list(cut_windows(cut_pieces(tokenizer, ""))) == []


def test_cores_end_at_paragraphs_where_there_are_some(tokenizer: CachedTokenizer) -> None:
    pieces = cut_pieces(tokenizer, TEXTS[1][1])
    for window in itertools.islice(cut_windows(pieces), 5):
        assert pieces.ids[window.core_end - 1] == PARAGRAPH_BREAK


def test_cores_end_at_sentences_where_there_is_no_paragraph(tokenizer: CachedTokenizer) -> None:
    pieces = cut_pieces(tokenizer, TEXTS[0][1])
    ends = [window.core_end for window in cut_windows(pieces)][:-1]
    first_words = {
        int(pieces.word_piece[at])
        for at in range(1, len(pieces.starts))
        if pieces.sentence[at] > pieces.sentence[at - 1]
    }
    assert ends
    assert set(ends) <= first_words
