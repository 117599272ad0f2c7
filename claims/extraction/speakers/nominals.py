"""Whom a description means: "the mayor", "his lawyer", "Sol's father", "the senators".

A description is resolved by what the article says elsewhere about its bearers (`roles`), never by what the
world knows. Groups, indefinite persons ("a senior official") and nouns of unnamed sources stay unnamed.
Institutions and documents have rules of their own (`institutions`).

Do NOT fall back to the nearest person for a role that nobody in the article has: no name is better than a
wrong one.
"""

from collections.abc import Sequence
from dataclasses import replace

from claims.extraction.lexicons import load, word_set
from claims.extraction.speakers.bearers import Bearer
from claims.extraction.speakers.genera import GENERA
from claims.extraction.speakers.groups import PAIRS, resolve_group, two_before, with_role
from claims.extraction.speakers.institutions import (
    CAMPAIGN,
    resolve_attached,
    resolve_document,
    resolve_institution,
    resolve_poll,
)
from claims.extraction.speakers.leads import announced_organisation, announced_speaker
from claims.extraction.speakers.members import resolve_member
from claims.extraction.speakers.mention import Mention
from claims.extraction.speakers.mentions import ATTACHED, DOCUMENTS, POLLS, is_group
from claims.extraction.speakers.offices import ONE_AT_A_TIME, in_office, of_cabinet, of_description, of_seat, the_other
from claims.extraction.speakers.owners import PRONOUNS, owner_of, owns
from claims.extraction.speakers.pronouns import Range, decide
from claims.extraction.speakers.roles import KIN, ORGANISATIONS, PEOPLE
from claims.extraction.speakers.scene import Answer, Ranked, Scene, named
from claims.extraction.speakers.variations import (
    BYSTANDERS,
    MEN,
    WOMEN,
    main_person,
    resolve_person_noun,
    running_bystander,
    running_judge,
    running_relative,
    running_with,
    running_witness,
)
from claims.extraction.speakers.vocabulary import DEMONYMS, MEMBERS, UNNAMED, same_role

_KIN_MALE, _KIN_FEMALE = load("kin_male"), load("kin_female")
_OF_FIRMS = word_set("executive operating financial marketing technology information commercial")
"""What tells a company's officer ("chief operating officer"), who is not "the officer", from one in uniform."""
_RANKS = {
    "officer": word_set(
        "constable sergeant inspector superintendent detective captain lieutenant sheriff deputy corporal major "
        "colonel general brigadier commander admiral sho di dci dsi dsp acp dcp ssp asi asp dig igp aig"
    ),
    "nun": word_set("sister"),
    "detective": word_set("sergeant inspector superintendent constable di dci dsi"),
    **dict.fromkeys(("policeman", "policewoman"), word_set("sho di dci dsi dsp acp dcp ssp asi asp dig igp aig")),
    **dict.fromkeys(("priest", "cleric", "clergyman"), word_set("father reverend rev fr pastor vicar monsignor")),
}
"""Roles that go by titles of their own; "Father" before a name is a priest's."""
_INVERSE = {
    noun: word_set(nouns)
    for nouns, inverse in (
        ("son daughter", "father mother parent"), ("father mother", "son daughter child"),
        ("husband wife partner", "wife husband partner spouse"), ("brother sister", "brother sister sibling"),
        ("nephew niece", "uncle aunt"), ("uncle aunt", "nephew niece"),
        ("grandson granddaughter", "grandfather grandmother"), ("grandfather grandmother", "grandson granddaughter"),
        ("successor", "predecessor"), ("predecessor", "successor"), ("lawyer attorney solicitor barrister", "client"),
    )
    for noun in inverse.split()
}  # fmt: skip
"""Of what relation the other side is called so: "his father" is whose son he is."""
_COLLECTIVES = word_set("group number crowd team handful pair couple series majority mix band dozen coalition chorus")
_SEVERAL = word_set(
    "aide ally friend colleague adviser advisor supporter critic rival opponent neighbor neighbour member"
)
"""Roles of which one has many, so that the only one named need not be meant."""
_RECENT = 60  # attributions back to which the same description means the same one
_SCIENTISTS = word_set("researcher scientist")
_SCIENCES = ("ologist", "icist", "onomer", "botanist", "chemist")
_HEADS_OF = {
    "head of state": ("president", "king", "queen"),
    "head of government": ("minister", "chancellor", "premier"),
}
_STEM = 5  # letters that a country and its adjective share ("Austria", "Austrian")
_LEAD = 2  # paragraphs in which a description may come before the name
_PLAIN = word_set("former late new own longtime elder older younger only eldest oldest youngest")
_GUARDS = word_set("coast national border home republican presidential")
_OTHERS = word_set("other opposing rival second third")
_DEFINITE = word_set("the its his her their")
_INDEFINITE = word_set("a an one another some any no every each")


