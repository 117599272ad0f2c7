"""Acts: each cue with its "but not when" twin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.extraction.acts import act_of
from claims.extraction.values import Attribution, Span

CASES = [
    ("The mayor [said] the bridge is safe.", "statement", "say"),
    ("The mayor [said] she hoped the bridge holds.", "statement", "hope-inside-the-content"),
    ("The mayor [hoped] the bridge holds.", "attitude", "hope"),
    ("The mayor [expressed concern over] the bridge.", "attitude", "concern-in-the-cue"),
    ("The mayor [expressed] concern over the bridge.", "attitude", "concern-beside-the-cue"),
    ("The mayor [expressed] herself in Latin.", "statement", "expressed-without-an-attitude"),
    ("The mayor [wants] to close the bridge.", "attitude", "want"),
    ("The mayor [is confident] the bridge holds.", "attitude", "adjective"),
    ("The mayor's [fear] that the bridge falls", "attitude", "noun"),
    ("When [asked] if the bridge holds, she said yes.", "question", "interviewer"),
    ("When asked if the bridge holds, she [said] yes.", "statement", "the-answer-is-a-statement"),
    ("She [asked] what went wrong.", "question", "asked-what"),
    ("“Who pays?” she [asked].", "question", "asked-after-a-quote"),
    ("She [asked] him to leave.", "attitude", "request-with-person"),
    ("She [asked for] help.", "attitude", "request"),
    ("She [wondered] whether it holds.", "question", "wonder"),
    ("She [refused] to comment.", "refusal", "refused"),
    ("She [declined to comment on] the bridge.", "refusal", "declined"),
    ("She [declined] the invitation.", "statement", "declined-a-thing"),
    ("She [did not respond to] a message.", "refusal", "did-not-respond"),
    ("She did not [respond] to a message.", "refusal", "negation-before-the-cue"),
    ("She [responded] that it holds.", "statement", "responded"),
    ("She [would not say] whether it holds.", "refusal", "would-not-say"),
    ("She [would say] it holds.", "statement", "would-say"),
    ("She [spoke about] the bridge.", "topic", "spoke-about"),
    ("She [spoke] about the bridge.", "topic", "about-beside-the-cue"),
    ("She [spoke about] the bridge and [said] it holds.", "statement", "spoke-about-saying"),
    ("She [discussed] the bridge with engineers.", "topic", "discussed"),
    ("She [addressed the issue of] tolls.", "topic", "addressed"),
    ("She [talked at length about] the bridge.", "topic", "adverb-inside-the-phrase"),
    ("She [said] she could not comment on tolls.", "refusal", "said-she-could-not-comment"),
    ("She [said] she could not sleep.", "statement", "said-she-could-not"),
    ("She [did not want] to comment on tolls.", "refusal", "did-not-want-to-comment"),
    ("She [did not want] to swim.", "attitude", "did-not-want"),
    ("She [wants to know] who pays.", "question", "wants-to-know"),
    ("She [urged] the council to pay.", "attitude", "urge"),
    ("She [called for] calm.", "attitude", "called-for"),
    ("She [called] it a mess.", "statement", "called"),
    ("She [told] the council it holds.", "statement", "told"),
    ("According[:] it holds.", "statement", "punctuation-cue"),
    ("It holds[].", "statement", "empty-cue"),
]


def attribution(marked: str) -> tuple[str, Attribution]:
    """Returns the text without its brackets and an attribution whose cue is what stood inside them."""
    text, cue = "", []
    start = 0
    for char in marked:
        if char == "[":
            start = len(text)
        elif char == "]":
            cue.append(Span(start, len(text)))
        else:
            text += char
    return text, Attribution((Span(0, 1),), tuple(one for one in cue if one.end > one.start), (), 1.0, 1.0)


@pytest.mark.parametrize(("marked", "act"), [pytest.param(m, a, id=i) for m, a, i in CASES])
def test_the_cue_tells_the_act(marked: str, act: str) -> None:
    assert act_of(*attribution(marked)) == act


@given(st.text(max_size=80), st.integers(0, 80), st.integers(0, 20))
def test_no_text_makes_it_raise(text: str, start: int, length: int) -> None:
    cue = (Span(min(start, len(text)), min(start + length, len(text))),)

    assert act_of(text, Attribution((), cue, (), 1.0, 1.0))
