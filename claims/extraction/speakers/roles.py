"""Roles: the nouns that are some, how one is noted, and those that stand right before a name.

"IMF chief economist Ana Sol", "her lawyer, Bo Lee": a role belongs to the name that its form ties it to, perhaps with
the one whose lawyer it is. What stands behind a comma or in brackets is read in `appositions`.
"""

from dataclasses import dataclass

from claims.extraction.lexicons import load, word_set
from claims.extraction.speakers.bearers import Bearer
from claims.extraction.speakers.name import Name
from claims.extraction.speakers.tokens import Words
from claims.extraction.speakers.vocabulary import (
    DEMONYMS,
    FUNCTION,
    ORGANISATION_HEADS,
    PLACES,
    TITLES,
)

KIN = load("kin_male") | load("kin_female") | load("kin_either")
ROLES = load("role_nouns")
PEOPLE = KIN | ROLES | frozenset(word for word in TITLES if len(word) > 4)
ORGANISATIONS = load("organisation_nouns")
_KIN_MALE = load("kin_male") | load("titles_male")
_KIN_FEMALE = load("kin_female") | load("titles_female")

_QUALIFIERS = word_set("former ex late acting then current incoming outgoing deputy vice chief senior junior")
OWNERS = word_set("his her their its my our latter's latter former's")

_BODIES = word_set(
    "company firm bank charity union newspaper broadcaster agency insurer airline utility operator developer retailer "
    "carmaker lender supplier startup contractor landlord network website magazine university club collective "
    "campaign association federation foundation ngo nonprofit organisation organization brewery bakery hospital group"
)
_EITHER = word_set(
    "rival partner competitor owner operator developer publisher producer supplier sponsor bidder ally client customer "
    "member neighbour neighbor vendor buyer seller broker builder grower manufacturer contractor employer landlord "
    "donor distributor trader handler processor refiner"
)
"""What an institution may be as well as a person."""
_GERUNDS = word_set("operating managing marketing accounting engineering nursing housing planning mining shipping")
_RETIRED = word_set("retd ret retired rtd")
_PROSECUTING = word_set("district state u.s. county crown")
_HONORIFICS = word_set("mr mrs ms miss mx sir dr dame lady lord mme mlle herr frau shri smt sri drs messrs")


@dataclass(frozen=True, slots=True)
class Relation:
    """That `bearer` is the `noun` of whoever the word at `owner` means (-1: not said)."""

    noun: str
    bearer: Bearer
    owner: int


def _suits(bearer: Bearer, noun: str) -> bool:
    """An institution is nobody's father, and a person with a title no bank."""
    if noun in PEOPLE or noun in TITLES:
        return not any(word in ORGANISATION_HEADS for word in bearer.key[1:]) or bearer.votes.get("person", 0) > 0
    return bearer.votes.get("person", 0) == 0


def add_role(words: Words, bearer: Bearer, first: int, last: int, head: int) -> bool:
    """Notes one description with its head; False where it cannot be this bearer's."""
    if not _suits(bearer, words.low[head]):
        return False
    if words.low[head] == "dr":
        bearer.heads.add("dr")
    if words.low[head] not in _HONORIFICS:
        text = " ".join(words.text[words.start[first] : words.end[last]].split())
        bearer.roles.setdefault(text)
        bearer.heads.add(words.low[head])
        if words.low[head].removesuffix("s") in PEOPLE:
            bearer.heads.add(words.low[head].removesuffix("s"))
        if words.low[head].endswith("-in-chief"):
            bearer.heads.add(words.low[head].split("-")[0])
        if "deputy" in words.low[first:head]:
            bearer.heads.add("deputy")
    for index in range(first, head):
        bearer.modifiers.update(words.low[index].split("-"))
        if (
            words.capital[index]
            and words.low[index] not in PEOPLE
            and (not words.first[index] or words.low[index] in PLACES)
        ):
            bearer.seats.add(words.low[index])
    if words.low[head] == "attorney" and head > 0 and words.low[head - 1] in _PROSECUTING:
        bearer.heads.add("prosecutor")
    noun = words.low[head]
    if noun in _EITHER or "market" in words.low[first:head]:
        return True
    if noun in PEOPLE or noun in TITLES:
        bearer.votes["person"] = bearer.votes.get("person", 0) + 2
        if noun in _KIN_MALE:
            bearer.gender = bearer.gender or "m"
        elif noun in _KIN_FEMALE:
            bearer.gender = bearer.gender or "f"
    else:
        bearer.votes["organisation"] = bearer.votes.get("organisation", 0) + 2
    return True