def resolve_nominal(scene: Scene, mention: Mention, own: Sequence[Range]) -> Answer:
    """Resolves a mention of shape `nominal`."""
    words = scene.words
    text = words.text[words.start[mention.first] : words.end[mention.last]]
    answer = _resolve(scene, mention, words.low[mention.head], own)
    owned = mention.owner == mention.first and words.possessive[mention.first]  # "Austria's interior minister"
    if answer.outcome == "unnamed" and (mention.determiner in _DEFINITE or owned):
        told = _again(scene, text) or announced_speaker(scene, mention) or announced_organisation(scene, mention)
        answer = told or answer
    answer.words = answer.words or text
    return answer


def _again(scene: Scene, text: str) -> Answer | None:
    """Returns whom the same words meant before, where who it was showed only from who had just spoken."""
    for said in reversed(scene.said[-_RECENT:]):
        for answer in said.answer.parts or [said.answer]:
            if answer.reason == "varied-speaker" and answer.bearer and answer.words.lower() == text.lower():
                return named([answer.bearer], "described-again", 0.65)
    return None


def _resolve(scene: Scene, mention: Mention, head: str, own: Sequence[Range]) -> Answer:
    if head in ("former", "latter") and mention.determiner == "the" and mention.last == mention.head:
        return _of_two(scene, mention)
    if head in POLLS:
        return resolve_poll(scene, mention)
    if head in CAMPAIGN or (head in ATTACHED and (mention.owner >= 0 or mention.determiner == "the")):
        answer = resolve_attached(scene, mention, own)
        if answer.outcome != "lost":
            return answer
    if head in MEMBERS and mention.owner < 0:
        return resolve_member(scene, mention)
    if head in DOCUMENTS and head not in PEOPLE and head not in ORGANISATIONS:
        return resolve_document(scene, mention, own)
    if head in _COLLECTIVES and scene.words.low[mention.last + 1 : mention.last + 2] == ["of"]:
        return Answer("unnamed", reason="group", confidence=0.9)
    if head == "guard" and scene.words.low[mention.head - 1] in _GUARDS:
        return resolve_institution(scene, mention)
    if head in PAIRS and mention.determiner == "the":
        return resolve_group(scene, mention)
    if is_group(scene.words, mention):
        if owns(scene, mention.owner) and mention.owner < mention.head and not _is_people(head):
            return _belonging(scene, mention, own)
        return resolve_group(scene, mention)
    if mention.owner >= 0 and (head in KIN or head in PEOPLE):
        return _relation(scene, mention, own)
    if 0 <= mention.owner < mention.head and head not in ORGANISATIONS and owns(scene, mention.owner):
        return _belonging(scene, mention, own)
    if mention.owner > mention.head and scene.words.low[mention.last + 1] == "from" and head not in ORGANISATIONS:
        return _belonging(scene, mention, own)  # "a lesson from Ana Sol"
    return _role(scene, mention, own)


def _of_two(scene: Scene, mention: Mention) -> Answer:
    """Resolves "the former" and "the latter" to one of two who have just spoken together."""
    for said in scene.last_said(mention.first)[:2]:
        if len(said.answer.parts) == 2:
            one = said.answer.parts[scene.words.low[mention.head] == "latter"].bearer
            return named([one] if one else [], "one-of-two", 0.85)
    pair = two_before(scene, mention)
    just = scene.last_said(mention.first)[:1]
    if len(pair) != 2 and just and just[0].answer.reason == "one-of-two":  # "The former" behind "the latter said"
        pair = two_before(scene, replace(mention, first=just[0].at))
    if len(pair) == 2:
        return named([pair[scene.words.low[mention.head] == "latter"]], "one-of-two", 0.8)
    return Answer("unnamed", reason="role-unknown")


