"""Text-fragment links: how terms are written, and how much of a quote is given."""

from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.formats.textfragment import text_fragment_link
from claims.formats.values import Quote

PAGE = "https://valley.example/a"
LONG = " ".join(f"w{number}" for number in range(100))


def link(exact: str, prefix: str = "", suffix: str = "", url: str = PAGE) -> str:
    return text_fragment_link(url, [Quote(exact, 0, len(exact), prefix, suffix)])


TERMS = {
    "plain words": ("the bridge is safe now", "the%20bridge%20is%20safe%20now"),
    "a hyphen": ("a well-built bridge is safe", "a%20well%2Dbuilt%20bridge%20is%20safe"),
    "a comma": ("yes, it is safe now", "yes%2C%20it%20is%20safe%20now"),
    "an ampersand": ("Quill & Lind are safe now", "Quill%20%26%20Lind%20are%20safe%20now"),
    "percent and hash": ("100% of route #5 is safe", "100%25%20of%20route%20%235%20is%20safe"),
    "curly quotes": ("“it is safe to cross,”", "%E2%80%9Cit%20is%20safe%20to%20cross%2C%E2%80%9D"),
    "an emoji": ("it is safe to cross 😀", "it%20is%20safe%20to%20cross%20%F0%9F%98%80"),
    "white space collapses": ("it  is\tsafe to\u00a0cross", "it%20is%20safe%20to%20cross"),
    "two paragraphs are a range": (
        "It is safe to cross today.\n\nNobody will be hurt by this bridge.",
        "It%20is%20safe%20to%20cross,be%20hurt%20by%20this%20bridge.",
    ),
    "a long quote is a range": (
        LONG,
        "w0%20w1%20w2%20w3%20w4,w95%20w96%20w97%20w98%20w99",
    ),
    "but not a long one of few words": ("x" * 400, "x" * 400),
}


@pytest.mark.parametrize(("exact", "expected"), TERMS.values(), ids=list(TERMS))
def test_terms(exact: str, expected: str) -> None:
    assert link(exact) == f"{PAGE}#:~:text={expected}"


AROUND = {
    "a short quote has words around it": (
        ("safe", "he called it ", " for all of us"),
        "called%20it-,safe,-for%20all%20of",
    ),
    "whole words only": (("safe", "ridge is ", " for al"), "is-,safe,-for"),
    "three at most": (("safe", "\na b c d e ", " f g h i j\n"), "c%20d%20e-,safe,-f%20g%20h"),
    "not from another line": (("safe", "Headline\n", "\nNext paragraph"), "safe"),
    "from its own line, also if short": (("safe", "Headline\nIt is ", " now.\nNext"), "It%20is-,safe,-now."),
    "not within a word": (("safe", "it is un", "ly done"), "safe"),
    "but not for a longer quote": (("it is safe to cross", "he said ", " on Monday"), "it%20is%20safe%20to%20cross"),
    "hyphens around are encoded": (("safe", "x well-known - ", " so-so y z"), "well%2Dknown%20%2D-,safe,-so%2Dso%20y"),
}


@pytest.mark.parametrize(("quote", "expected"), AROUND.values(), ids=list(AROUND))
def test_words_around_short_quotes(quote: tuple[str, str, str], expected: str) -> None:
    assert link(*quote) == f"{PAGE}#:~:text={expected}"


URLS = {
    "a query stays": ("https://a.example/?x=1&y=2", "https://a.example/?x=1&y=2#:~:text=one"),
    "a fragment stays": ("https://a.example/#top", "https://a.example/#top:~:text=one"),
    "a directive is replaced": ("https://a.example/#top:~:text=old", "https://a.example/#top:~:text=one"),
    "an empty fragment": ("https://a.example/#", "https://a.example/#:~:text=one"),
    "no address, no link": ("", ""),
}


@pytest.mark.parametrize(("url", "expected"), URLS.values(), ids=list(URLS))
def test_addresses(url: str, expected: str) -> None:
    assert link("one", url=url) == expected


def test_each_span_is_a_directive() -> None:
    quotes = [Quote("we hope it is safe", 0, 18), Quote("for all who will cross", 30, 52)]
    expected = f"{PAGE}#:~:text=we%20hope%20it%20is%20safe&text=for%20all%20who%20will%20cross"
    assert text_fragment_link(PAGE, quotes) == expected


@pytest.mark.parametrize("exact", ["", "  \n "], ids=["empty", "white space"])
def test_but_an_empty_span_is_none(exact: str) -> None:
    assert link(exact) == PAGE


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=40), st.text(max_size=40))
def test_separators_only_separate(exact: str, prefix: str, suffix: str) -> None:
    built = link(exact, prefix, suffix)
    directive = built.partition(":~:text=")[2]
    assert set(directive) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789%._~,-")
    terms = directive.split(",") if directive else []
    assert len(terms) <= 3
    middle = [term for term in terms if not term.startswith("-") and not term.endswith("-")]
    assert len(middle) <= 2
    assert all("-" not in term for term in middle)
    if len(middle) == 1 and len(exact.splitlines()) == 1:
        assert unquote(middle[0]) == " ".join(exact.split())
