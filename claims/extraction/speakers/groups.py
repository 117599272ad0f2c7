"""Groups that can be told by name: "critics like Ana Sol and Bo Lee", "the senators", "the two candidates".

A group is unnamed unless its own words list it, its members have just spoken together, or it counts two and the text
has just named two. Do NOT resolve a plural by the roles of the article alone: "the doctors" are seldom all of them.
"""

from collections.abc import Sequence

from claims.extraction.lexicons import load, word_set
from claims.extraction.speakers.bearers import Bearer
from claims.extraction.speakers.enumeration import next_part
from claims.extraction.speakers.mention import Mention, NameIndex
from claims.extraction.speakers.name import Name
from claims.extraction.speakers.owners import owner_of
from claims.extraction.speakers.roles import ORGANISATIONS, PEOPLE
from claims.extraction.speakers.scene import Answer, Scene, named
from claims.extraction.speakers.tokens import Words
from claims.extraction.speakers.vocabulary import same_role

_MEN, _WOMEN = load("kin_male") | word_set("man boy men boys"), load("kin_female") | word_set("woman girl women girls")
_STUDIES = word_set("academics analysts authors economists experts researchers scholars scientists writers")
"""Who makes one study or report, under whatever name it goes on."""
_SPOUSES = word_set("husband wife partner spouse")
PAIRS = word_set("pair duo")
_PAIRS = word_set("sisters brothers siblings twins couple pair duo parents friends colleagues women men girls boys")
"""What two who have just spoken together are called next."""
_SIBLINGS = word_set("sisters brothers siblings twins")
_FAR = 6  # sentences in which "the two leaders" have spoken
_BACK = 2  # sentences in which "the two" have been named
_MOST_NAMES = 12


def names_in_group(words: Words, index: NameIndex, first: int, last: int) -> tuple[list[int], bool]:
    """Returns the names that a mention of a group gives as its members, and whether these are all of it.

    "Critics like Ana Sol and Bo Lee" names two of many; "the authors, who include Ana Sol and Bo Lee" is told from it
    by its verb.
    """
    for at in range(first + 1, last):
        low = words.low[at]
        if low in ("like", "including") or (low == "as" and words.low[at - 1] == "such"):
            whole = False
        elif low in ("include", "included") and words.low[at - 1] in ("which", "who"):
            whole = True
        else:
            continue
        found = _enumerated(words, index, at, last)
        joined = any(words.low[i] == "and" for i in range(at, last))
        return (found, whole) if len(found) > 1 and joined else ([], whole)
    return [], False


def singular(plural: str) -> str:
    """Returns the singular of a noun for people ("fishermen", "deputies")."""
    if plural.endswith("men"):
        return plural[:-3] + "man"
    return plural[:-3] + "y" if plural.endswith("ies") else plural.removesuffix("s")


def _enumerated(words: Words, index: NameIndex, at: int, last: int) -> list[int]:
    """Returns the names that are listed from word `at` on; the list ends where a sentence goes on behind it."""
    position = index.next_after(at)
    found: list[int] = []
    while 0 <= position < len(index.names) and index.names[position].last <= last and len(found) < 8:
        name = index.names[position]
        free = position not in found and (found or name.outer - at <= 6)
        if name.place or not free:
            break
        found.append(position)
        following = next_part(words, index, name.last, last, listed=len(found) > 1)
        position = index.next_after(following - 1) if following >= 0 else -1
        if position >= 0 and (position >= len(index.names) or index.names[position].outer > following + 5):
            break
    return found


def with_role(scene: Scene, head: str) -> list[Bearer]:
    """Returns the bearers whom the article calls by a role."""
    found: dict[int, Bearer] = {}
    for noun in sorted(same_role(head)):
        for bearer in scene.by_head.get(noun, ())[:40]:
            found.setdefault(bearer.number, bearer)
    return list(found.values())


def resolve_group(scene: Scene, mention: Mention) -> Answer:
    """Resolves "the senators" to joint speakers who are senators, "the two" to two just named; else unnamed."""
    words = scene.words
    plural = words.low[mention.head]
    noun = singular(plural)
    unnamed = Answer("unnamed", reason="group", confidence=0.9)
    if mention.determiner != "the":
        return unnamed
    roles = same_role(noun)
    for said in scene.last_said(mention.first):
        members = [part.bearer for part in said.answer.parts if part.bearer is not None]
        described = set(said.answer.words.lower().replace(",", " ").split())
        told = plural in described or (plural in _STUDIES and not _STUDIES.isdisjoint(described))
        paired = plural in _PAIRS and len(members) == 2
        if len(members) > 1 and (told or paired or any(one.heads & roles for one in members)):
            return Answer("named", None, "group-joint", 0.75, parts=said.answer.parts)
    if plural in _SIBLINGS:
        return _siblings(scene, mention) or unnamed
    if plural == "couple":
        return _couple(scene, mention) or unnamed
    if plural in PAIRS:
        pair = _two_speakers(scene, mention) or two_before(scene, mention)
        return _both(pair) if len(pair) == 2 else unnamed
    if "two" not in words.low[mention.first : mention.head + 1] and noun not in ORGANISATIONS:
        return unnamed
    if noun in ORGANISATIONS:
        return _two_firms(scene, mention) or unnamed
    pair = [one for one in with_role(scene, noun) if noun in PEOPLE and any(at < mention.first for at in one.places)]
    if len(pair) != 2 and noun in PEOPLE:
        pair = _two_speakers(scene, mention)
    if len(pair) != 2:
        pair = two_before(scene, mention) if plural in _MEN | _WOMEN or noun in PEOPLE or plural == "two" else []
    if len(pair) != 2:
        return unnamed
    return _both(pair)


