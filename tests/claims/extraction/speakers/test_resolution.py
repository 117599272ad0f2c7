"""Who speaks, phenomenon by phenomenon: each rule with its "but not when" twin."""

import pytest

from tests.claims.extraction.speakers.marked import names, references

NAMED = [
    # names
    ("[Ann Marlow], a baker, said so. Later [Marlow] agreed.", ["Ann Marlow"] * 2, "surname"),
    ("[Ann Marlow] said so. Later [Ann] agreed.", ["Ann Marlow"] * 2, "first-name"),
    ("[Ann Q. Marlow] said so. Later [Ann Marlow] agreed.", ["Ann Q. Marlow"] * 2, "middle-initial"),
    ("[Marlow] said so. It was [Ann Marlow] who knew.", ["Ann Marlow"] * 2, "full-name-comes-later"),
    (
        "[Rosa Ines Colque Mamani] spoke. Later [Colque] agreed.",
        ["Rosa Ines Colque Mamani"] * 2,
        "first-of-two-surnames",
    ),
    ("[Mirza Tahir Beg Chaudhri] spoke. [Mirza Tahir Beg] left.", ["Mirza Tahir Beg Chaudhri"] * 2, "leading-part"),
    (
        "[Mr. Fenn] said so. [Mrs. Fenn] denied it. Peter Fenn and Ruth Fenn live here.",
        ["Peter Fenn", "Ruth Fenn"],
        "title-tells-gender",
    ),
    ("[Dr Leila Haddad], 52, said so. [Dr Haddad] left.", ["Leila Haddad"] * 2, "title"),
    ("The Coastal Rescue Service (CRS) met. [The CRS] said so.", ["Coastal Rescue Service"], "bracketed-acronym"),
    ("The Coastal Rescue Service met. [CRS] said so.", ["Coastal Rescue Service"], "acronym-by-its-letters"),
    ("[Paul Marlow] met Ruth Marlow. [P. Marlow] left.", ["Paul Marlow"] * 2, "initial-for-the-first-name"),
    ("[Paul Marlow] came. [R. Marlow] left.", ["Paul Marlow", "R. Marlow"], "but-not-another-initial"),
    ("The World Hive Order met. [The WHO] said so.", ["World Hive Order"], "acronym-that-looks-like-a-pronoun"),
    ("The Norfield Water Board met. [The board] said so.", ["Norfield Water Board"], "head-noun-of-a-name"),
    ("[Marlow] said so.", ["Marlow"], "surname-never-met-in-full"),
    ("RADE: [ANN MARLOW] Wins\n\nYesterday Ann Marlow won.", ["Ann Marlow"], "capitals"),
    ("[Ann A. Marlow] said so. [Marlow] agreed.", ["Ann A. Marlow"] * 2, "initial-that-looks-like-an-article"),
    ("Paul Singer came. [Mr. Singer] said so. [Singer] agreed.", ["Paul Singer"] * 2, "surname-that-is-a-title"),
    ("Paul Singer came. [The singer] said so.", [None], "but-not-the-noun"),
    ("Mark Cuban came. [Cuban] said so. Cuban exiles left.", ["Mark Cuban"], "surname-that-is-a-people"),
    ("Jim Jordan came. [Jordan] said so.", ["Jim Jordan"], "surname-that-is-a-country"),
    ("Jim Jordan flew to Jordan. [Jordan], a kingdom, wrote.", ["Jordan"], "but-not-the-country"),
    ("[Mr. Speaker] said so.", [None], "but-not-an-office"),
    ("François Bodin came. [Francois Bodin] said so. [Bodin] left.", ["François Bodin"] * 2, "accents-left-out"),
    (
        "Ann Marlow Wins Vote After Long Night\n\nIt rained. [Marlow] said so.",
        ["Ann Marlow"],
        "full-name-in-a-headline-only",
    ),
    ("Chasing Marlow was Finch. [Marlow] said so. [Marlow] left.", ["Marlow"] * 2, "participle-before-a-name"),
    # shared surnames
    (
        "Vera Osei and Kofi Osei met. Osei said she was glad. Osei lost her hat. [Osei] left.",
        ["Vera Osei"],
        "gender-of-the-pronouns-after-it",
    ),
    (
        "Vera Osei and Kofi Osei met. Osei said she was glad. Osei lost his hat. [Osei] left.",
        [None],
        "but-not-where-they-differ",
    ),
    ("Vera Osei and Kofi Osei met. [Osei] says {he would pay}.", ["Kofi Osei"], "what-is-said-begins-with-he"),
    ("Vera Osei and Kofi Osei met. [Osei] says {“he would pay”}.", [None], "but-not-in-a-quotation"),
    (
        (
            "Kofi Osei has a plan. Osei's plan is vague, and Osei knows it.\n\nVera Osei spoke. Vera Osei left. "
            "Vera Osei slept. [Osei] denies it."
        ),
        ["Kofi Osei"],
        "the-one-whom-the-lead-introduced-with-it",
    ),
    # appositions
    ("[Former secretary of state Ann Marlow] said so.", ["Ann Marlow"], "office-in-lower-case"),
    ("[The father of activist Ann Marlow] said so.", [None], "but-not-the-father-of"),
    (
        "Sol Marlow left. [Lobbyist and party strategist Bo Finch, Marlow's former partner,] said so.",
        ["Bo Finch"],
        "two-roles-of-one",
    ),
    ("[Former Secretary of State and party nominee Ann Marlow] said so.", ["Ann Marlow"], "office-and-role"),
    ("[The mayor and the nominee Ann Marlow] said so.", ["mayor & Ann Marlow"], "but-not-two-persons"),
    ("He met the mayor, Ann Marlow, there. [The mayor] said so.", ["Ann Marlow"], "role-before-inside-a-sentence"),
    ("[Ann Marlow, head of the Port Board and a judge,] said so.", ["Ann Marlow"], "role-after-a-comma"),
    ("[An attorney for the town, Ann Marlow,] said so.", ["Ann Marlow"], "role-before-the-name"),
    ("[Board treasurer Ann Marlow] said so.", ["Ann Marlow"], "role-before-without-comma"),
    ("[The Tideway's Ann Marlow] said so.", ["Ann Marlow"], "possessive-employer"),
    ("[A lawyer for Ann Marlow] said so.", [None], "but-not-the-client"),
    (
        "A note by [Ann Marlow to Bo Finch, the latter's uncle, Sol Grey,] said so.",
        ["Sol Grey"],
        "mention-taken-too-long",
    ),
    ("[Ann Marlow of Norfield, a judge,] said so. Sol Grey left.", ["Ann Marlow"], "but-not-a-mention-of-one-name"),
    ("[Two councillors, Ann Marlow and Bo Finch,] said so.", ["Ann Marlow & Bo Finch"], "plural-spelt-out"),
    ("[Critics, including Ann Marlow,] said so.", [None], "but-not-an-example"),
    # roles
    ("Mayor Ann Marlow came. [The mayor] said so.", ["Ann Marlow"], "role"),
    ("Mayor Ann Marlow came with Mayor Bo Finch. [A mayor] said so.", [None], "but-not-an-indefinite-one"),
    ("[A Norfield judge] ruled.\n\nJudge Ann Marlow wrote at length.", ["Ann Marlow"], "announced-in-the-lead"),
    ("Ann Marlow came. [The beekeeper] said so.", [None], "but-not-a-role-nobody-has"),
    (
        "The Fenn campaign met Sol Fenn. [The Fenn campaign] said so. [The campaign] agreed.",
        ["Fenn campaign"] * 2,
        "campaign",
    ),
    ("Sol Fenn came. [His campaign] said so.", [None], "but-not-a-campaign-never-met"),
    (
        "Sen. Ann Marlow (R-Ohio) met Sen. Bo Finch (D-Utah). [The Ohio Republican] left.",
        ["Ann Marlow"],
        "party-and-place",
    ),
    ("Sen. Ann Marlow (R-Ohio) came. [The Utah Democrat] left.", [None], "but-not-another-party"),
    (
        "[Ann Marlow] said so. [The Vermont senator] added more.",
        ["Ann Marlow"] * 2,
        "speaker-varied-in-the-next-sentence",
    ),
    ("[Ann Marlow] said so. It rained. [The Vermont senator] left.", ["Ann Marlow", None], "but-not-later"),
    (
        "[Kestrel] said so. [The company] added more.",
        ["Kestrel"] * 2,
        "the-company-is-the-single-word-that-spoke",
    ),
    ("[Ann] said so. [The company] added more.", ["Ann", None], "but-not-a-first-name"),
    (
        "[A spokesman for the Rivers Directorate] spoke. [The agency] added more.",
        [None, "Rivers Directorate"],
        "agency-of-whom-its-spokesman-spoke-for",
    ),
    ("[A spokesman for the Norfield Gazette] spoke. [The agency] left.", [None, None], "but-not-a-paper"),
    ("[The Norfield Gazette] said so. [The newspaper] left.", ["Norfield Gazette"] * 2, "newspaper"),
    ("[The Farmers Union] said so. [The group] left.", ["Farmers Union"] * 2, "group"),
    ("[The Norfield Gazette] said so. [The agency] left.", ["Norfield Gazette", None], "but-not-what-it-is-not"),
    ("Ann Marlow met Ruth Finch. [The two women] left.", ["Ann Marlow & Ruth Finch"], "the-two-just-named"),
    ("Ann Marlow met Ruth Finch and Bo Sol. [The two women] left.", [None], "but-not-of-three"),
    # relations
    ("Bo Finch, a lawyer, came. Ann Marlow left. [Marlow's lawyer] said so.", ["Bo Finch"], "the-only-lawyer"),
    ("Bo Finch, an aide, came. Ann Marlow left. [Marlow's aide] said so.", [None], "but-not-of-a-role-of-many"),
    ("Ann Marlow came with her lawyer, Bo Finch. [Her lawyer] said so.", ["Bo Finch"], "her-lawyer"),
    ("Bo Finch, a lawyer for Ann Marlow, came. [Marlow's lawyer] said so.", ["Bo Finch"], "lawyer-for"),
    (
        "Bo Finch, a lawyer for Ann Marlow, met Sol Grey. [Grey's lawyer] said so.",
        [None],
        "but-not-the-lawyer-of-another",
    ),
    ("Peter Fenn came. Ruth Fenn stayed. [Peter Fenn's wife] said so.", ["Ruth Fenn"], "wife-by-surname"),
    # documents, polls
    ("[Ann Marlow's letter] said so.", ["Ann Marlow"], "letter-of-its-author"),
    ("[A statement from the Port Board] said so.", ["Port Board"], "statement-from"),
    ("[A complaint filed by the Port Board] said so.", ["Port Board"], "complaint-filed-by"),
    ("[A letter to Ann Marlow] said so.", ["letter"], "but-not-a-letter-to"),
    ("[A review of Port Board papers] said so.", ["review"], "but-not-a-review-of"),
    ("[Ann Marlow's new book Hear, Norfield] said so.", ["Ann Marlow"], "book-with-its-title"),
    ("[Data from the tides] showed so.", ["Data"], "document-noun-that-opens-a-sentence"),
    ("[A flood report] found it. Later [the report] was lost.", ["flood report"] * 2, "document-by-its-own-words"),
    ("[A Tideway University poll] found it. [The poll] was small.", ["Tideway University poll"] * 2, "named-poll"),
    ("[A poll] found it.", ["poll"], "but-not-any-poll"),
    # unnamed
    ("Ann Marlow came. [A senior official] said so.", [None], "official"),
    ("Ann Marlow came. [Police] said so. [Sources] agreed. [Many] doubt it.", [None] * 3, "groups"),
    ("[The Norfield Police Department] said so.", ["Norfield Police Department"], "police-force-named-in-full"),
    ("Ann Marlow came. [A spokeswoman] denied it. [She] added more.", [None] * 2, "pronoun-of-an-unnamed-one"),
    ("Ann Marlow came. [Marlow's supporters] cheered.", [None], "supporters"),
    # joint
    ("[Ann Marlow and Bo Finch] said so. [They] left.", ["Ann Marlow & Bo Finch"] * 2, "joint-then-they"),
    ("[Bo Finch (D-Ohio), Sol Grey (R-Utah) and Ann Marlow] said so.", ["Bo Finch & Sol Grey & Ann Marlow"], "three"),
    (
        "Senator Bo Finch and Senator Ann Marlow met. [Finch and Marlow] said so. [The senators] left.",
        ["Bo Finch & Ann Marlow"] * 2,
        "group-noun",
    ),
    (
        "[Her rivals, Sen. Ann Marlow (I-Vt.) and former Ohio Gov. Bo Finch,] said so.",
        ["Ann Marlow & Bo Finch"],
        "plural-spelt-out-with-titles",
    ),
    ("[Her rivals, Sens. Ann Marlow of Ohio and Bo Finch of Utah,] spoke.", ["Ann Marlow & Bo Finch"], "with-places"),
    ("[Strategists for Ann Marlow and Finch] agreed. Bo Finch left.", [None], "but-not-whom-a-group-is-for"),
    ("[Ann Marlow, Center for Ports and Policy,] said so.", ["Ann Marlow"], "but-not-an-affiliation-with-and-in-it"),
    (
        (
            "[The authors, who include Ann Marlow and Bo Finch, combed the files of Fenn 500,] found so. "
            "[The researchers] left."
        ),
        ["Ann Marlow & Bo Finch"] * 2,
        "researchers-take-up-the-authors",
    ),
    ("[The brothers Ken and Bo Marlow] said so. [Ken] left.", ["Ken Marlow & Bo Marlow", "Ken Marlow"], "lent-surname"),
    ("Jane Ann met us. [Ann and Bo Marlow] said so.", ["Jane Ann & Bo Marlow"], "but-not-to-a-surname"),
    ("[Workers and owners] said so. [They] left.", [None] * 2, "but-not-two-groups"),
    (
        "[Critics, like Ann Marlow of Norfield and Bo Finch,] said so. [They] wrote a letter.",
        [None, "Ann Marlow & Bo Finch"],
        "they-are-the-examples-of-a-group",
    ),
    ("[Critics, like Ann Marlow,] said so. [They] left.", [None] * 2, "but-not-one-example"),
    (
        "[Critics, like Ann Marlow and the Port Board,] said so. [They] left.",
        [None] * 2,
        "but-not-where-one-is-no-person",
    ),
    (
        "[The authors, who include Ann Marlow and Bo Finch,] said so.",
        ["Ann Marlow & Bo Finch"],
        "members-told-by-include",
    ),
    ("[Critics, who are angry at Ann Marlow and Bo Finch,] said so.", [None], "but-not-told-by-are"),
    ("Ann Marlow came. [Marlow and her aides] said so.", ["Ann Marlow & aides"], "name-and-group"),
    # I, we
    ("[Ann Marlow] wrote: {“Well, [we] hope so.”}", ["Ann Marlow"] * 2, "we-inside-a-quotation"),
    ("[I] think so. Ann Marlow did not.", [None], "but-not-the-reporter"),
    (
        "[I] think so.\n\nBo Finch.\n\nNorfield, Ohio.\n\nIt rained. [I] doubt it.\n\nAnn Marlow.",
        ["Bo Finch", "Ann Marlow"],
        "signed-letters",
    ),
    (
        "Bo Finch\n\nBo Finch was born in a small town by the sea and he left it early. [I] met him there.",
        [None],
        "but-not-a-heading",
    ),
    ("By Ann Marlow\n\nIt rained. [I] think so.", ["Ann Marlow"], "byline-in-the-text"),
    (
        "It rained. [I] think so.\n\nAnn Marlow is a professor of law at Norfield.",
        ["Ann Marlow"],
        "who-the-writer-is-at-the-end",
    ),
    (
        "By Bo Marlow\n\nSol Finch came. [I] told him it rained. [He] left.",
        ["Bo Marlow", "Sol Finch"],
        "he-is-not-who-says-I",
    ),
    ("Ann Marlow came. [I] left.\n\nAnn Marlow is a professor of law.", [None], "but-not-one-of-the-story"),
    # relative
    ("It was Ann Marlow, [who] said so.", ["Ann Marlow"], "who"),
    ("It was the Norfield Gazette, [which] said so.", ["Norfield Gazette"], "which"),
    ("There were farmers [who] said so. Ann Marlow left.", [None], "but-not-who-after-a-group"),
    (
        "[Mayor Ane\u0301 Mar\u0301low] said so. [Mar\u0301low] added more.",
        ["Ane\u0301 Mar\u0301low"] * 2,
        "combining-accents",
    ),
    # it
    ("[The Norfield Gazette] wrote so. [It] added more.", ["Norfield Gazette"] * 2, "it"),
    ("[]“Nobody spoke.”", [None], "no-mention"),
]


