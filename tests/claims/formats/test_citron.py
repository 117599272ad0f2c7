"""Citron's answer, with the peculiarities that its clients rely on."""

from typing import Any

import pytest

from claims.formats.citron import QuotedStatement, quotes_answer

TEXT = "Ada Quill came. 😀 “It is safe,” he said, “for all.” Later Bo Lind and she agreed: it is."


def span(words: str, text: str = TEXT) -> tuple[int, int]:
    return (text.index(words), text.index(words) + len(words))


def quote_of(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "contents": (span("“It is safe,”"), span("“for all.”")),
        "cue": (span("said"),),
        "mention": (span("he"),),
        "names": ("Ada Quill",),
        "confidence": 0.84329,
    }
    (quote,) = quotes_answer(TEXT, [QuotedStatement(**values | changes)], "1.0+abc")["quotes"]
    return quote


def test_a_whole_answer() -> None:
    statement = QuotedStatement((span("it is."),), (span("agreed"),), (span("Bo Lind"),), ("Bo Lind",), 0.5)
    assert quotes_answer(TEXT, [statement], "1.0+abc") == {
        "quotes": [
            {
                "sources": [{"start": 58, "end": 65, "text": "Bo Lind"}],
                "coreferences": [],
                "cue": {"start": 74, "end": 80, "text": "agreed"},
                "contents": [{"start": 82, "end": 88, "text": "it is."}],
                "confidence": "0.5000",
            }
        ],
        "source": {"application": "claimtrack", "model:": "1.0+abc"},
    }
    assert quotes_answer("", [], "1.0+abc")["quotes"] == []


def test_a_broken_quotation_has_several_contents() -> None:
    assert [one["text"] for one in quote_of()["contents"]] == ["“It is safe,”", "“for all.”"]
    assert quote_of()["confidence"] == "0.8433"


SOURCES = {
    "a pronoun: the name, and the pronoun": ({}, ["Ada Quill"], ["he"]),
    "the name itself": ({"mention": (span("Ada Quill"),)}, ["Ada Quill"], []),
    "a name behind the mention": ({"names": ("Bo Lind",)}, ["Bo Lind"], ["he"]),
    "a name that the text does not have": ({"names": ("Ada M. Quill",)}, ["he"], []),
    "nobody known": ({"names": ()}, ["he"], []),
    "no words at all": ({"mention": (), "names": ()}, [], []),
    "two, one of them by pronoun": (
        {"mention": (span("Bo Lind and she"),), "names": ("Bo Lind", "Ada Quill")},
        ["Bo Lind", "Ada Quill"],
        ["Bo Lind and she"],
    ),
}


@pytest.mark.parametrize(("changes", "sources", "coreferences"), SOURCES.values(), ids=list(SOURCES))
def test_sources(changes: dict, sources: list[str], coreferences: list[str]) -> None:
    quote = quote_of(**changes)
    assert [one["text"] for one in quote["sources"]] == sources
    assert [one["text"] for one in quote["coreferences"]] == coreferences
    for one in [*quote["sources"], *quote["coreferences"], quote["cue"], *quote["contents"]]:
        assert TEXT[one["start"] : one["end"]] == one["text"]


def test_without_a_cue_there_is_an_empty_one_behind_the_content() -> None:
    end = span("“for all.”")[1]
    assert quote_of(cue=())["cue"] == {"start": end, "end": end, "text": ""}
