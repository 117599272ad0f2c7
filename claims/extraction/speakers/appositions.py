"""What stands beside a name: appositions, brackets, copulas, and descriptions before a comma.

A description is taken only where its form ties it to one name: after a comma ("Ana Sol, a lawyer for the town,"), in
brackets, after "is", or before a comma ("The mayor of Norfield, Ana Sol,"). Every window is bounded. Do NOT read roles
off a whole sentence: a wrong role turns "the judge" into the wrong person.
"""

import re

from claims.extraction.lexicons import word_set
from claims.extraction.speakers.bearers import Bearer
from claims.extraction.speakers.callings import before_description, possessor_before
from claims.extraction.speakers.name import Name
from claims.extraction.speakers.roles import ORGANISATIONS, OWNERS, PEOPLE, Relation, add_role
from claims.extraction.speakers.tokens import Words
from claims.extraction.speakers.vocabulary import FUNCTION

_PREPOSITIONS = word_set("of for to at in on from with by who whose which that and as during under since")
_DETERMINERS = word_set("a an the his her their its one another")
_BRACKET = re.compile(r"\s{0,2}[(]\s{0,2}([^()\n]{1,60})[)]")
_PARTY = re.compile(r"([DRIdri])-")
_SAYING = word_set(
    "said says told added wrote asked announced replied insisted explained warned admitted confirmed recalled argued "
    "noted claimed continued"
)
_BEFORE_PHRASES = word_set("by with was were is are")


def read_bracket(words: Words, name: Name, bearer: Bearer) -> int:
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


def read_after(words: Words, name: Name, end: int, bearer: Bearer, relations: list[Relation]) -> None:
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
        elif words.low[index] in ("of", "from"):
            _read_belonging(words, index + 1, bearer)
        return
    if gap.strip() not in (",", "--", "—", "–", "-", "― ", "("):
        return
    low = words.low[index]
    if low in ("of", "from"):
        _read_belonging(words, index + 1, bearer)
    if low == "who" and words.low[index + 1 : index + 2] and words.low[index + 1] in ("is", "was", "serves", "became"):
        _read_phrase(words, index + 2, bearer, relations, whole=False)
    elif low not in FUNCTION or low in ("a", "an", "the", "his", "her", "its", "their", "now", "then", "both", "also"):
        _read_phrase(words, index, bearer, relations, whole=True)
    elif low in ("and", "who") and words.low[index + 1 : index + 2] == ["also"]:
        _read_phrase(words, index + 2, bearer, relations, whole=True)


def _read_belonging(words: Words, index: int, bearer: Bearer) -> None:
    """Reads "of Norfield" and "of the Greens" behind a name; "Green" may then stand for the Greens."""
    index += index < len(words) and words.low[index] == "the"
    if index < len(words) and words.capital[index]:
        bearer.modifiers.update((words.low[index], words.low[index].removesuffix("s")))
        bearer.seats.update((words.low[index], words.low[index].removesuffix("s")))


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
        if words.possessive[at] or low in OWNERS:
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
    if not add_role(words, bearer, first, last if whole else max(head, first), head):
        return
    placed = words.low[head + 1 : head + 2] in (["of"], ["from"], ["in"], ["at"])
    if placed and words.capital[head + 2 : head + 3] == [True]:
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


def read_preposed(words: Words, name: Name, bearer: Bearer, relations: list[Relation]) -> None:
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
        if words.low[before - 1] != "the" or words.low[before] not in PEOPLE | ORGANISATIONS:
            return
        first, determiner, head = before - 1, before, before  # "a lecturer and nephew of the dean, Ana Sol"
    owner = next((at for at in range(first, head) if words.possessive[at] or words.low[at] in OWNERS), -1)
    if owner < 0 and head + 2 <= before and words.low[head + 1] in ("of", "for", "to"):
        owner = head + 2 + (words.low[head + 2] == "the" and head + 3 <= before)
    start = owner + 1 if 0 <= owner < head else first + (words.low[first] in _DETERMINERS)
    if head + 2 <= before and words.capital[head + 2]:
        bearer.modifiers.add(words.low[head + 2])  # "the minister of Ohio, Bo Lee"
        bearer.seats.add(words.low[head + 2])
    if words.low[head + 1 : head + 2] in (["of"], ["for"], ["at"]):
        bearer.modifiers.update(low for low in words.low[head + 2 : before + 1] if low not in FUNCTION)
    if add_role(words, bearer, start, before, head) and owner >= 0:
        relations.append(Relation(words.low[head], bearer, owner))