def read_before(words: Words, name: Name, bearer: Bearer, relations: list[Relation]) -> None:
    """Reads titles and role words that stand right before a name, and their owner."""
    if "dr" in words.low[name.outer : name.first]:
        bearer.heads.add("dr")
    rank = name.outer - 2
    if rank >= 0 and words.low[rank + 1] in _RETIRED and words.gap(rank).strip() == "(" and words.low[rank] in PEOPLE:
        add_role(words, bearer, rank, rank, rank)  # "Brigadier (retd) Bo Lee"
        bearer.modifiers.update(("former", "retired"))
    bearer.heads.update(low for low in words.low[name.outer : max(name.outer, name.first - 1)] if low in PEOPLE)
    if name.outer < name.first and words.low[max(0, name.outer - 1)] in PEOPLE:  # "army spokesman Col. Bo Lee"
        if any(low not in _HONORIFICS for low in words.low[name.outer : name.first]):
            _read_role(words, name, bearer, relations, name.first - 1, name.outer)
        _read_role(words, name, bearer, relations, name.outer - 1, name.first)
    else:
        _read_role(words, name, bearer, relations, name.first - 1, name.outer)


def _read_role(words: Words, name: Name, bearer: Bearer, relations: list[Relation], head: int, outer: int) -> None:
    """Reads the role with this head; `outer` is where titles begin that belong to it, the name itself for none."""
    edge = name.outer
    if outer < name.first and words.low[head] not in PEOPLE:  # "Minister of State for Home Bo Lee"
        head = next((at for at in range(head, outer - 1, -1) if words.low[at] in PEOPLE), head)
    if outer == name.first:
        if head < 0 or words.gap(head) not in (" ", "\u00a0"):
            return
        common = words.low[head] not in PEOPLE and words.low[head] not in FUNCTION
        if common and head > 1 and words.low[head - 1] == "of" and words.low[head - 2] in ROLES:
            head = edge = head - 2  # "speaker of parliament Bo Lee"
        if words.low[head] not in PEOPLE and (words.low[head] not in _BODIES or len(name.key) < 2):
            return
        if words.possessive[head] or (words.capital[head] and not words.first[head]):
            return
        if words.low[head] == "elder" and len(name.key) == 1:
            return  # "the elder Sol" is told from another Sol
    first = edge
    while first > 0 and edge - first < 6 and words.gap(first - 1) in (" ", "\u00a0"):
        low = words.low[first - 1]
        if low in FUNCTION or words.possessive[first - 1]:
            break
        if outer < name.first and low not in _QUALIFIERS and low not in PEOPLE:
            break
        if low.endswith(("ing", "ed")) and "-" not in low and low not in _GERUNDS:
            break
        if words.capital[first - 1] and words.low[first - 1] not in DEMONYMS and not words.first[first - 1]:
            break
        first -= 1
    if first > head:
        return
    if not add_role(words, bearer, first, head, head):
        return
    noun = words.low[head]
    joined = first > 2 and words.low[first - 1] == "and" and words.low[first - 3] in ("his", "her")
    if joined and words.low[first - 2] in KIN:  # "her father and former minister Bo Lee"
        bearer.heads.add(words.low[first - 2])
        relations.append(Relation(words.low[first - 2], bearer, first - 3))
    if noun == "advocate" and outer < name.first:  # as a title it is a lawyer's
        bearer.heads.add("lawyer")
    before = first - 1
    if before < 0 or words.paragraph[before] != words.paragraph[first] or len(words.gap(before)) > 3:
        return
    if words.possessive[before] or words.low[before] in OWNERS or words.capital[before]:
        relations.append(Relation(noun, bearer, before))
