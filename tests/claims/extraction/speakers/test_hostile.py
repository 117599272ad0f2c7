"""No text makes the resolver raise, loop or slow down out of line."""

import gc
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.extraction.speakers import name_speakers
from claims.extraction.values import Attribution, Span

PIECES = st.sampled_from(
    [
        *("Ann Marlow", "Bo", "Mr. ", "he", "She", "who", "the latter's father", ", ", "and ", "“", "”", '"', "''"),
        *(
            "\n\n",
            "\n",
            ". ",
            "(R-",
            ")",
            "'s ",
            "’ ",
            "the ",
            "of ",
            "police ",
            "A",
            "I ",
            "é",
            "किरण",
            "李",
            "\u202e",
        ),
        *(
            "👩‍🔬",
            "\x00",
            "poll ",
            "the campaign ",
            "When asked if ",
            "Dr",
            "Jr.",
            "his wife ",
            "\u00a0",
            "/",
            "NRVT",
            ":",
        ),
        *("—", "which ", "two ", "@x"),
        *("Among ", "was ", "one of ", "gave his name as ", "counsel assisting ", "Minister of State for Home ", "K "),
        *("Will ", "both Marlows ", "SP ", "the elder ", "the Czech ", "Three Rivers Board ", "Ltd", "the company "),
    ]
)


@st.composite
def articles(draw: st.DrawFn) -> tuple[str, list[Attribution]]:
    text = "".join(draw(st.lists(PIECES, max_size=60)))
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, 30)).map(
        lambda pair: Span(pair[0], min(len(text), pair[0] + pair[1]))
    )
    roles = st.lists(spans, max_size=2).map(tuple)
    found = draw(st.lists(st.tuples(roles, roles, roles), max_size=6))
    return text, [Attribution(content, cue, mention, 0.9, 0.9) for content, cue, mention in found]


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(articles())
def test_any_text_with_any_spans_gives_one_answer_each(article: tuple[str, list[Attribution]]) -> None:
    text, attributions = article
    found = name_speakers(text, attributions)

    assert len(found) == len(attributions)
    for one, attribution in zip(found, attributions, strict=True):
        assert one is None or attribution.mention
        if one is not None:
            assert (one.status in ("resolved",)) <= (one.name is not None)
            assert (one.status == "ambiguous") <= (len(one.candidates) > 1 or len(one.members) > 1)


def many(unit: str, times: int) -> tuple[str, list[Attribution]]:
    """Returns a text that repeats a unit, with an attribution whose mention is the unit's first word."""
    text = unit * times
    size = len(unit)
    word = len(unit.split()[0])
    return text, [
        Attribution((Span(n * size + word, (n + 1) * size),), (), (Span(n * size, n * size + word),), 0.9, 0.9)
        for n in range(times)
    ]


UNITS = [
    pytest.param("Marlow said so. ", id="one-name"),
    pytest.param("He said so. ", id="pronouns"),
    pytest.param("Ann ", id="one-long-run"),
    pytest.param("Ann Marlow and ", id="one-long-enumeration"),
    pytest.param("((((''''““““ ", id="marks"),
    pytest.param("a,b.c;", id="no-space"),
    pytest.param("They\n", id="one-word-a-line"),
]


@pytest.mark.parametrize("unit", UNITS)
def test_the_work_is_linear_in_the_text(unit: str) -> None:
    def seconds(times: int) -> float:
        article = many(unit, times)
        gc.disable()  # a collection walks the objects of all tests before this one
        try:
            start = time.process_time()
            name_speakers(*article)
            return time.process_time() - start
        finally:
            gc.enable()

    seconds(100)
    small, large = max(seconds(500), 0.004), min(seconds(5000) for _ in range(3))

    assert large < 40 * small  # ten times the text; the rest is noise


def test_many_different_bearers_of_one_surname_stay_cheap() -> None:
    people = [f"Ann{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)} Marlow" for n in range(4000)]
    text = " spoke. ".join(people) + " spoke. Marlow left."
    mention = Span(text.rindex("Marlow"), text.rindex("Marlow") + 6)
    start = time.process_time()
    (found,) = name_speakers(text, [Attribution((), (), (mention,), 0.9, 0.9)])

    assert found is not None
    assert found.status == "ambiguous"
    assert time.process_time() - start < 5


@pytest.mark.parametrize("text", ["Ann Marlow was the", "Ann Marlow, who is the", "Ann Marlow, the", "Ann Marlow, who"])
def test_a_text_may_end_within_a_description(text: str) -> None:
    (reference,) = name_speakers(text, [Attribution((), (), (Span(0, 10),), 1.0, 1.0)])

    assert reference is not None
    assert reference.name == "Ann Marlow"