@pytest.mark.parametrize(("story", "expected"), [pytest.param(s, e, id=i) for s, e, i in NAMED])
def test_who_speaks(story: str, expected: list[str | None]) -> None:
    assert names(story) == expected


PRONOUNS = [
    ("[Ann Marlow] met Bo Finch. [She] said so.", "Ann Marlow", "gender"),
    ("[Ann Marlow] met Bo Finch. [He] said so.", "Bo Finch", "other-gender"),
    ("[Ann Marlow] said so. Ruth Fenn, her boss, is ill. [She] added more.", "Ann Marlow", "last-speaker-over-nearest"),
    (
        "[Bo Finch] said so.\n\nPeter Grey built the bridge. Grey sold it. A year passed. [He] regrets it.",
        "Peter Grey",
        "new-subject",
    ),
    ("[Bo Finch] said {that Sol Grey lied}. [He] added more.", "Bo Finch", "names-in-own-words-do-not-count"),
    (
        "[Bo Finch] said so.\n\nThe bridge is by Sol Grey.\n\nAsked whether Peter Fenn would pay, [he] said no.",
        "Bo Finch",
        "names-in-the-question-do-not-count",
    ),
    (
        "[Ann Marlow] said: {“It rained when [she] came.”} Ruth Fenn left.",
        None,
        "but-not-the-speaker-inside-her-own-quotation",
    ),
    (
        "[Bo Finch] said so.\n\nCaptain Sol Grey scored the last goal. [He] was glad.",
        "Sol Grey",
        "new-subject-of-a-new-paragraph",
    ),
    ("[Bo Finch] said so. I asked Sol Grey if he knew. [He] did not.", "Sol Grey", "who-is-asked-answers"),
    ("[Mayor Ann Marlow] said so. Ruth Fenn left. The mayor was late. [She] was sorry.", "Ann Marlow", "described"),
]


