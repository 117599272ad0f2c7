"""What a reader writes, as terms; and the terms marked in a text."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.search.ranking import rank_of
from sources.search.words import (
    MAX_TERMS,
    Highlighter,
    NoWordsError,
    SearchQuery,
    Term,
    fold,
    fts5_match,
    parse_search,
    tsquery,
)

PARSED = [
    ("words", "Bridge tax", [Term(("bridge",)), Term(("tax",))]),
    ("a phrase", '"the old bridge"', [Term(("the", "old", "bridge"))]),
    ("a phrase that is not closed goes to the end", 'x "old bridge', [Term(("x",)), Term(("old", "bridge"))]),
    ("a prefix", "tax*", [Term(("tax",), is_prefix=True)]),
    ("a prefix at the end of a phrase", '"old bri"*', [Term(("old", "bri"), is_prefix=True)]),
    ("a star elsewhere only separates", "ta*x", [Term(("ta", "x"))]),
    ("an exclusion", "-tax", [Term(("tax",), is_excluded=True)]),
    ("an excluded phrase", '-"old tax"', [Term(("old", "tax"), is_excluded=True)]),
    ("an excluded prefix", "-tax*", [Term(("tax",), is_prefix=True, is_excluded=True)]),
    ("a hyphen within a word excludes nothing", "well-known", [Term(("well", "known"))]),
    ("an apostrophe", "don’t", [Term(("don", "t"))]),
    ("operators are words", "a AND NOT b", [Term((word,)) for word in ("a", "and", "not", "b")]),
    ("columns are words", "text:bridge", [Term(("text", "bridge"))]),
    ("signs alone are nothing", "x % ( & |", [Term(("x",))]),
    ("accents of Latin letters aside", "Élan", [Term(("elan",))]),
    ("accents of other letters stay", "йога", [Term(("йога",))]),
    ("letters that only look composed stay", "Søren", [Term(("søren",))]),
    ("digits", "3.5 %", [Term(("3", "5"))]),
]


@pytest.mark.parametrize(("text", "terms"), [row[1:] for row in PARSED], ids=[row[0] for row in PARSED])
def test_parse(text: str, terms: list[Term]) -> None:
    assert list(parse_search(text).terms) == terms


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no word"),
        ("%  ' \" *", "no word"),
        ("😀", "no word"),
        ("-", "no word"),
        ("a*", "2 letters"),
        (" ".join(["a"] * (MAX_TERMS + 1)), f"At most {MAX_TERMS}"),
    ],
    ids=["empty", "signs", "emoji", "a lone minus", "a short prefix", "too many"],
)
def test_nothing_to_search_for(text: str, says: str) -> None:
    with pytest.raises(NoWordsError, match=says):
        parse_search(text)


@given(st.text(max_size=200))
def test_any_text_gives_terms_that_neither_database_can_misread(text: str) -> None:
    try:
        query = parse_search(text)
    except NoWordsError:
        return
    assert all(re.fullmatch(r"[^\W_]+", word) and word == fold(word) for term in query.terms for word in term.words)
    assert fts5_match(query.terms).count('"') == 2 * len(query.terms)
    assert tsquery(query.terms).count("'") == 2 * sum(len(term.words) for term in query.terms)


MARKED = [
    ("a word, case aside", "The Bridge fell", "bridge", "The <mark>Bridge</mark> fell"),
    ("not within a word", "Abridged", "bridge", "Abridged"),
    ("every time", "tax or tax", "tax", "<mark>tax</mark> or <mark>tax</mark>"),
    ("a prefix marks the whole word", "taxes", "tax*", "<mark>taxes</mark>"),
    ("a phrase, whatever separates it", "old,\nbridge", '"old bridge"', "<mark>old,\nbridge</mark>"),
    ("a phrase is not its words", "bridge old", '"old bridge"', "bridge old"),
    ("what is excluded is not marked", "tax bridge", "bridge -tax", "tax <mark>bridge</mark>"),
    ("accents aside", "Élan vital", "elan", "<mark>Élan</mark> vital"),
    ("accents written apart are found in place", "x Élan", "elan", "x <mark>Élan</mark>"),
    ("markup is text", "<b>tax</b> & co", "tax", "&lt;b&gt;<mark>tax</mark>&lt;/b&gt; &amp; co"),
    ("nothing found", "calm", "storm", "calm"),
    ("only exclusions", "calm", "-storm", "calm"),
]


@pytest.mark.parametrize(("text", "search", "marked"), [row[1:] for row in MARKED], ids=[row[0] for row in MARKED])
def test_highlight(text: str, search: str, marked: str) -> None:
    assert Highlighter(parse_search(search)).mark(text) == marked


def test_of_a_long_text_the_part_around_what_was_found_is_shown() -> None:
    text = "word " * 200 + "the bridge fell " + "word " * 200
    shown = Highlighter(parse_search("bridge")).mark(text)
    assert "the <mark>bridge</mark> fell" in shown
    assert shown.startswith("…word ")
    assert shown.endswith("word…")
    assert len(shown) < 300


@given(st.text(max_size=400), st.text("abé -*\"'İß", max_size=20))
def test_a_highlight_is_the_text_itself_or_a_part_of_it(text: str, search: str) -> None:
    try:
        query = parse_search(search)
    except NoWordsError:
        return
    shown = unescape(re.sub("</?mark>", "", Highlighter(query).mark(text)))
    assert shown.removeprefix("…").removesuffix("…") in text or shown in text


class TestRank:
    def test_more_often_is_more(self) -> None:
        terms = parse_search("tax").wanted
        assert rank_of(terms, "tax tax calm") > rank_of(terms, "tax calm calm") > rank_of(terms, "calm") == 0

    def test_shorter_is_more(self) -> None:
        terms = parse_search("tax").wanted
        assert rank_of(terms, "tax") > rank_of(terms, "tax " + "calm " * 50)

    def test_the_headline_counts_most(self) -> None:
        terms = parse_search("tax").wanted
        assert rank_of(terms, "tax", "calm") > rank_of(terms, "calm", "tax")

    def test_without_a_wanted_term_all_are_alike(self) -> None:
        assert rank_of(SearchQuery((Term(("x",), is_excluded=True),)).wanted, "x") == 0
