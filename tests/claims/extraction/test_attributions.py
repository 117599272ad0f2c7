"""Decoding: which source a claim gets where the tagger saw none."""

from dataclasses import replace

import pytest

from claims.extraction.attributions import Finder, Head, Link
from claims.extraction.encoder import EncodedText
from claims.extraction.engine import DEFAULT_MODEL

TEXT = "Ana Sol said the old bridge was safe. Nobody in the village of Norfield had crossed it for a year."
SPEAKER = (0, 1)
"""The words "Ana Sol"."""


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder(DEFAULT_MODEL)


def with_doubt(encoded: EncodedText, margin: float) -> EncodedText:
    """Returns the text with its speaker's words a margin surer to be no source."""
    pieces, vectors, emissions = encoded
    doubted = emissions.copy()
    first, last = SPEAKER
    doubted[first : last + 1, 0] = doubted[first : last + 1, 1:].max(axis=1) + margin
    return EncodedText(pieces, vectors, doubted)


def links_of(head: Head, encoded: EncodedText, second_source: float) -> list[Link]:
    kept = head.decoding
    head.decoding = replace(kept, second_source=second_source)
    try:
        return head.decode(encoded)
    finally:
        head.decoding = kept


def test_a_source_that_was_nearly_tagged_is_taken_where_a_claim_has_none(finder: Finder) -> None:
    encoded = with_doubt(finder.encoder.encode(TEXT), 1.0)
    (without,) = links_of(finder.head, encoded, -20.0)
    (again,) = links_of(finder.head, encoded, 3.0)
    assert without.source is None
    assert again.source == SPEAKER
    assert replace(again, source=None) == without, "contents, cue and evidence stay as they were"


def test_a_source_that_was_tagged_stays(finder: Finder) -> None:
    encoded = finder.encoder.encode(TEXT)
    usual = links_of(finder.head, encoded, 0.0)
    assert [link.source for link in usual] == [SPEAKER]
    assert links_of(finder.head, encoded, 20.0) == usual


def test_words_of_other_spans_never_become_a_source(finder: Finder) -> None:
    encoded = with_doubt(finder.encoder.encode(TEXT), 50.0)
    (link,) = links_of(finder.head, encoded, 40.0)
    spoken = {word for first, last in (*link.contents, link.cue) for word in range(first, last + 1)}
    assert link.source is None or spoken.isdisjoint(range(link.source[0], link.source[1] + 1))


def test_a_text_without_words_has_no_links(finder: Finder) -> None:
    encoded = finder.encoder.encode(" \n ")
    assert finder.head.decode(encoded) == []
