"""Descriptions, joint speakers and turns of a paragraph: each rule with its "but not when" twin."""

import pytest

from tests.claims.extraction.speakers.marked import names

NAMED = [
    # one institution, or two
    ("[The Nurses and Carers Association] said so.", ["Nurses and Carers Association"], "and-inside-an-association"),
    ("[The Docks and Boats Office (DBO)] said so.", ["Docks and Boats Office"], "and-inside-by-its-acronym"),
    ("[The Pentagon and Fleet Ministry] said so.", ["Pentagon & Fleet Ministry"], "but-not-two-offices"),
    # joint speakers
    (
        "[Ann Marlow of the Bakers Union and Paul Fenn of the millers’ club Harbour Hands] said so.",
        ["Ann Marlow & Paul Fenn"],
        "joint-with-where-they-belong",
    ),
    ("[Ann Marlow and her partner, deckhand Paul Fenn,] said so.", ["Ann Marlow & Paul Fenn"], "joint-with-a-partner"),
    ("[Stewardess Ann Marlow] said so.", ["Ann Marlow"], "role-that-opens-the-sentence"),
    # roles
    ("Health minister Dr Paul Fenn came. Ann Marlow left. [The minister] said so.", ["Paul Fenn"], "role-before-dr"),
    (
        "Ann Marlow, a glaciologist, came. Paul Fenn left. [The researcher] said so.",
        ["Ann Marlow"],
        "scientist-by-her-science",
    ),
    (
        "The mayor met. Her deputy, Paul Fenn, and the mayor of Norfield, Ann Marlow, left. [The mayor] said so.",
        ["Ann Marlow"],
        "role-after-and",
    ),
    (
        "It rained.\n\n[Ann Marlow] was cross. “It was us,” [the midfielder] said.\n\nPaul Fenn, Paul Fenn, Paul Fenn.",
        ["Ann Marlow"] * 2,
        "description-of-who-just-spoke",
    ),
    (
        "It rained.\n\n[Ann Marlow] was cross.\n\n“It was us,” [the midfielder] said. Paul Fenn and Paul Fenn left.",
        ["Ann Marlow", None],
        "but-not-in-another-paragraph",
    ),
    (
        "It rained.\n\n[Ann Marlow] spoke. [The midfielder] said so.\n\n[Paul Fenn] spoke.\n\n[The midfielder] left.",
        ["Ann Marlow", "Ann Marlow", "Paul Fenn", "Ann Marlow"],
        "the-same-description-again",
    ),
    (
        "[The director of the Norfield Museum] said so.\n\n“Yes,” Ann Marlow said. Paul Fenn left.",
        ["Ann Marlow"],
        "lead-announces-who-speaks-next",
    ),
    (
        "[The director of the Norfield Museum] said so.\n\n“Yes,” said Ann Marlow, a painter. Paul Fenn left.",
        [None],
        "but-not-one-with-another-role",
    ),
    ("Norfield Rovers lost. [The club] said so.", ["Norfield Rovers"], "club-by-its-name"),
    (
        "A log was kept by its operator, Ossel Fleet. Norfield Dam was open. [The company] said so.",
        ["Ossel Fleet"],
        "company-that-operates",
    ),
    ("Paul Fenn came. [The Austrian], 48, said so.", ["Paul Fenn"], "person-by-his-people"),
    # shared surnames
    (
        "Paul Fenn came. His younger brother, Piet Fenn, came. [The younger Fenn] said so.",
        ["Piet Fenn"],
        "younger-brother",
    ),
    (
        "Paul Fenn met Ruth Fenn and Ruth Fenn. [Paul Fenn] spoke. “No,” [Fenn] added.",
        ["Paul Fenn"] * 2,
        "surname-of-who-goes-on",
    ),
    # turns of a paragraph
    (
        "[Paul Fenn] spoke.\n\nThe captain, Kofi Marlow, was cross. The squad, [he] said, won.",
        ["Paul Fenn", "Kofi Marlow"],
        "paragraph-that-turns-to-a-captain",
    ),
    (
        "[Paul Fenn] spoke.\n\nIt rained. Kofi Marlow has three boats. “None is mine,” [he] said.",
        ["Paul Fenn", "Kofi Marlow"],
        "sentence-that-turns-to-somebody",
    ),
]


@pytest.mark.parametrize(("text", "expected"), [pytest.param(text, who, id=name) for text, who, name in NAMED])
def test_who_is_named(text: str, expected: list[str | None]) -> None:
    assert names(text) == expected


def test_each_point_of_a_list_begins_anew() -> None:
    story = "Key points:\n- [Mayor Ann Marlow] says so\n- [Builder Bo Finch] says no\n• [The builder] will sue"

    assert names(story) == ["Ann Marlow", "Bo Finch", "Bo Finch"]
