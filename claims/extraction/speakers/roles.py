"""What the text says about its bearers: titles, appositions, copulas, and whose relative or lawyer they are.

A description is taken only where its form ties it to one name: before it ("IMF chief economist Ana Sol"),
after a comma ("Ana Sol, a lawyer for the town,"), in brackets, or after "is". Every window is bounded.
Do NOT read roles off a whole sentence: a wrong role turns "the judge" into the wrong person.
"""

import re
from dataclasses import dataclass

from claims.extraction.lexicons import load, word_set
from claims.extraction.speakers.bearers import Bearer, Directory
from claims.extraction.speakers.callings import (
    before_description,
    possessor_before,
    read_age,
    read_called,
    read_counterpart,
    read_deed,
)
from claims.extraction.speakers.hints import read_company, read_genders, read_possessive
from claims.extraction.speakers.name import Name
from claims.extraction.speakers.tokens import Words
from claims.extraction.speakers.vocabulary import (
    CABINETS,
    DEMONYMS,
    FUNCTION,
    ORGANISATION_HEADS,
    PLACES,
    REGNAL,
    TITLES,
)

KIN = load("kin_male") | load("kin_female") | load("kin_either")
ROLES = load("role_nouns")
PEOPLE = KIN | ROLES | frozenset(word for word in TITLES if len(word) > 4)
ORGANISATIONS = load("organisation_nouns")
_KIN_MALE = load("kin_male") | load("titles_male")
_KIN_FEMALE = load("kin_female") | load("titles_female")

_PREPOSITIONS = word_set("of for to at in on from with by who whose which that and as during under since")
_QUALIFIERS = word_set("former ex late acting then current incoming outgoing deputy vice chief senior junior")
_OWNERS = word_set("his her their its my our latter's latter former's")
_DETERMINERS = word_set("a an the his her their its one another")
_BRACKET = re.compile(r"\s{0,2}[(]\s{0,2}([^()\n]{1,60})[)]")
_PARTY = re.compile(r"([DRIdri])-")

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
_SAYING = word_set(
    "said says told added wrote asked announced replied insisted explained warned admitted confirmed recalled argued "
    "noted claimed continued"
)
_EMPLOYED = word_set(
    "executive director chief spokesman spokeswoman spokesperson chairman chairwoman chair manager founder co-founder "
    "ceo president head editor owner employee shareholder accountant engineer boss treasurer secretary"
)
_BEFORE_PHRASES = word_set("by with was were is are")
_PROSECUTING = word_set("district state u.s. county crown")
_HONORIFICS = word_set("mr mrs ms miss mx sir dr dame lady lord mme mlle herr frau shri smt sri drs messrs")


@dataclass(frozen=True, slots=True)
class Relation:
    """That `bearer` is the `noun` of whoever the word at `owner` means (-1: not said)."""

    noun: str
    bearer: Bearer
    owner: int


def read_roles(directory: Directory) -> list[Relation]:
    """Notes roles on the bearers of a directory and returns the relations between them, in text order."""
    relations: list[Relation] = []
    words = directory.words
    before: Bearer | None = None
    for name, meant in zip(directory.names, directory.meant, strict=True):
        if len(meant) != 1 or meant[0].place:
            continue
        bearer = meant[0]
        _read_before(words, name, bearer, relations)
        if name.key[0] in REGNAL:
            bearer.heads.add(name.key[0])
        end = _read_bracket(words, name, bearer)
        _read_after(words, name, end, bearer, relations)
        _read_preposed(words, name, bearer, relations)
        read_age(words, name, bearer)
        if words.low[name.last + 1 : name.last + 2] in CABINETS and bearer.type != "organisation" and len(name.key) > 1:
            bearer.heads.add("head-of-government")
            bearer.votes["person"] = bearer.votes.get("person", 0) + 1
        read_deed(words, name, bearer)
        read_called(words, name, bearer)
        read_counterpart(words, name, bearer, before)
        before = bearer if bearer.type == "person" else before
        if bearer.type == "unknown":
            read_possessive(words, name, bearer)
            read_company(words, name, bearer)
    _credit_employers(directory, relations)
    read_genders(directory)
    return relations


def _credit_employers(directory: Directory, relations: list[Relation]) -> None:
    """Counts who has a chief executive or a spokesman as an institution."""
    owners = {relation.owner for relation in relations if relation.noun in _EMPLOYED}
    if not owners:
        return
    for name, meant in zip(directory.names, directory.meant, strict=True):
        owns = len(meant) == 1 and any(at in owners for at in range(name.first, name.last + 1))
        if owns and not meant[0].votes.get("person"):
            meant[0].votes["organisation"] = meant[0].votes.get("organisation", 0) + 1


def _suits(bearer: Bearer, noun: str) -> bool:
    """An institution is nobody's father, and a person with a title no bank."""
    if noun in PEOPLE or noun in TITLES:
        return not any(word in ORGANISATION_HEADS for word in bearer.key[1:]) or bearer.votes.get("person", 0) > 0
    return bearer.votes.get("person", 0) == 0


def _add(words: Words, bearer: Bearer, first: int, last: int, head: int) -> bool:
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


