from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.extraction import extract
from claims.extraction.layouts import act_of_speech, layout_attributions, with_layout
from claims.extraction.values import Attribution, Span

TURNS = "OSEI: Who opened the lock?\n\nLUNDGAARD: I did.\n\nOSEI: Why?"

TABLE = [
    ("turns", TURNS, [("OSEI", "Who opened the lock?"), ("LUNDGAARD", "I did."), ("OSEI", "Why?")]),
    (
        "turns in quotation marks",
        '"OSEI: Who?\n\n"LUNDGAARD: Me.\n\n"OSEI: Why?"',
        [("OSEI", "Who?"), ("LUNDGAARD", "Me."), ("OSEI", 'Why?"')],
    ),
    (
        "a turn of two paragraphs",
        "OSEI: Why?\n\nLUNDGAARD: It rained.\n\nI was afraid.\n\nOSEI: Of what?",
        [("OSEI", "Why?"), ("LUNDGAARD", "It rained. … I was afraid."), ("OSEI", "Of what?")],
    ),
    (
        "but not narration between turns",
        "OSEI: Why?\n\nLUNDGAARD: It rained.\n\nThe hall laughed.\n\nOSEI: Of what?",
        [("OSEI", "Why?"), ("LUNDGAARD", "It rained."), ("OSEI", "Of what?")],
    ),
    (
        "nor stage directions",
        "OSEI: Why?\n\n(We hear I and you.)\n\nLUNDGAARD: It rained.\n\nOSEI: Oh.",
        [("OSEI", "Why?"), ("LUNDGAARD", "It rained."), ("OSEI", "Oh.")],
    ),
    (
        "nor what follows the last turn",
        TURNS + "\n\nI left.",
        [("OSEI", "Who opened the lock?"), ("LUNDGAARD", "I did."), ("OSEI", "Why?")],
    ),
    (
        "party behind the label",
        "OSEI (Green): Why?\n\nLUNDGAARD (Blue): It rained.\n\nOSEI (Green): Oh.",
        [("OSEI", "Why?"), ("LUNDGAARD", "It rained."), ("OSEI", "Oh.")],
    ),
    (
        "affiliation behind the label",
        "ANN OSEI, LOCK KEEPERS' UNION: Why?\n\nLUNDGAARD, Harbour Board: It rained.\n\nOSEI: Oh.\n\nOSEI: Well.",
        [("ANN OSEI", "Why?"), ("LUNDGAARD", "It rained."), ("OSEI", "Oh."), ("OSEI", "Well.")],
    ),
    (
        "questions and answers",
        "Q. Why?\nA. It rained.\nQ. Oh?\nA. Yes.",
        [("Q", "Why?"), ("A", "It rained."), ("Q", "Oh?"), ("A", "Yes.")],
    ),
    ("but no list", "A. Why it rained.\nB. Who saw it.\nC. Nobody.\nA. Again.", []),
    ("initials", "LR: Why?\n\nNW: It rained.\n\nLR: Oh.", [("LR", "Why?"), ("NW", "It rained."), ("LR", "Oh.")]),
    (
        "title case needs four turns",
        "Osei: Why?\nLundgaard: It rained.\nOsei: Oh.\nLundgaard: Yes.",
        [("Osei", "Why?"), ("Lundgaard", "It rained."), ("Osei", "Oh."), ("Lundgaard", "Yes.")],
    ),
    ("but not two", "Osei: Why?\nLundgaard: It rained.", []),
    ("headline with a colon", "Osei: The lock was open.\n\nThe harbour was closed on Monday.", []),
    ("labels that are no speakers", "NOTE: one thing.\n\nUPDATE: more.\n\nNOTE: again.", []),
    ("results of a match", "Osei: 12\nLundgaard: 31\nOsei: 14\nLundgaard: 33", []),
    ("signed quotation", "“The lock leaks.” ― Maren Osei", [("Maren Osei", "“The lock leaks.”")]),
    (
        "signed with a trade",
        "“The lock leaks.” — Maren Osei, keeper of locks",
        [("Maren Osei, keeper of locks", "“The lock leaks.”")],
    ),
    (
        "signed by two",
        "“The lock leaks.” ― Maren Osei and Arvid Lundgaard",
        [("Maren Osei and Arvid Lundgaard", "“The lock leaks.”")],
    ),
    (
        "signed by nobody we know",
        "“The lock leaks.” ― a keeper who gave no name",
        [("a keeper who gave no name", "“The lock leaks.”")],
    ),
    ("straight marks and hyphens", '"The lock leaks." -- Maren Osei.', [("Maren Osei", '"The lock leaks."')]),
    ("mark within the quotation", "“The ‘new’ lock leaks.” ― Maren Osei", [("Maren Osei", "“The ‘new’ lock leaks.”")]),
    ("but not a dash in a sentence", "“The lock leaks” — Maren Osei was sure of it by then.", []),
    ("nor a dash without quotation", "The lock leaks ― Maren Osei", []),
    ("empty", "", []),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_layout(text: str, expected: list[tuple[str, str]]) -> None:
    found = layout_attributions(text)
    assert [(_quote(text, one.mention), _quote(text, one.content)) for one in found] == expected
    assert all(text[one.cue[0].start : one.cue[0].end].strip(":.―—–-") == "" for one in found)


def _quote(text: str, spans: tuple[Span, ...]) -> str:
    return " … ".join(text[start:end] for start, end in spans)


def _attribution(*content: tuple[int, int]) -> Attribution:
    return Attribution(tuple(Span(*span) for span in content), (), (), 0.5, 0.5)


def test_layout_wins_over_what_it_overlaps() -> None:
    before, inside, across, after = ((0, 5), (12, 14), (18, 25), (30, 35))
    layout = _attribution((10, 20))
    found = with_layout([_attribution(span) for span in (before, inside, across, after)], [layout])
    assert [one.content[0] for one in found] == [before, (10, 20), after]


ACTS = [
    ("question", "Why?", "question"),
    ("quoted question", "“Why?”", "question"),
    ("statement", "Why? It rained.", "statement"),
]


@pytest.mark.parametrize(("text", "act"), [row[1:] for row in ACTS], ids=[row[0] for row in ACTS])
def test_act_of_speech(text: str, act: str) -> None:
    assert act_of_speech(text, _attribution((0, len(text)))) == act


def test_turns_are_direct_claims_of_the_engine() -> None:
    claims = extract("Partial transcript of the hearing on the lock:\n\n" + TURNS).claims
    assert [(claim.kind, claim.act) for claim in claims] == [
        ("direct", "question"),
        ("direct", "statement"),
        ("direct", "question"),
    ]


@given(st.text(alphabet='AB c:\n“”"—-.()?I', max_size=80))
def test_spans_are_in_range_and_disjoint(text: str) -> None:
    spans = [span for one in layout_attributions(text) for span in one.content]
    assert all(0 <= start < end <= len(text) and text[start:end] == text[start:end].strip() for start, end in spans)
    assert all(one.end <= other.start for one, other in pairwise(sorted(spans)))
