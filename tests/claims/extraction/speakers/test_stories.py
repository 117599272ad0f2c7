"""Whole stories in the manner of wire copy: the chain of mentions must hold from the first line to the last."""

from tests.claims.extraction.speakers.marked import names, references

FATHER = "Hakim Tariq Sohrab Danishmand"

VISIT = """\
Vellapur, March 4 Amid a row over a postcard from Kestrel Bay Mayor Marisol Quintero to jailed botanist \
Naveed Danishmand, [the latter’s father, Hakim Tariq Sohrab Danishmand,] on Tuesday disclosed {that he had met \
the mayor in her office}.

It was at this meeting that [Marisol Quintero] expressed concern over {his long detention}.

[Hakim Tariq Sohrab Danishmand, Naveed Danishmand's father and also spokesperson for the Southern Valley \
Teachers' Council (SVTC),] told the agency {that he met Marisol Quintero in spring}.

[He] further said {that Marisol Quintero wrote a postcard}. [He] also said {that the mayor had read from his \
son's notebook}.

[He] said that Quintero asked {what she could do in this matter}, to which [Danishmand's father] replied, \
{"Just write to us."}

[Naveed Danishmand's father] spoke about {the mayor's promise}. [He] said {that Quintero also met two \
lawyers}.

Regarding Naveed Danishmand's hearing, [his father] said {that he was present in court}.

Notably, Naveed Danishmand, a university lecturer and gardener, has been in jail for four years.

When asked if he wanted Kestrel Bay Mayor Marisol Quintero to speak to Prime Minister Arvind Solanki, [he] \
said {that he had made no such request}.

{“This is a matter for our own courts,”} [he] opined.

On why Naveed Danishmand's case is known abroad, [Hakim Tariq Sohrab Danishmand] said {that seeds travel}.

When asked if Solanki had replied, [Tariq Sohrab Danishmand] refused {to comment}.

Responding to Balwant Thakral's remark regarding a foreign gardener in a local team, [Hakim Tariq Sohrab \
Danishmand] said {that Rishi Malhan should respond}.

{“This is how gardens work,”} [he] elaborated.
"""


def test_a_father_keeps_his_full_name_through_every_way_of_naming_him() -> None:
    found = names(VISIT)

    assert [place for place, name in enumerate(found) if name != FATHER] == [1]
    assert found[1] == "Marisol Quintero"


def test_his_roles_and_short_forms_are_kept() -> None:
    father = references(VISIT)[0]

    assert father is not None
    assert "Tariq Sohrab Danishmand" in father.aliases
    assert any("spokesperson for the Southern Valley Teachers' Council" in role for role in father.roles)


INQUIRY = """\
The ferry sank because its doors were open, [a senior official] said on Friday. [He] asked {not to be named}.

[Captain Oluwaseun Brightwater] denied this. {“The doors were shut,”} [he] told the inquiry in Port Mellow. \
[His daughter, Temilade Brightwater,] wept. [She] said {that nobody had called her}.

[Engineer Idris Fallowfield and deckhand Mirela Constantin] said {they had seen water}. [They] blamed {the owner}. \
[Constantin] wept as well. When asked whether Captain Brightwater had slept, [she] said {he had not}.

[Bluewater Lines] said {its ships were safe}. [The company] added {that it would appeal}. [It] declined {to say when}.

[Police] searched the office. [The Port Mellow Police Department] confirmed {the search}.
"""


def test_an_inquiry_with_joint_unnamed_and_corporate_speakers() -> None:
    captain, daughter = "Oluwaseun Brightwater", "Temilade Brightwater"
    pair, deckhand = "Idris Fallowfield & Mirela Constantin", "Mirela Constantin"

    assert names(INQUIRY) == [
        *(None, None),
        *(captain, captain, daughter, daughter),
        *(pair, pair, deckhand, deckhand),
        *("Bluewater Lines",) * 3,
        *(None, "Port Mellow Police Department"),
    ]


INTERVIEW = """\
[Weekly:] {Dr Okoro, will it rain?}

[Okoro:] {I hope so.}

Ngozi Okoro, 61, runs the weather station.

[Weekly:] {And tomorrow?}

[OKORO:] {Ask me tomorrow.}
"""


def test_the_turns_of_an_interview_are_named_by_their_labels() -> None:
    found = names(INTERVIEW)

    assert found[1] == found[3] == "Ngozi Okoro"
