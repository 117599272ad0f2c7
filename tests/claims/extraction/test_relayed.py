"""What counts as relayed, and how a content is read again; the finder is canned, the words are real."""

import pytest

from claims.extraction.relayed import relayed_attributions
from claims.extraction.values import Attribution, Span


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
