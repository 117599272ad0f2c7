import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from claims.extraction.encoder import load_tokenizer
from claims.extraction.engine import DEFAULT_MODEL
from claims.extraction.pieces import LINE_BREAK, PARAGRAPH_BREAK, cut_pieces

TOKENIZER = load_tokenizer(DEFAULT_MODEL)

WORDS = [
    ("plain", "The dam is safe.", ["The", "dam", "is", "safe", "."]),
    ("apostrophes stay inside", "Don't the crews' boats leak?", ["Don't", "the", "crews", "'", "boats", "leak", "?"]),
    ("curly apostrophe", "It’s safe", ["It’s", "safe"]),
    ("quotation marks are words", "“No,” he", ["“", "No", ",", "”", "he"]),
    ("a long word is one word", "incomprehensibilities", ["incomprehensibilities"]),
    ("emoji", "safe 🌊 now", ["safe", "🌊", "now"]),
    ("accents", "Zoë Ångström", ["Zoë", "Ångström"]),
    ("white space only", " \n\t\n ", []),
    ("empty", "", []),
]


@pytest.mark.parametrize(("text", "words"), [row[1:] for row in WORDS], ids=[row[0] for row in WORDS])
def test_words(text: str, words: list[str]) -> None:
    pieces = cut_pieces(TOKENIZER, text)
    assert [text[s:e] for s, e in zip(pieces.starts.tolist(), pieces.ends.tolist(), strict=True)] == words


BREAKS = [
    ("blank line", "One.\n\nTwo.", [PARAGRAPH_BREAK]),
    ("several blank lines are one break", "One.\n \n\nTwo.", [PARAGRAPH_BREAK]),
    ("wrapped line", "One and\ntwo.", [LINE_BREAK]),
    ("long closed line", "The council met again. " * 6 + "\nTwo.", [PARAGRAPH_BREAK]),
    ("but not a long open line", "The council met again " * 6 + "\nTwo.", [LINE_BREAK]),
    ("no break", "One. Two.", []),
]


@pytest.mark.parametrize(("text", "breaks"), [row[1:] for row in BREAKS], ids=[row[0] for row in BREAKS])
def test_breaks(text: str, breaks: list[int]) -> None:
    ids = cut_pieces(TOKENIZER, text).ids.tolist()
    assert [piece for piece in ids if piece in (LINE_BREAK, PARAGRAPH_BREAK)] == breaks


def test_sentences_and_paragraphs_are_counted() -> None:
    pieces = cut_pieces(TOKENIZER, "“One. Two.” Three\n\nfour")
    assert pieces.sentence.tolist() == [0, 0, 0, 1, 1, 1, 2, 3]
    assert pieces.paragraph.tolist() == [0, 0, 0, 0, 0, 0, 0, 1]


@hypothesis_settings(deadline=None, max_examples=60)
@given(st.text(max_size=200))
def test_pieces_and_words_agree(text: str) -> None:
    text = text.encode("utf-8", "replace").decode("utf-8")
    pieces = cut_pieces(TOKENIZER, text)
    assert len(pieces.ids) == len(pieces.features)
    assert len(pieces.starts) == len(pieces.ends) == len(pieces.word_piece) == len(pieces.sentence)
    assert all(0 <= s < e <= len(text) for s, e in zip(pieces.starts.tolist(), pieces.ends.tolist(), strict=True))
    assert (pieces.word_piece[1:] > pieces.word_piece[:-1]).all()
    assert (pieces.starts[1:] >= pieces.ends[:-1]).all()


def _by_the_line(text: str) -> list[int]:
    """The ids of a text's lines as the tokenizer cuts them whole."""
    lines = [TOKENIZER.plain.encode(line, add_special_tokens=False).ids for line in text.split("\n")]
    return [piece for line in lines for piece in line]


ALONE = [
    ("punctuation", "“It’s—well,” he said: ‘no’… (or 1,000.5%?) a_b _c_"),
    ("accents and other scripts", "Zoë Ångström İstanbul ﬁn ΣΊΣΥΦΟΣ 日本語 ½ ª"),
    ("symbols join words", "£5 and €3m at 20° ± 2"),
    ("marks, joiners and controls", "e\u0301t\u200bwo s\u00adoft a\x1cb c\x85d"),
    ("no-break space", "10\u00a0000 euros"),
    ("over the tokenizer's longest word", "x" * 101 + " y"),
]


@pytest.mark.parametrize("text", [row[1] for row in ALONE], ids=[row[0] for row in ALONE])
def test_words_cut_by_themselves_make_the_pieces_of_the_line(text: str) -> None:
    assert cut_pieces(TOKENIZER, text).ids.tolist() == _by_the_line(text)


@hypothesis_settings(deadline=None, max_examples=200)
@given(st.text(st.sampled_from("abÉßİς日½٣ \t\u00a0.,-_'’“”…•£°+\u0301\u200b\u00ad\x1c\ufffd"), max_size=60))
def test_any_words_cut_by_themselves_make_the_pieces_of_the_line(text: str) -> None:
    pieces = cut_pieces(TOKENIZER, text)
    assert pieces.ids.tolist() == (_by_the_line(text) if len(pieces.starts) or len(pieces.ids) else [])