def _is_people(plural: str) -> bool:
    """Whether a plural means people, so that it is a group even where somebody owns it ("Sol's aides")."""
    single = plural.removesuffix("s")
    return plural in UNNAMED or single in PEOPLE or single in ORGANISATIONS or single in DEMONYMS


def _belonging(scene: Scene, mention: Mention, own: Sequence[Range]) -> Answer:
    """Resolves what someone has or makes ("Sol's claim", "his eyes") to its owner."""
    owner = owner_of(scene, mention.owner, own)
    if owner.outcome == "lost" or (owner.bearer is not None and owner.bearer.place):
        return _role(scene, mention, own)
    owner.reason = "belonging"
    owner.confidence *= 0.85
    return owner


def _relation(scene: Scene, mention: Mention, own: Sequence[Range]) -> Answer:
    """Resolves "Sol's father", "his lawyer": the one whom the text calls so.

    A named owner must be the one whom the text states, or whom it leaves open. A pronoun may mean any owner,
    so the only lawyer of the article is "his lawyer" whoever he is.
    """
    words = scene.words
    nouns = same_role(words.low[mention.head])
    modifies = not owns(scene, mention.owner) and mention.owner < mention.head
    related = [one for one in scene.relations if one.noun in nouns][:40]
    owner = owner_of(scene, mention.owner, own)
    if owner.bearer is not None and scene.index.covering(mention.owner) >= 0:
        related = [
            one for one in related if one.bearer is not owner.bearer and _owned_by(scene, one.owner, owner.bearer)
        ]
    elif owner.outcome == "lost":
        related = [one for one in related if one.owner >= 0 and words.low[one.owner] == words.low[mention.owner]]
    bearers = list(dict.fromkeys(one.bearer for one in related))
    if len(bearers) > 1 and owner.bearer is not None:
        sure = [one.bearer for one in related if one.owner >= 0 and _owner_at(scene, one.owner) is owner.bearer]
        bearers = list(dict.fromkeys(sure)) or bearers
    if bearers:
        return named(bearers, "relation", 0.9)
    other = _inverse(scene, words.low[mention.head], owner.bearer)
    if other is not None:
        return named([other], "relation-inverse", 0.85)
    if owner.bearer is not None and words.low[mention.head] in KIN:
        answer = _namesake(scene, owner.bearer, words.low[mention.head])
        free = _free_holder(scene, mention, owner.bearer) if answer.outcome == "unnamed" else None
        return named([free], "relation-open", 0.65) if free is not None else answer
    if not modifies and (owner.bearer is not None or words.low[mention.owner] in PRONOUNS):
        free = _free_holder(scene, mention, owner.bearer)
        if free is not None:
            return named([free], "relation-open", 0.65)
    told = {words.low[at] for at in range(mention.owner + 1, mention.head)} - _PLAIN
    if not modifies and told:  # "the authority's enforcement chief" for its head of enforcement
        holders = [one for one in with_role(scene, words.low[mention.head]) if told <= one.modifiers]
        if len(holders) == 1:
            return named(holders, "relation-described", 0.8)
    if not modifies and words.low[mention.owner] not in PRONOUNS:
        return running_with(scene, mention) or Answer("unnamed", reason="owner-without-relation")
    return _role(scene, mention, own, owned=not modifies)


def _inverse(scene: Scene, noun: str, owner: Bearer | None) -> Bearer | None:
    """Returns whose son the owner is, where "his father" is asked for; None where the text tells of nobody."""
    nouns = _INVERSE.get(noun, frozenset())
    gender = "m" if noun in _KIN_MALE else "f" if noun in _KIN_FEMALE else ""
    for one in scene.relations:
        if owner is not None and one.bearer is owner and one.noun in nouns and one.owner >= 0:
            found = _owner_at(scene, one.owner)
            if found is not None and found is not owner and found.gender in ("", gender or found.gender):
                return found
    return None