def _both(pair: Sequence[Bearer]) -> Answer:
    parts = [named([one], "group-of-two", 0.7) for one in pair]
    return Answer("named", None, "group-of-two", 0.7, parts=parts)


def _two_firms(scene: Scene, mention: Mention) -> Answer | None:
    """Resolves "the companies" to the two, and no more, that the same sentence has named before it."""
    words = scene.words
    found: list[Bearer] = []
    position = scene.index.next_after(mention.first - 1) - 1
    farthest = 1 if "two" in words.low[mention.first : mention.head] else 0
    for at in range(position, max(-1, position - _MOST_NAMES), -1):
        if words.sentence[mention.first] - words.sentence[scene.index.names[at].first] > farthest and len(found) != 1:
            break
        meant = scene.bearers_at(at)
        if len(meant) != 1 or meant[0].type == "person":
            return None
        if not meant[0].place and meant[0] not in found:
            found.append(meant[0])
    if len(found) != 2:
        return None
    parts = [named([one], "group-of-two", 0.7) for one in reversed(found)]
    return Answer("named", None, "group-of-two", 0.7, parts=parts)


def resolve_family(scene: Scene, name: Name) -> Answer | None:
    """Resolves "both Sols" and "the Lees" to the only two of that surname; None for any other name."""
    surname = name.key[0]
    if len(name.key) > 1 or scene.words.low[name.first - 1] not in ("the", "both", "two"):
        return None
    bearers = scene.directory.by_last
    found = bearers.get(surname.removesuffix("s")) or bearers.get(surname.removesuffix("es")) or []
    if len(found) != 2 or surname in bearers:
        return None
    return Answer("named", None, "surname-of-two", 0.8, parts=[named([one], "surname-of-two", 0.8) for one in found])


def _two_speakers(scene: Scene, mention: Mention) -> list[Bearer]:
    """Returns the only two persons who have spoken just before, in the order in which the text names them."""
    words = scene.words
    found: list[Bearer] = []
    for said in scene.last_said(mention.first):
        bearer = said.answer.bearer
        if words.sentence[mention.first] - words.sentence[said.at] > _FAR:
            break
        if bearer is not None and bearer.may_be_person and bearer not in found:
            found.append(bearer)
    return sorted(found, key=lambda one: one.introduced) if len(found) == 2 else []


def _siblings(scene: Scene, mention: Mention) -> Answer | None:
    """Resolves "the sisters" to the two who have just spoken, where they share a surname."""
    pair = _two_speakers(scene, mention)
    if len(pair) != 2 or pair[0].key[-1] != pair[1].key[-1] or min(len(one.key) for one in pair) == 1:
        return None
    return Answer("named", None, "group-of-two", 0.7, parts=[named([one], "group-of-two", 0.7) for one in pair])


def _couple(scene: Scene, mention: Mention) -> Answer | None:
    """Resolves "the couple" to the only two of whom the text has told that they are husband and wife."""
    found: dict[frozenset[int], list[Bearer]] = {}
    for one in [one for one in scene.relations if one.noun in _SPOUSES][:_MOST_NAMES]:
        owner = owner_of(scene, one.owner, ()).bearer if 0 <= one.owner < mention.first else None
        if owner is not None and owner is not one.bearer:
            found[frozenset((owner.number, one.bearer.number))] = [owner, one.bearer]
    if len(found) != 1:
        return None
    (pair,) = found.values()
    return Answer("named", None, "couple", 0.75, parts=[named([one], "couple", 0.75) for one in pair])


def two_before(scene: Scene, mention: Mention) -> list[Bearer]:
    """Returns the persons named in the sentence before, or in the last two where that has too few, in text order."""
    words = scene.words
    plural = words.low[mention.head]
    gender = "m" if plural in _MEN else "f" if plural in _WOMEN else ""
    position = scene.index.next_after(mention.first - 1) - 1
    found: list[Bearer] = []
    looked, sentence = 0, -1
    while position >= 0 and looked < _MOST_NAMES:
        name = scene.index.names[position]
        distance = words.sentence[mention.first] - words.sentence[name.first]
        if distance > _BACK or (len(found) > 1 and words.sentence[name.first] != sentence):
            break
        meant = scene.bearers_at(position)
        if len(meant) == 1 and meant[0].type == "person" and not meant[0].place and meant[0] not in found:
            if words.quoted[name.first] or (gender and meant[0].gender not in ("", gender)):
                return []
            found.append(meant[0])
            sentence = words.sentence[name.first]
        position, looked = position - 1, looked + 1
    return found[::-1]
