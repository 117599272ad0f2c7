"""Mistakes of the tagger that the words themselves show."""

import pytest

from claims.extraction.repairs import mended
from claims.extraction.values import Attribution, Span


def _attribution(text: str, content: list[str], cue: str, mention: str) -> Attribution:
    def span(words: str) -> Span:
        return Span(text.index(words), text.index(words) + len(words))

    return Attribution(tuple(map(span, content)), (span(cue),), (span(mention),), 0.9, 0.9)


@pytest.mark.parametrize(
    ("text", "content", "kept"),
    [
        ("“A word?” the judge asked.\n\n“Not one.”", ["“A word?”", "“Not one.”"], 1),
        ("“A word?” the judge asked. “Just one?”", ["“A word?”", "“Just one?”"], 2),
        ("“A word,” the judge said.\n\n“Not one.”", ["“A word,”", "“Not one.”"], 2),
        ("“A word?” the judge asked.\n\nNot one.", ["“A word?”", "Not one."], 2),
    ],
)
def test_an_answer_is_no_part_of_the_question(text: str, content: list[str], kept: int) -> None:
    attribution = _attribution(text, content, "judge", "the judge")
    assert mended(text, attribution).content == attribution.content[:kept]


@pytest.mark.parametrize(
    ("text", "cue", "is_speaker"),
    [
        ("When told that he had lost, Sol laughed.", "told", False),
        ("Sol was also informed that he had lost.", "informed", False),
        ("Sol was told that he had lost.", "was told", False),
        ("Sol told us that he had lost.", "told", True),
        ("We were told by Sol that he had lost.", "told", True),
        ("When told that he had lost, Sol laughed.", "laughed", True),
    ],
)
def test_who_was_told_something_did_not_say_it(text: str, cue: str, is_speaker: bool) -> None:
    attribution = _attribution(text, ["that he had lost"], cue, "Sol")
    assert mended(text, attribution).mention == (attribution.mention if is_speaker else ())
