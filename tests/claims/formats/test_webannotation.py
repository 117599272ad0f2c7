"""Web Annotations, and the surroundings of a quote, counted in code points."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.formats.surroundings import REACH, quote_at, quote_within
from claims.formats.values import Desk, Quote
from claims.formats.webannotation import annotation

FAMILY = "👩\u200d👩\u200d👧"  # one sign of five code points
ADDRESS = "https://desk.example/api/v1/claims/9/annotation/"


def test_a_whole_annotation(claim, desk: Desk) -> None:
    assert annotation(claim(finding={}), desk, ADDRESS) == {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": ADDRESS,
        "type": "Annotation",
        "motivation": "assessing",
        "created": "2026-03-02T08:00:00Z",
        "modified": "2026-04-01T23:30:00Z",
        "creator": {"id": "https://desk.example/", "type": "Organization", "name": "Valley Desk"},
        "canonical": "https://desk.example/api/v1/claims/9/",
        "body": [
            {
                "type": "SpecificResource",
                "source": "https://desk.example/api/v1/speakers/1/",
                "purpose": "identifying",
            },
            {"type": "TextualBody", "value": "Mostly false", "format": "text/plain", "purpose": "tagging"},
            {"type": "TextualBody", "value": "The inspection failed.", "format": "text/plain", "purpose": "assessing"},
        ],
        "target": [
            {
                "source": "https://valley.example/bridge",
                "state": {"type": "TimeState", "cached": "https://desk.example/api/v1/articles/3/"},
                "selector": [
                    {
                        "type": "TextQuoteSelector",
                        "exact": "“The bridge is safe,”",
                        "prefix": "Then ",
                        "suffix": " Ada Quill said.",
                    },
                    {"type": "TextPositionSelector", "start": 10, "end": 31},
                ],
            }
        ],
    }


def test_each_span_is_a_target(claim, desk: Desk) -> None:
    built = annotation(claim(quotes=(Quote("We", 0, 2), Quote("hope", 9, 13))), desk, ADDRESS)
    assert [one["selector"][0] for one in built["target"]] == [
        {"type": "TextQuoteSelector", "exact": "We"},
        {"type": "TextQuoteSelector", "exact": "hope"},
    ]


def test_without_speaker_or_verdict_there_is_no_body(claim, desk: Desk) -> None:
    built = annotation(claim(speakers=()), desk, ADDRESS)
    assert "body" not in built
    assert built["motivation"] == "identifying"


def test_a_page_without_an_address_is_annotated_where_we_keep_it(claim, desk: Desk) -> None:
    (target,) = annotation(claim(original={"url": ""}), desk, ADDRESS)["target"]
    assert target["source"] == "https://desk.example/api/v1/articles/3/"


PLACES = {
    "in the middle": ("one two three", "two", "one ", " three"),
    "at the beginning": ("two three", "two", "", " three"),
    "at the end": ("one two", "two", "one ", ""),
    "cut at the reach": (f"{'a' * 50}X{'b' * 50}", "X", "a" * REACH, "b" * REACH),
    "an emoji counts once": (f"😀{'a' * 31}X", "X", f"😀{'a' * 31}", ""),
    "no half of a family before": (f"{FAMILY}{'a' * 29}X", "X", "a" * 29, ""),
    "but a whole one": (f"b{FAMILY}{'a' * 26}X", "X", f"b{FAMILY}{'a' * 26}", ""),
    "no half of a family behind": (f"X{'a' * 29}{FAMILY}", "X", "", "a" * 29),
    "no combining mark alone": (f"e\u0301{'a' * 31}X", "X", "a" * 31, ""),
    "no letter without its mark": (f"X{'a' * 31}e\u0301", "X", "", "a" * 31),
    "line breaks are kept": ("one\n\ntwo\nthree", "two", "one\n\n", "\nthree"),
}


@pytest.mark.parametrize(("text", "exact", "prefix", "suffix"), PLACES.values(), ids=list(PLACES))
def test_surroundings(text: str, exact: str, prefix: str, suffix: str) -> None:
    start = text.index(exact)
    quote = quote_at(text, start, start + len(exact))
    assert (quote.prefix, quote.exact, quote.suffix) == (prefix, exact, suffix)


@settings(deadline=None)
@given(st.text(max_size=120), st.data())
def test_prefix_quote_and_suffix_stand_together_in_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    quote = quote_at(text, start, end)
    assert quote.exact == text[start:end]
    assert text[:start].endswith(quote.prefix)
    assert text[end:].startswith(quote.suffix)
    assert len(quote.prefix) <= REACH
    assert len(quote.suffix) <= REACH


WITHIN = {
    "found once": ("Then it is safe again.", "it is safe", "Then ", " again."),
    "but not twice": ("It is safe, said he. It is safe.", "It is safe", "", ""),
    "nor where it is not": ("Something else.", "it is safe", "", ""),
}


@pytest.mark.parametrize(("context", "exact", "prefix", "suffix"), WITHIN.values(), ids=list(WITHIN))
def test_surroundings_from_the_sentences_around(context: str, exact: str, prefix: str, suffix: str) -> None:
    quote = quote_within(context, Quote(exact, 100, 100 + len(exact)))
    assert (quote.prefix, quote.suffix, quote.start) == (prefix, suffix, 100)
