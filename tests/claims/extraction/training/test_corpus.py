import pytest
from tokenizers import Tokenizer

from claims.extraction.crf import TAGS
from claims.extraction.training.corpus import CONTENT, CUE, SOURCE, Row, prepare, swap_repairs
from claims.extraction.windows import CORE

TEXT = "“The quay,” Maren Osei said, “is cracked.” She left."


def _row(*attributions: tuple[list, list, list], text: str = TEXT) -> Row:
    names = ("source", "cue", "content")
    return {"id": "x", "text": text, "attributions": [dict(zip(names, one, strict=True)) for one in attributions]}


def _span(words: str, text: str = TEXT) -> list[int]:
    return [text.index(words), text.index(words) + len(words)]


def _words(article_spans: list[tuple[int, int]], tokenizer: Tokenizer, row: Row) -> list[str]:
    pieces = prepare(row, tokenizer, CORE).pieces
    return [row["text"][pieces.starts[first] : pieces.ends[last]] for first, last in article_spans]


def test_roles_become_tags_and_links(tokenizer: Tokenizer) -> None:
    row = _row(([_span("Maren Osei")], [_span("said")], [_span("“The quay,”"), _span("“is cracked.”")]))
    article = prepare(row, tokenizer, CORE)
    assert _words(article.spans[SOURCE], tokenizer, row) == ["Maren Osei"]
    assert _words(article.spans[CUE], tokenizer, row) == ["said"]
    assert _words(article.spans[CONTENT], tokenizer, row) == ["“The quay,”", "“is cracked.”"]
    assert article.cue_of == [0, 0]
    assert article.sources_of_cue == [[0]]
    assert article.sources_of_content == [[0], [0]]
    tags = [TAGS[tag] for tag in article.tags]
    assert tags[:8] == ["B-content", *["I-content"] * 4, "B-source", "I-source", "B-cue"]


EDGES = [
    ("one character short", lambda: [[1, 9]], ["The quay"]),
    ("one character into the next word", lambda: [[1, 6]], ["The"]),
    ("half a word counts", lambda: [[1, 7]], ["The quay"]),
    ("cut by its own marks", lambda: [[1, 9], [9, 11]], ["The quay,”"]),
    ("nothing but white space", lambda: [[4, 5]], []),
]


@pytest.mark.parametrize(("content", "words"), [row[1:] for row in EDGES], ids=[row[0] for row in EDGES])
def test_spans_are_cut_to_words(tokenizer: Tokenizer, content, words: list[str]) -> None:
    row = _row(([], [_span("said")], content()))
    assert _words(prepare(row, tokenizer, CORE).spans[CONTENT], tokenizer, row) == words


def test_attributions_may_share_a_source(tokenizer: Tokenizer) -> None:
    row = _row(
        ([_span("Maren Osei")], [_span("said")], [_span("“The quay,”")]),
        ([_span("Maren Osei")], [_span("left")], [_span("“is cracked.”")]),
    )
    article = prepare(row, tokenizer, CORE)
    assert len(article.spans[SOURCE]) == 1
    assert article.sources_of_content == [[0], [0]]
    assert article.cue_of == [0, 1]


def test_no_source_is_no_link(tokenizer: Tokenizer) -> None:
    article = prepare(_row(([], [_span("said")], [_span("“The quay,”")])), tokenizer, CORE)
    assert article.sources_of_cue == [[]]


def test_swapped_roles_are_repaired_where_the_corpus_is_sure() -> None:
    right = _row(*[([_span("Maren Osei")], [_span("said")], [_span("“The quay,”")])] * 3)
    swapped = _row(([_span("said")], [_span("Maren Osei")], [_span("“The quay,”")]))
    assert swap_repairs([right, swapped]) == 1
    assert swapped["attributions"] == right["attributions"][:1]


def test_but_not_what_is_seen_both_ways() -> None:
    one = _row(([_span("Maren Osei")], [_span("said")], [_span("“The quay,”")]))
    other = _row(([_span("said")], [_span("Maren Osei")], [_span("“The quay,”")]))
    assert swap_repairs([one, other]) == 0