def _read_before(words: Words, name: Name, bearer: Bearer, relations: list[Relation]) -> None:
    """Reads titles and role words that stand right before a name, and their owner."""
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
        if low.endswith(("ing", "ed")) and "-" not in low:
            break
        if words.capital[first - 1] and words.low[first - 1] not in DEMONYMS and not words.first[first - 1]:
            break
        first -= 1
    if first > head:
        return
    if not _add(words, bearer, first, head, head):
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
    if words.possessive[before] or words.low[before] in _OWNERS or words.capital[before]:
        relations.append(Relation(noun, bearer, before))


def _read_bracket(words: Words, name: Name, bearer: Bearer) -> int:
    """Reads "(R-Ohio)" after a name; returns the offset where the name and its bracket end."""
    end = words.end[name.last]
    if words.text[end : end + 1] == ".":
        end += 1
    match = _BRACKET.match(words.text, end)
    if not match:
        return end
    party = _PARTY.match(match.group(1))
    if party:
        bearer.votes["person"] = bearer.votes.get("person", 0) + 2
        bearer.modifiers.update(
            {"d": ("democrat", "democratic"), "r": ("republican", "gop")}.get(party.group(1).lower(), ("independent",))
        )
        state = match.group(1)[party.end() :].lower().split(",")[0]
        bearer.modifiers.update(state.replace(".", "").split())
    return match.end()


def _read_after(words: Words, name: Name, end: int, bearer: Bearer, relations: list[Relation]) -> None:
    """Reads an apposition after a comma, or "is a ..." after the name."""
    index = name.last + 1
    while index < len(words) and words.start[index] < end:
        index += 1
    if index >= len(words) or words.sentence[index] != words.sentence[name.last]:
        return
    gap = words.text[end : words.start[index]]
    if gap.strip() == "":
        if (
            words.low[index] in ("is", "was", "became")
            and words.low[index + 1 : index + 2]
            and (words.low[index + 1] in ("a", "an", "the"))
        ):
            _read_phrase(words, index + 2, bearer, relations, whole=False)
        elif words.low[index] in ("of", "from") and index + 1 < len(words) and words.capital[index + 1]:
            bearer.modifiers.add(words.low[index + 1])
        return
    if gap.strip() not in (",", "--", "—", "–", "-", "― ", "("):
        return
    low = words.low[index]
    if low == "who" and words.low[index + 1 : index + 2] and words.low[index + 1] in ("is", "was", "serves", "became"):
        _read_phrase(words, index + 2, bearer, relations, whole=False)
    elif low not in FUNCTION or low in ("a", "an", "the", "his", "her", "its", "their", "now", "then", "both", "also"):
        _read_phrase(words, index, bearer, relations, whole=True)
    elif low in ("and", "who") and words.low[index + 1 : index + 2] == ["also"]:
        _read_phrase(words, index + 2, bearer, relations, whole=True)


def _read_phrase(words: Words, index: int, bearer: Bearer, relations: list[Relation], *, whole: bool) -> None:
    """Reads a noun phrase that begins at `index` and whose head is a role, up to a preposition or comma."""
    if index >= len(words):
        return
    head = owner = -1
    at, stop = index, min(len(words), index + 12)
    sentence = words.sentence[index]
    while at < stop and words.sentence[at] == sentence:
        low = words.low[at]
        if at > index and low in _PREPOSITIONS:
            break
        if at > index and low in ("the", "a", "an") and words.low[at - 1] not in FUNCTION:
            break  # "a document the bank published"
        if words.possessive[at] or low in _OWNERS:
            owner = at
        if low in PEOPLE or low in ORGANISATIONS:
            head = at
        elif low in FUNCTION and at > index and low not in ("the", "a", "an", "now", "also", "his", "her"):
            break
        if words.gap(at).strip(" \u00a0") and not words.possessive[at]:
            at += 1
            break
        at += 1
    if head < 0:
        return
    if (
        (
            whole
            and owner >= 0
            and words.low[owner] in ("his", "her", "latter", "their", "former")
            and head + 1 < len(words)
        )
        and words.gap(head).strip() == ","
        and words.capital[head + 1]
    ):
        return
    if head + 1 < at and head >= 0 and not words.gap(head).strip() and words.low[head + 1] not in _PREPOSITIONS:
        head = at - 1 if words.low[at - 1] in PEOPLE else head
    last = _phrase_end(words, head)
    if whole and last < 0:
        return
    last = max(last, head)
    if owner < 0 and head + 2 < len(words) and words.low[head + 1] in ("of", "for", "to"):
        owner = head + 2
        while owner < len(words) - 1 and owner < head + 6 and words.low[owner] in ("the", "a", "former", "late", "his"):
            owner += 1
    first = index
    while first < head and words.low[first] in ("a", "an", "the", "now", "also", "both", "then"):
        first += 1
    if not _add(words, bearer, first, last if whole else max(head, first), head):
        return
    if words.low[head + 1 : head + 2] in (["of"], ["from"]) and words.capital[head + 2 : head + 3] == [True]:
        bearer.modifiers.add(words.low[head + 2])
        bearer.seats.add(words.low[head + 2])
    if words.low[head + 1 : head + 2] in (["of"], ["for"], ["at"]):  # "the head of the school board"
        bearer.modifiers.update(low for low in words.low[head + 2 : min(last, head + 5) + 1] if low not in FUNCTION)
    if owner >= 0:
        relations.append(Relation(words.low[head], bearer, owner))
    _read_second(words, head, last, bearer, relations)