def _free_holder(scene: Scene, mention: Mention, owner: Bearer | None) -> Bearer | None:
    """Returns the only one of a role of whom the article does not say whose he is: "Bo Lee, a lawyer", "wife Ana"."""
    noun = scene.words.low[mention.head]
    holders = [one for one in with_role(scene, noun) if one is not owner]
    words = scene.words
    if len(holders) != 1 or not holders[0].places:
        return None
    met = holders[0].places[0]
    announced = words.paragraph[mention.first] == 0 and words.paragraph[met] <= _LEAD
    if met > mention.first and not announced:
        return None
    nouns = same_role(noun)
    stated = any(one.bearer is holders[0] and one.noun in nouns and one.owner >= 0 for one in scene.relations)
    return None if stated or noun in _SEVERAL else holders[0]


def _namesake(scene: Scene, owner: Bearer, noun: str) -> Answer:
    """Resolves "his wife" to the one woman of his surname, where the text calls her nothing else."""
    gender = "m" if noun in _KIN_MALE else "f" if noun in _KIN_FEMALE else ""
    sharing = [
        one
        for one in scene.directory.by_last.get(owner.key[-1], ())[:24]
        if gender and one is not owner and one.gender == gender and not one.heads & KIN
    ]
    return named(sharing, "kin-surname", 0.65) if len(sharing) == 1 else Answer("unnamed", reason="relation-unknown")


def _owned_by(scene: Scene, at: int, bearer: Bearer) -> bool:
    """Whether the owner stated by a relation is, or may be, a bearer."""
    if at < 0:
        return True
    stated = _owner_at(scene, at)
    several = scene.words.low[at].endswith("s") and scene.words.low[at] not in PRONOUNS  # "a lawyer for the tenants"
    return stated is bearer or (stated is None and scene.index.covering(at) < 0 and not several)


def _owner_at(scene: Scene, at: int) -> Bearer | None:
    return owner_of(scene, at, ()).bearer


def _role(scene: Scene, mention: Mention, own: Sequence[Range], *, owned: bool = False) -> Answer:
    """Resolves "the judge", "the Vermont senator", "the bank" by the roles that the article states."""
    words = scene.words
    head = words.low[mention.head]
    definite = mention.determiner not in _INDEFINITE and not (
        mention.determiner == "" and not _may_lack_article(scene, mention)
    )
    of_what = " ".join(words.low[mention.head : mention.head + 3])
    nouns = _HEADS_OF.get(of_what, (head,))
    candidates = [one for noun in nouns for one in with_role(scene, noun)]
    if head == "officer":
        candidates = [one for one in candidates if _OF_FIRMS.isdisjoint(one.modifiers)]
    candidates = candidates or _by_calling(scene, head)
    candidates = candidates or of_seat(scene, mention)
    if definite and words.paragraph[mention.first] > _LEAD:
        candidates = [one for one in candidates if any(at < mention.first for at in one.places[:1])]
    if not definite:
        return _announced(scene, mention, candidates)
    if not _OTHERS.isdisjoint(words.low[mention.first : mention.head]):
        return the_other(scene, mention, candidates)
    fitting = of_description(scene, mention, candidates)
    if candidates and not fitting:
        return of_cabinet(scene, mention) or Answer("unnamed", reason="other-office")
    candidates = in_office(scene, mention, fitting)
    if candidates:
        return _best_role(scene, mention, candidates)
    if head in ONE_AT_A_TIME and fitting and all("deputy" in one.heads for one in fitting):
        return Answer("unnamed", reason="other-office")
    leader = of_cabinet(scene, mention)
    if leader is not None:
        return leader
    if _was_unnamed(scene, mention.first, head):
        return Answer("unnamed", reason="same-unnamed")
    body = resolve_institution(scene, mention) if head in GENERA and not owned else None
    if body is not None and body.outcome == "named":
        return body
    person = resolve_person_noun(scene, mention, own)
    if person is not None:
        return person
    if head in ORGANISATIONS and head not in PEOPLE and not owned:
        answer = resolve_institution(scene, mention)
        is_document = head in DOCUMENTS and answer.outcome == "unnamed"  # "the paper" of researchers
        return Answer("document", reason="document", confidence=0.7) if is_document else answer
    if head in KIN and mention.determiner == "the" and mention.owner < 0:
        return running_relative(scene, mention)
    if head in ("witness", "judge"):
        return (running_witness if head == "witness" else running_judge)(scene, mention)
    if head in PEOPLE and head not in KIN and head not in BYSTANDERS and not owned:
        return main_person(scene, mention, own)
    if head in PEOPLE and head not in KIN and not owned:
        return running_bystander(scene, mention, own)
    return Answer("unnamed", reason="role-unknown")


