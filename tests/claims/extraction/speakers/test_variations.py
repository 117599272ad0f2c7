"""How papers vary the name of who speaks: by calling, kin, nation, office; with "but not when" twins."""

import pytest

from tests.claims.extraction.speakers.marked import names

NAMED = [
    # what somebody does
    (
        "Ann Marlow, who teaches Greek, came. Paul Fenn, Paul Fenn and Paul Fenn left. [The teacher] said so.",
        ["Ann Marlow"],
        "who-teaches",
    ),
    (
        "Ann Marlow, who once farmed here, came. Paul Fenn, Paul Fenn and Paul Fenn left. [The farmer] said so.",
        ["Ann Marlow"],
        "who-farmed",
    ),
    (
        "Her coach, [Tess Marlow’s coach], was cross. “No,” said Paul Fenn, a former sprinter who has coached here.",
        ["Paul Fenn"],
        "who-has-coached-announced-in-the-lead",
    ),
    (
        "Ann Marlow, who likes Greek, came. Paul Fenn, a teacher, left. [The teacher] said so.",
        ["Paul Fenn"],
        "but-not-by-any-verb",
    ),
    (
        "Ann Marlow, defending, spoke. Paul Fenn, the judge, listened. Her client, [the barrister] said, would appeal.",
        ["Ann Marlow"],
        "who-defends",
    ),
    (
        "Detective Sergeant Ann Marlow came. Paul Fenn, Paul Fenn and Paul Fenn left. [The officer] said so.",
        ["Ann Marlow"],
        "officer-by-rank",
    ),
    (
        "Father Paul Fenn came. Ann Marlow, Ann Marlow and Ann Marlow left. [The priest] said so.",
        ["Paul Fenn"],
        "priest-by-title",
    ),
    (
        "Deputy sheriff Ann Marlow came. Paul Fenn, Paul Fenn and Paul Fenn left. [The deputy] said so.",
        ["Ann Marlow"],
        "deputy",
    ),
    (
        "Foreign Minister Paul Fenn spoke. His counterpart, Ann Marlow, smiled. [Marlow] spoke. [The minister] left.",
        ["Ann Marlow", "Ann Marlow"],
        "counterpart-has-the-same-office",
    ),
    # who has just spoken
    (
        "[Ann Marlow] lost. “It was us,” [the grandmother] said.",
        ["Ann Marlow", "Ann Marlow"],
        "kin-of-nobody-is-who-speaks",
    ),
    (
        "[Paul Fenn] lost. “It was us,” [the grandmother] said.",
        ["Paul Fenn", None],
        "but-not-of-the-other-gender",
    ),
    (
        "[Paul Fenn] was {cross}.\n\n{“No. It was us,”} [the farmer] said. Ann Marlow and Ann Marlow left.",
        ["Paul Fenn"] * 2,
        "description-behind-a-quotation-that-opens-a-paragraph",
    ),
    (
        "[A spokesman for Larkrise Dunn] spoke. [The developer] said so.",
        [None, "Larkrise Dunn"],
        "company-behind-a-spokesman",
    ),
    # by nation, by court
    (
        "[Ann Marlow] spoke. The goal came from Paul Fenn. [The Dane] said so.",
        ["Ann Marlow", "Paul Fenn"],
        "nation-of-who-was-just-named",
    ),
    (
        "Paul Fenn was jailed. “No,” [Judge Ann Marlow] told him. [The defendant] said so.",
        ["Ann Marlow", "Paul Fenn"],
        "defendant-is-not-the-judge",
    ),
    (
        "[Ann Marlow] {spoke}. The goal came from Paul Fenn.\n\n{“Mine. All mine,”} said [the 36-year-old].",
        ["Ann Marlow", "Paul Fenn"],
        "age-of-who-was-just-named",
    ),
    ("[Ann Marlow and Paul Fenn] spoke. [The former] said so.", ["Ann Marlow & Paul Fenn", "Ann Marlow"], "the-former"),
    ("[Ann Marlow and Paul Fenn] spoke. [The latter] said so.", ["Ann Marlow & Paul Fenn", "Paul Fenn"], "the-latter"),
    # apposition
    (
        "Ann Marlow came. [Her brother, the vet Paul Fenn,] spoke. [He] said so.",
        ["Paul Fenn"] * 2,
        "apposition-with-an-article-of-its-own",
    ),
    ("In [Norfield, Ann Marlow, whose brother left,] said so.", ["Ann Marlow"], "place-before-the-name"),
    ("[Food and Civil Supplies Minister Ann Marlow] said so.", ["Ann Marlow"], "office-with-and"),
    ("[Paul Fenn and Supply Minister Ann Marlow] said so.", ["Paul Fenn & Ann Marlow"], "but-not-two-people"),
    ("[Seventeen-year-old Ann Marlow] said so.", ["Ann Marlow"], "age-in-words"),
    ("[Ann Marlow KC, prosecuting,] said so.", ["Ann Marlow"], "letters-behind-a-name"),
    # pronouns
    (
        "Governor Xanto Marlow spoke. [He] hopes so. Senator Yalva Fenn met Xanto Marlow. [She] left.",
        ["Xanto Marlow", "Yalva Fenn"],
        "he-tells-who-is-no-she",
    ),
    ("[Forestal Norte Quay] spoke. [It] left.", ["Forestal Norte Quay"] * 2, "it-is-who-just-spoke"),
    # institutions
    ("[Larkrise & Dunn] said so. [The firm] left.", ["Larkrise & Dunn"] * 2, "ampersand-inside-a-firm"),
    ("[Ann Marlow & Paul Fenn] said so.", ["Ann Marlow & Paul Fenn"], "but-not-between-people"),
    (
        "Fenn Foods will close its plants at Karewa Flat, [the company] said.",
        ["Fenn Foods"],
        "not-where-something-is",
    ),
    ("It was bought by the Fenn Group for NZ$2 million. [Fenn] said so.", ["Fenn Group"], "firm-by-its-first-word"),
    ("[The collective Clean Harbours Now] spoke. [The collective] left.", ["Clean Harbours Now"] * 2, "collective"),
    ("[Larkrise, the market leader,] spoke. [The company] said so.", ["Larkrise"] * 2, "market-leader-is-a-firm"),
    ("[The Toy Makers’ Alliance] said so.", ["Toy Makers’ Alliance"], "possessive-inside-an-institution"),
    ("Consumer group [Fair Bill] said so.", ["Fair Bill"], "name-behind-group"),
    ("In [an email seen by the paper, Ann Marlow, who left,] said so.", ["Ann Marlow"], "document-before-the-name"),
    (
        "Paul Fenn, a lecturer and nephew of the dean, Sami Fenn, came. Ann Marlow left. [The dean] said so.",
        ["Sami Fenn"],
        "innermost-role-before-a-name",
    ),
    # shared surnames
    (
        "Lorna Fenn was cross. Her husband, Paul Fenn, came next.\n\n{“No. It was us,”} [Fenn] said.",
        ["Paul Fenn"],
        "surname-of-who-is-introduced-before-a-quotation",
    ),
    (
        "Paul Fenn came. His younger brother, Piet Fenn, came. [The elder Fenn] said so.",
        ["Paul Fenn"],
        "elder-by-the-younger-one",
    ),
    # turns of a paragraph
    (
        "[A spokeswoman for the club] spoke.\n\nAsked if it was over, Ann Marlow laughed. “Yes,” [she] said.",
        [None, "Ann Marlow"],
        "subject-behind-a-clause",
    ),
    (
        "[Paul Fenn] spoke.\n\nThe last word is with Tomas Marlow. By letter, [he] said so.",
        ["Paul Fenn", "Tomas Marlow"],
        "introduced-alone",
    ),
    (
        "[Paul Fenn] spoke.\n\nThe last word is with Tomas Marlow and Kofi Dunn. By letter, [he] said so.",
        ["Paul Fenn", "Paul Fenn"],
        "but-not-among-others",
    ),
]


@pytest.mark.parametrize(("text", "expected"), [row[:2] for row in NAMED], ids=[row[2] for row in NAMED])
def test_whom_a_variation_means(text, expected):
    assert names(text) == expected