def _phrase_end(words: Words, head: int) -> int:
    """Returns the last word of an apposition, or -1 where no punctuation closes it: then it is no apposition."""
    last = head
    while last + 1 < len(words) and last - head < 16 and words.sentence[last + 1] == words.sentence[head]:
        if words.low[last + 1] == "who" and last > head:
            return last
        if words.low[last] in _SAYING or (words.low[last].endswith("ed") and words.low[last + 1] == "that"):
            return -1  # "asked by Ms. Lee, the witness conceded that …"
        if "," in words.gap(last) or words.gap(last).strip(" \u00a0-'’sS.$£€#\n"):
            return last
        last += 1
    if words.low[last] in _SAYING:
        return -1
    closed = last + 1 >= len(words) or words.sentence[last + 1] != words.sentence[head]
    return last if closed or words.gap(last).strip(" \u00a0-'’sS") else -1


def _read_second(words: Words, head: int, last: int, bearer: Bearer, relations: list[Relation]) -> None:
    """Reads the second role of "a surgeon and spokesperson for the union"."""
    for at in range(head + 1, min(last, head + 10)):
        if words.low[at] != "and":
            continue
        for noun in range(at + 1, min(last, at + 5) + 1):
            if words.low[noun] in PEOPLE:
                bearer.heads.add(words.low[noun])
                if words.low[noun + 1 : noun + 2] and words.low[noun + 1] in ("of", "for", "to"):
                    owner = noun + 2 + (words.low[noun + 2 : noun + 3] == ["the"])
                    relations.append(Relation(words.low[noun], bearer, min(owner, len(words) - 1)))
                return
            if words.low[noun] in _PREPOSITIONS:
                return


def _read_preposed(words: Words, name: Name, bearer: Bearer, relations: list[Relation]) -> None:
    """Reads a description before a comma: "An attorney for the town, Ana Sol," or "the latter's father, Ana Sol,"."""
    before = before_description(words, name, max(0, name.outer - 8))
    if before < 1 or words.gap(before).strip("'’sS )") != "," or words.sentence[before] != words.sentence[name.first]:
        return
    after = words.text[words.end[name.last] : words.end[name.last] + 1]
    if after not in (",", ".", "—", "") and not (before + 1 == name.outer and words.text[words.end[name.last]] == " "):
        return
    if words.gap(before).startswith(")") and words.gap(before - 1).strip() == "(":
        before -= 1  # "the head of the Harbour Board (HB), Ana Sol"
    first = before
    while first > 0 and before - first < 10 and words.sentence[first - 1] == words.sentence[before]:
        if words.gap(first - 1).strip(" \u00a0'’sS") and not words.possessive[first - 1]:
            break
        if words.low[first - 1] in _BEFORE_PHRASES:
            break
        first -= 1
    while first < before and words.low[first] in ("and", "but", "while"):
        first += 1
    determiner = first
    while determiner < before and words.capital[determiner] and not words.possessive[determiner]:
        determiner += 1
    if not (words.possessive[determiner] or words.low[first] in _DETERMINERS) and after in (",", "."):
        first = determiner = possessor_before(words, before)
    if not (words.possessive[determiner] or words.low[first] in _DETERMINERS):
        return
    if after not in (",", ".") and words.low[first] not in _DETERMINERS:
        return
    head = -1
    for at in range(determiner, before + 1):
        if words.low[at] in FUNCTION and at > determiner:
            break
        head = at if words.low[at] in PEOPLE or words.low[at] in ORGANISATIONS else head
    if head < 0 or (head != before and words.low[head + 1] not in ("of", "for", "to", "at", "from", "in")):
        if words.low[before - 1] != "the" or words.low[before] not in PEOPLE:
            return
        first, determiner, head = before - 1, before, before  # "a lecturer and nephew of the dean, Ana Sol"
    owner = next((at for at in range(first, head) if words.possessive[at] or words.low[at] in _OWNERS), -1)
    if owner < 0 and head + 2 <= before and words.low[head + 1] in ("of", "for", "to"):
        owner = head + 2 + (words.low[head + 2] == "the" and head + 3 <= before)
    start = owner + 1 if 0 <= owner < head else first + (words.low[first] in _DETERMINERS)
    if head + 2 <= before and words.capital[head + 2]:
        bearer.modifiers.add(words.low[head + 2])  # "the minister of Ohio, Bo Lee"
        bearer.seats.add(words.low[head + 2])
    if words.low[head + 1 : head + 2] in (["of"], ["for"], ["at"]):
        bearer.modifiers.update(low for low in words.low[head + 2 : before + 1] if low not in FUNCTION)
    if _add(words, bearer, start, before, head) and owner >= 0:
        relations.append(Relation(words.low[head], bearer, owner))