@pytest.mark.parametrize(("story", "expected"), [pytest.param(s, e, id=i) for s, e, i in PRONOUNS])
def test_whom_a_pronoun_means(story: str, expected: str) -> None:
    assert names(story)[-1] == expected


def test_two_of_one_surname_that_fit_equally_are_ambiguous_with_both_kept() -> None:
    *_, last = references("[Vera Osei] said so. [Kofi Osei] agreed. [Osei] left.")

    assert last is not None
    assert (last.status, last.name) == ("ambiguous", None)
    assert {one.name for one in last.candidates} == {"Vera Osei", "Kofi Osei"}


def test_a_surname_goes_to_the_one_the_article_is_clearly_about() -> None:
    story = "[Vera Osei] said so. [Vera Osei] agreed. [Vera Osei] left. Kofi Osei slept. [Osei] spoke."

    assert names(story)[-1] == "Vera Osei"


def test_full_names_that_differ_are_never_merged() -> None:
    assert names("[Vera Osei] said so. [Vera Adjei] agreed.") == ["Vera Osei", "Vera Adjei"]


def test_a_reference_carries_aliases_roles_reason_and_runner_up() -> None:
    story = "[Ann Marlow, chair of the Port Board,] met Ruth Fenn. [She] said so. [Marlow] left."
    first, she, _ = references(story)

    assert first is not None
    assert she is not None
    assert first.aliases == ("Marlow",)
    assert first.roles == ("chair of the Port Board",)
    assert (first.status, first.type, first.reason) == ("resolved", "person", "full-name")
    assert she.reason == "pronoun-last-speaker"
    assert [one.name for one in she.candidates] == ["Ann Marlow", "Ruth Fenn"]
    assert she.confidence < first.confidence


def test_joint_speakers_have_members() -> None:
    (joint,) = references("[Ann Marlow and the Norfield Gazette] said so.")

    assert joint is not None
    assert (joint.status, joint.type) == ("resolved", "person")
    assert [(one.name, one.type) for one in joint.members] == [
        ("Ann Marlow", "person"),
        ("Norfield Gazette", "organisation"),
    ]


@pytest.mark.parametrize(
    ("story", "status", "kind"),
    [
        pytest.param("[Marlow] said so.", "unresolved", "person", id="bare-surname"),
        pytest.param("[NRVT] said so.", "resolved", "organisation", id="acronym"),
        pytest.param("[The report] said so.", "resolved", "document", id="document"),
        pytest.param("[An aide] said so.", "unnamed", "unnamed", id="unnamed"),
        pytest.param("[He] said so.", "unresolved", "unknown", id="pronoun-of-nobody"),
    ],
)
def test_status_and_type(story: str, status: str, kind: str) -> None:
    (one,) = references(story)

    assert one is not None
    assert (one.status, one.type) == (status, kind)
