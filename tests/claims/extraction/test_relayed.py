"""What counts as relayed, and how a content is read again; the finder is canned, the words are real."""

from typing import Any

import pytest

from claims.extraction.relayed import own_words, relayed_attributions
from claims.extraction.values import Attribution, ExtractedClaim, RelayedClaim, Span, SpeakerReference


def span(text: str, quote: str) -> Span:
    assert text.count(quote) == 1, quote
    return Span(text.index(quote), text.index(quote) + len(quote))


def found(text: str, mention: str, cue: str, content: str, confidence: float = 0.9) -> Attribution:
    def spans(quote: str) -> tuple[Span, ...]:
        return (span(text, quote),) if quote else ()

    return Attribution(spans(content), spans(cue), spans(mention), confidence, 0.9)


class Reader:
    """Finds what it was told in whatever sentence it is given, and remembers the sentences."""

    def __init__(self, mention: str, cue: str, content: str, confidence: float = 0.9) -> None:
        self.sentences: list[str] = []
        self._answer = (mention, cue, content, confidence)

    def __call__(self, sentence: str) -> list[Attribution]:
        self.sentences.append(sentence)
        return [found(sentence, *self._answer)]


TEXT = "Orla Quist said that the harbour master had told her that the crane was old. “Nobody told us so,” she added."
OUTER = found(TEXT, "Orla Quist", "said", "that the harbour master had told her that the crane was old")


def test_what_another_said_inside_a_claim_is_found_where_it_stands() -> None:
    reader = Reader("The harbour master", "told", "that the crane was old")

    (relayed,) = relayed_attributions(TEXT, [OUTER], reader)

    assert reader.sentences == ["The harbour master had told her that the crane was old."]
    assert relayed.within == 0
    one = relayed.attribution
    assert [TEXT[start:end] for start, end in (*one.mention, *one.cue, *one.content)] == [
        "the harbour master",
        "told",
        "that the crane was old",
    ]


def test_a_quotation_inside_keeps_its_closing_marks() -> None:
    text = 'Quist recalled that the harbour master had answered, "Just wait."'
    outer = found(text, "Quist", "recalled", 'that the harbour master had answered, "Just wait."')

    (relayed,) = relayed_attributions(text, [outer], Reader("The harbour master", "answered", '"Just wait.'))

    assert [text[start:end] for start, end in relayed.attribution.content] == ['"Just wait."']


@pytest.mark.parametrize(
    "reader",
    [
        pytest.param(Reader("The harbour master", "told", "that the crane was old", 0.2), id="little-confidence"),
        pytest.param(Reader("", "told", "that the crane was old"), id="nobody-who-says-it"),
        pytest.param(Reader("The", "told", "that the crane was old"), id="no-more-than-an-article"),
        pytest.param(Reader("The harbour master", "had", "that the crane was old"), id="no-verb-of-saying"),
        pytest.param(
            Reader("", "told", "The harbour master had told her that the crane was old"), id="the-claim-itself-again"
        ),
    ],
)
def test_but_not_everything_that_a_second_reading_finds(reader: Reader) -> None:
    assert relayed_attributions(TEXT, [OUTER], reader) == []


def test_a_content_without_a_verb_of_saying_is_not_read_again() -> None:
    reader = Reader("x", "x", "x")

    assert (
        relayed_attributions("He said that it rained.", [Attribution((Span(8, 22),), (), (), 0.9, 0.9)], reader) == []
    )
    assert reader.sentences == []


@pytest.mark.parametrize("content", ["“", "that ", "“‘«", "said", "“said”", "ẞaid said", "ŉ told"])
def test_odd_contents_never_raise_and_spans_stay_inside(content: str) -> None:
    def everything(sentence: str) -> list[Attribution]:
        whole = (Span(0, len(sentence)),)
        return [Attribution(whole, whole, whole, 0.9, 0.9), Attribution((Span(0, 1),), whole, whole, 0.9, 0.9)]

    outer = Attribution((Span(0, len(content)),), (), (), 0.9, 0.9)

    for relayed in relayed_attributions(content, [outer], everything):
        for start, end in relayed.attribution.content:
            assert 0 <= start < end <= len(content)


def told(text: str, mention: str, cue: str, content: str, name: str, kind: str, within: int | None = None) -> Any:
    """A claim, or one relayed within another, by a speaker of that name."""
    one = found(text, mention, cue, content)
    speaker = SpeakerReference("resolved", name, "person", mention)
    if within is None:
        return ExtractedClaim(one.content, one.cue, one.mention, kind, "statement", speaker, 0.9)  # type: ignore[arg-type]
    return RelayedClaim(one.content, one.cue, one.mention, kind, "statement", speaker, within, 0.9)  # type: ignore[arg-type]


ANSWERED = "Orla Quist said that the clerk asked for her papers, to which the baker replied, “Ask the bank.” She left."
WHOLE = "that the clerk asked for her papers, to which the baker replied, “Ask the bank.”"


def test_what_one_answered_oneself_is_a_claim_of_its_own() -> None:
    claims = [
        told(ANSWERED, "Orla Quist", "said", WHOLE, "Orla Quist", "mixed"),
        told(ANSWERED, "She", "left", "She left", "Orla Quist", "indirect"),
    ]
    asked = told(ANSWERED, "the clerk", "asked", "for her papers", "The Clerk", "indirect", within=0)
    answer = told(ANSWERED, "the baker", "replied", "“Ask the bank.”", "Orla Quist", "direct", within=0)
    later = told(ANSWERED, "She", "left", "left", "Orla Quist", "indirect", within=1)

    apart, rest = own_words(ANSWERED, claims, [asked, answer, later], lambda content: "indirect")

    texts = [ANSWERED[claim.content[0].start : claim.content[0].end] for claim in apart]
    assert texts == ["that the clerk asked for her papers", "“Ask the bank.”", "She left"]
    assert [claim.kind for claim in apart] == ["indirect", "direct", "indirect"]
    assert [(one.cue, one.within) for one in rest] == [(asked.cue, 0), (later.cue, 2)]


NOT_ONES_OWN = [
    ("somebody else answered", ANSWERED, WHOLE, "the baker", "The Baker", "direct"),
    ("no quotation", ANSWERED, WHOLE, "the baker", "Orla Quist", "indirect"),
    (
        "no clause of its own",
        "Orla Quist said that she had told the clerk, “Ask the bank.”",
        "that she had told the clerk, “Ask the bank.”",
        "she",
        "Orla Quist",
        "direct",
    ),
]


@pytest.mark.parametrize(
    ("text", "whole", "mention", "name", "kind"),
    [row[1:] for row in NOT_ONES_OWN],
    ids=[row[0] for row in NOT_ONES_OWN],
)
def test_but_not_when(text: str, whole: str, mention: str, name: str, kind: str) -> None:
    outer = told(text, "Orla Quist", "said", whole, "Orla Quist", "mixed")
    cue = "replied" if "replied" in text else "told"
    inner = told(text, mention, cue, "“Ask the bank.”", name, kind, within=0)
    assert own_words(text, [outer], [inner], lambda content: "indirect") == ((outer,), (inner,))