def _by_calling(scene: Scene, noun: str) -> list[Bearer]:
    """Returns those whose role is a kind of this: a glaciologist is "the researcher", a sergeant "the officer"."""
    if noun == "unionist":
        return [one for one in scene.persons[:40] if any("union" in role.lower().split() for role in one.roles)]
    if noun in _SCIENTISTS:
        return [one for one in scene.persons[:40] if any(head.endswith(_SCIENCES) for head in one.heads)]
    ranks = KIN if noun == "relative" else _RANKS.get(noun, frozenset())
    return [one for one in scene.persons[:40] if not ranks.isdisjoint(one.heads)]


def _was_unnamed(scene: Scene, at: int, head: str) -> bool:
    """Whether "the woman" takes up "a young woman" who spoke before."""
    words = scene.words
    if head not in PEOPLE and head not in MEN and head not in WOMEN:
        return False
    said = [one for one in scene.last_said(at) if not one.relative]
    running = said[0].answer.bearer if said else None
    if len(said) > 1 and running is not None and running.may_be_person and said[1].answer.bearer is running:
        return False
    if any(one.answer.outcome == "unnamed" and one.answer.words.endswith(head) for one in said):
        return True
    before = range(max(1, at - 120), at)
    return (head in MEN or head in WOMEN) and any(
        words.low[i] == head and _INDEFINITE & set(words.low[max(0, i - 3) : i]) for i in before
    )


def _may_lack_article(scene: Scene, mention: Mention) -> bool:
    """A bare role is definite in a headline or as a capitalised title ("Judge rejects request")."""
    words = scene.words
    return words.capital[mention.head] or words.paragraph[mention.first] == 0


def _best_role(scene: Scene, mention: Mention, candidates: list[Bearer]) -> Answer:
    words = scene.words
    described = {words.low[i] for i in range(mention.first, mention.last + 1) if i != mention.head}
    speakers = [said.answer.bearer for said in scene.last_said(mention.first)]
    ranked = []
    for bearer in candidates:
        met = [place for place in bearer.places if place < mention.first][-1:]
        score = 1.5 * _agreeing(described, bearer.modifiers) + (0.5 if met else -0.5)
        if met:
            score += max(0.0, 1.0 - 0.1 * (words.sentence[mention.first] - words.sentence[met[0]]))
        if bearer in speakers:
            score += 0.6 if speakers[0] is bearer else 0.3
        ranked.append(Ranked(bearer, score, "role"))
    ranked.sort(key=lambda one: (-one.score, one.bearer.number))
    return decide(ranked, "role") if len(ranked) > 1 else named(candidates, "role", 0.88)


def _agreeing(described: set[str], modifiers: set[str]) -> int:
    """Counts the words of a description that a bearer's own descriptions have, "Ohioan" for "Ohio" too."""
    stems = {word[:_STEM] for word in modifiers if len(word) >= _STEM}
    return sum(word in modifiers or (len(word) > _STEM and word[:_STEM] in stems) for word in described)


def _announced(scene: Scene, mention: Mention, candidates: list[Bearer]) -> Answer:
    """Resolves the lead's "a New York judge" to the one judge whom the next paragraphs name."""
    words = scene.words
    early = words.paragraph[mention.first] <= _LEAD
    later = [one for one in candidates if one.places and one.places[0] > mention.first]
    if early and len(candidates) == len(later) == 1:
        distance = words.paragraph[later[0].places[0]] - words.paragraph[mention.first]
        if distance <= 4:
            return named(later, "announced", 0.75)
    return Answer("unnamed", reason="indefinite", confidence=0.9)
