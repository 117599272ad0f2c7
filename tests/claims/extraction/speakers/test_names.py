"""Names in running text: what is joined, what is cut off, and what is no name."""

import pytest

from claims.extraction.speakers.names import find_names
from claims.extraction.speakers.tokens import read_words

JOINED = [
    ("Yesterday Amina Truelow spoke.", ["Amina Truelow"], "first-and-last"),
    ("Yesterday the talks with Rosa del Campo failed.", ["Rosa del Campo"], "particle"),
    ("Yesterday Omar bin Rashid al Farouk left.", ["Omar bin Rashid al Farouk"], "several-particles"),
    ("Yesterday J. K. Tandon left.", ["J. K. Tandon"], "initials"),
    ("Yesterday Paul Q. Marrow Jr. left.", ["Paul Q. Marrow Jr"], "suffix"),
    (
        "Yesterday the Ministry of Health and Family Welfare met.",
        ["Ministry of Health and Family Welfare"],
        "institution",
    ),
    ("Yesterday the Food and Water Agency met.", ["Food and Water Agency"], "and-inside-an-institution"),
    ("Yesterday Ann Lee and Bo Finch met.", ["Ann Lee", "Bo Finch"], "and-between-persons"),
    ("Yesterday Ann Lee of Norfield met him.", ["Ann Lee", "Norfield"], "of-after-a-person"),
    ("Yesterday the court in Norfield’s Quay Street met.", ["Norfield", "Quay Street"], "possessive-ends-a-name"),
    ("Citizens for Clean Rivers sued.", ["Citizens for Clean Rivers"], "plural-for-a-cause"),
    ('Yesterday Robert C. "Bobby" Fenn left.', ['Robert C. "Bobby" Fenn'], "nickname-inside"),
    ("They met on Monday. Ann Lee left.", ["Ann Lee"], "weekday-is-no-name"),
    ("Because Lee left, nothing moved.", ["Lee"], "word-that-opens-a-sentence"),
    ("Voters and voters. Voters left.", [], "common-word-at-sentence-start"),
    ("He said I’ve seen it and Don’t go.", [], "contractions"),
]


@pytest.mark.parametrize(("text", "expected"), [pytest.param(t, e, id=i) for t, e, i in JOINED])
def test_a_run_of_capitals_is_a_name(text: str, expected: list[str]) -> None:
    words = read_words(text)
    found = [words.text[words.start[one.first] : words.end[one.last]] for one in find_names(words)]

    assert found == expected


TYPES = [
    ("Yesterday Senator Ann Lee left.", "person", False, "title"),
    ("Yesterday Ann Lee left.", "person", False, "first-name"),
    ("Yesterday the Norfield Gazette closed.", "organisation", False, "head-of-an-institution"),
    ("Yesterday NRVT closed.", "organisation", False, "acronym"),
    ("Yesterday Oskwel Dredging closed.", "organisation", False, "company-word"),
    ("Yesterday the Clean River Act passed.", "unknown", True, "thing"),
    ("They met in Canada then.", "organisation", True, "place"),
    ("They met the Republicans then.", "unknown", True, "party-people"),
    ("They met Oskwel Trune then.", "unknown", False, "no-evidence"),
]


@pytest.mark.parametrize(("text", "kind", "place"), [pytest.param(t, k, p, id=i) for t, k, p, i in TYPES])
def test_what_a_name_bears_is_guessed_from_its_words(text: str, kind: str, place: bool) -> None:
    (name,) = find_names(read_words(text))

    assert (name.type, name.place) == (kind, place)


def test_titles_are_cut_off_and_kept() -> None:
    words = read_words("Yesterday Harbour City Police Commissioner Ann Lee left.")
    (name,) = find_names(words)

    assert words.text[words.start[name.first] : words.end[name.last]] == "Ann Lee"
    assert name.titles == ("harbour", "city", "police", "commissioner")


def test_a_headline_in_title_case_names_nobody_by_itself() -> None:
    assert find_names(read_words("Council Votes Against New Harbour Bridge Plan\n\nIt was late.")) == []
