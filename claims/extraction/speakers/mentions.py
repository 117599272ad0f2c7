"""What kind of words a mention is: a pronoun, a name, several names, or a description.

The mention arrives as a span and may be cut short or too long; names come from the whole article, so a
mention that touches a name means that name. The head decides: of "Ana Sol, head of the Port Authority and a
former judge" it is "Ana Sol", of "a lawyer for Ana Sol" it is "a lawyer".

Only the shape is read here; whom it means is decided elsewhere (`pronouns`, `nominals`). Do NOT look at
other mentions in this module.
"""

from claims.extraction.lexicons import load, word_set
from claims.extraction.speakers.authors import author_after
from claims.extraction.speakers.callings import before_description, is_bracketed, self_named
from claims.extraction.speakers.enumeration import listed_names, next_part
from claims.extraction.speakers.mention import Mention, NameIndex
from claims.extraction.speakers.name import Name
from claims.extraction.speakers.roles import ORGANISATIONS, PEOPLE
from claims.extraction.speakers.tokens import Words
from claims.extraction.speakers.vocabulary import (
    DEMONYMS,
    FUNCTION,
    MEMBERS,
    NATIONALS,
    OFFICES,
    ORGANISATION_HEADS,
    UNNAMED,
)

HE, SHE = word_set("he him his himself"), word_set("she her hers herself")
THEY = word_set("they them their theirs themselves both")
IT = word_set("it its itself")
PLURAL_SELF = word_set("we us our ours ourselves we've we're")
SELF = PLURAL_SELF | word_set("i me my mine myself i've i'm i'd i'll")
RELATIVE = word_set("who whom whose which that")
PRONOUNS = HE | SHE | THEY | IT | SELF | RELATIVE
ATTACHED = load("attached_organisations")
DOCUMENTS = load("document_nouns")
POLLS = load("poll_nouns")

_STOPS = word_set(
    "of for from at in on to with who whose which that including like such by as about against after before during "
    "said says told whom where when than among between over under outside inside near released"
)
_LEADING = word_set("of for from at in on to with by as according including like among and but both even also")
_DETERMINERS = word_set("a an the this that these those one another some any no every each all both many most several")
_WORDS_OF = word_set(
    "decision finding findings opinion order plan proposal remarks report ruling speech statement testimony view views "
    "words"
)
"""Documents whose "of" leads to who made them; that of most leads to what they are about."""
_HEADS = PEOPLE | ORGANISATIONS | DOCUMENTS | UNNAMED
_IN = word_set("in at near outside from")
_LONGEST_PLACE = 12
_LONGEST_ROLE = 4
_SHORTEST_NATIONAL = 6
_PARTICIPLES = word_set(
    "seen sent written made shown given drawn known held read taken paid led run done brought bought built sold"
)
_STRAY = word_set("to with about against for by on over")  # no word of a speaker's own description follows a name so
_VERBS = word_set("advocates demands claims estimates forecasts plans projects questions supports proposes")
_OBJECTS = word_set("a an the that to more its his her their no")
_TAIL = word_set("himself herself itself themselves also both all each alone too then now once again")


def read_mention(words: Words, index: NameIndex, first: int, last: int) -> Mention:
    """Takes the words `first` to `last` (inclusive) apart."""
    while first < last and words.low[first] in _LEADING and index.covering(first) < 0:
        first += 1
    while last > first and words.low[last] in _TAIL:
        last -= 1
    first = _behind_place(words, index, first, last)
    if first > last:
        return Mention("nothing", first, last)
    pronoun = _pronoun(words, first, last)
    if pronoun:
        return Mention("pronoun", first, last, pronoun=pronoun)
    if words.low[first : first + 3] == ["mr", "and", "mrs"]:
        return Mention("nothing", first, last)
    if last == first + 1 and words.low[first] == "the" and _is_national(words.low[last]):
        return Mention("nominal", first, last, head=last, determiner="the")
    one = _one_of_them(words, index, first, last)
    if one >= 0:
        return Mention("name", first, last, name=one)
    unit, end = _read_unit(words, index, first, last)
    if unit.shape in ("nominal", "nothing"):
        someone = unit.shape == "nothing" or words.low[unit.head] in PEOPLE | ORGANISATIONS
        name = self_named(words, index, max(unit.head, first), last) if someone else -1
        if name >= 0:
            return Mention("name", first, last, name=name)
    if unit.shape == "nominal":
        listed = listed_names(words, index, unit, last)
        if listed:
            return Mention("joint", first, last, parts=listed)
    if unit.shape == "name" and end < last and words.low[end + 1] in _STRAY:
        described = _described_last(words, index, end, last)
        if described >= 0:
            return Mention("name", first, last, name=described)
    parts = [unit]
    while end < last:
        following = next_part(words, index, end, last, listed=len(parts) > 1)
        if following < 0 or words.low[following] in _PARTICIPLES:
            break
        unit, end = _read_unit(words, index, following, last)
        parts.append(unit)
    if len(parts) == 2 and _has_two_roles(words, index, parts[0], parts[1]):
        return parts[1]
    if len(parts) > 1 and _is_joint(words, parts):
        return Mention("joint", first, last, parts=parts)
    return parts[0]


def _one_of_them(words: Words, index: NameIndex, first: int, last: int) -> int:
    """Returns the name that "one of them, Ana Sol," ends with, or -1."""
    apart = words.low[first] in ("another", "one") and words.gap(first).strip() == ","  # "Another, Bo Lee,"
    if words.low[first : first + 2] != ["one", "of"] and not apart:
        return -1
    position = index.next_after(first)
    for at in range(position, min(position + 3, len(index.names))):
        name = index.names[at]
        if name.last <= last and words.gap(before_description(words, name, first)).strip() == "," and not name.place:
            return at
    return -1


def _is_national(noun: str) -> bool:
    """Whether a noun means somebody by where he is from: "the Dane", "the Yorkshireman"."""
    return noun in NATIONALS or (len(noun) > _SHORTEST_NATIONAL and noun.endswith(("man", "woman")))


def _behind_place(words: Words, index: NameIndex, first: int, last: int) -> int:
    """Returns where a mention begins that was taken too long to the left, or its first word.

    "In [Altamar, Ana Sol] said" and "In [an email seen by this paper, Ana Sol] said" are Ana Sol's words.
    """
    if not first or words.low[first - 1] not in _IN:
        return first
    end = next((at for at in range(first, min(last, first + _LONGEST_PLACE)) if words.gap(at).strip() == ","), -1)
    covering = index.covering(end + 1) if end >= 0 else -1
    if covering < 0 or index.names[covering].place or any(low in ("and", "or") for low in words.low[end : last + 1]):
        return first
    held = index.covering(first)
    is_place = held >= 0 and index.names[held].last == end
    is_document = any(low in DOCUMENTS for low in words.low[first : end + 1])
    return end + 1 if is_place or is_document else first


def _described_last(words: Words, index: NameIndex, end: int, last: int) -> int:
    """Returns the name that ends a mention taken too long ("Ana Sol to Bo Lee, the latter's father, Al Lee"), or -1."""
    position = index.next_after(last) - 1
    name = index.names[position]
    if name.place or name.outer <= end + 1 or name.last < last or words.gap(name.outer - 1).strip("'’sS ") != ",":
        return -1
    return position if words.low[name.outer - 1] in PEOPLE else -1


def _pronoun(words: Words, first: int, last: int) -> str:
    low = words.low[first]
    if words.raw[first] == "WHO":
        return ""
    if first == last or low == "who":  # "who was under questioning" is who alone
        return low if low in PRONOUNS else ""
    if (
        last - first <= 2
        and "and" not in words.low[first : last + 1]
        and low in PRONOUNS
        and low not in ("his", "her", "its", "their", "that", "my", "our", "mine")
    ):
        return low if all(words.low[i] not in PEOPLE for i in range(first + 1, last + 1)) else ""
    return ""


def _read_unit(words: Words, index: NameIndex, first: int, last: int) -> tuple[Mention, int]:
    """Reads one noun phrase from `first`; returns it and the last word it takes up."""
    if words.low[first] in HE | SHE | SELF and (
        first == last or words.low[first] not in ("his", "her", "my", "our", "mine")
    ):
        return Mention("pronoun", first, first, pronoun=words.low[first]), first
    at, head, name, owner = first, -1, -1, -1
    while at <= last:
        covering = index.covering(at)
        if covering >= 0 and not _is_modifier(words, index.names[covering]):
            found = index.names[covering]
            if head >= 0 and words.low[head] in DOCUMENTS and not words.gap(at - 1).strip():
                owner = found.last if owner < 0 else owner
                break
            end = min(found.last, last) if found.outer <= at else found.last
            name, head = covering, -1
            if found.last < last and _modifies(words, found.last):
                owner, name = found.last, -1
            at = max(end, at) + 1
            if name >= 0:
                break
        else:
            low = words.low[at]
            if at > first and low in _STOPS and covering < 0:
                break
            if low in ("and", "or") and head >= 0 and at < last and _opens_phrase(words, index, at + 1):
                break
            if (low.endswith("ed") or low in _PARTICIPLES) and head >= 0 and words.low[head] in _HEADS:
                break
            participle = low.endswith("ing") and not PEOPLE & set(
                words.low[at + 1 : at + 2]
            )  # "chief operating officer"
            if participle and head >= 0 and (words.low[head] in UNNAMED or words.low[head] in PEOPLE):
                break
            if low in ("his", "her", "its", "their", "my", "our") or words.possessive[at]:
                owner = at
            if low not in _DETERMINERS:
                head = at
            at += 1
        if at <= last and _breaks(words, at - 1):
            break
    end = at - 1
    if name >= 0:
        return Mention("name", first, end, name=name), end
    if head < 0:
        return Mention("nothing", first, max(first, end)), max(first, end)
    if words.possessive[head] and head == end:
        owner = -1 if owner == head else owner
    apposed = _apposed_name(words, index, head, end, last)
    if apposed >= 0:
        return Mention("name", first, index.names[apposed].last, name=apposed), index.names[apposed].last
    low = words.low[first]
    determiner = low if low in _DETERMINERS or low in ("his", "her", "its", "their", "my", "our") else ""
    if owner < 0:
        author = author_after(words, index, head, end, last)
        if author >= 0:
            unit = Mention("nominal", first, end, head=head, determiner=determiner, owner=author)
            return unit, max(end, author)
        if end < last and words.low[end + 1] in ("of", "for", "to") and _may_be_owned(words, head, end):
            owner = _owner_after(words, index, end + 2, last)
    return Mention("nominal", first, end, head=head, determiner=determiner, owner=owner), end


def _may_be_owned(words: Words, head: int, end: int) -> bool:
    """Whether "of", "for" or "to" after a noun leads to whose it is: not in "a letter to Sol", "a review of Sol"."""
    noun = words.low[head]
    return noun not in DOCUMENTS or noun in PEOPLE or (words.low[end + 1] == "of" and noun in _WORDS_OF)


def _opens_phrase(words: Words, index: NameIndex, at: int) -> bool:
    """Whether a noun phrase of its own begins at a word."""
    return words.low[at] in _DETERMINERS or words.low[at] in ("his", "her", "their", "its") or index.covering(at) >= 0


def _is_modifier(words: Words, name: Name) -> bool:
    """Whether a capitalised word only describes: a demonym, a party, or a title without a name."""
    if not name.place:
        return False
    return name.type == "unknown" and (bool(name.titles) or len(name.key) == 1 or name.key[-1] in MEMBERS)


def _modifies(words: Words, at: int) -> bool:
    """Whether the name that ends at `at` modifies the common noun after it ("the Sol campaign")."""
    if words.possessive[at] or words.gap(at) == "/":
        return True
    if at + 1 >= len(words) or words.gap(at) not in (" ", "\u00a0"):
        return False
    low = words.low[at + 1]
    if low in _VERBS and at + 2 < len(words) and words.low[at + 2] in _OBJECTS and not words.gap(at + 1).strip():
        return False  # "Kestrel Watch advocates a ban", taken one word too long
    if words.capital[at + 1] and low not in ATTACHED and low not in PEOPLE:
        return False
    return low not in _STOPS and low not in _TAIL and low not in FUNCTION


def _breaks(words: Words, at: int) -> bool:
    gap = words.gap(at)
    if not gap.strip():
        return False
    bare = gap.strip(" .'’sS\u00a0")
    return bare not in ("", '"', "“", "”", "‘", "''", "/")


def _apposed_name(words: Words, index: NameIndex, head: int, end: int, last: int) -> int:
    """Returns the name set beside a singular description ("an attorney for the town, Ana Sol,"), or -1."""
    noun = words.low[head]
    if noun == "counsel" and words.low[end + 1 : end + 2] == ["assisting"]:
        return index.covering(end + 2) if end + 2 <= last else -1  # of an inquest: "counsel assisting Ana Sol"
    if (
        noun in UNNAMED
        or noun in DOCUMENTS
        or (noun.endswith("s") and noun not in PEOPLE and noun not in ORGANISATIONS)
    ):
        return -1
    if noun in PEOPLE:
        titled = _name_without_comma(words, index, end, last)
        if titled >= 0:
            return titled
    at = index.next_after(end)
    looked = 0
    while at < len(index.names) and looked < 4 and index.names[at].outer <= last:
        name = index.names[at]
        before = before_description(words, name, end)
        while before > end and words.gap(before) == " " and words.low[before] in PEOPLE and not words.capital[before]:
            before -= 1  # "her partner, deckhand Bo Lee"
        while end < before and before > name.outer - _LONGEST_ROLE and words.gap(before) == " ":
            if not _describes(words, before):
                break
            before -= 1  # "its author, structural engineer Bo Lee"
        if words.possessive[name.last] and name.last < last:
            if words.low[max(0, name.outer - 2) : name.outer] != ["of", "the"]:
                return -1
            at, looked = at + 1, looked + 1  # "the head of the Pensioners' union, Bo Lee"
            continue
        bracket = before == name.outer - 1 and is_bracketed(words, before)
        if not name.place and (bracket or words.gap(before).strip("'’sS )") in (",", "—", "--")) and before >= end:
            between = range(end + 1, name.outer)
            apart = any(words.low[i] == "and" and words.low[i + 1] in ("his", "her", "their") for i in between)
            named = all(words.low[i] not in ("including", "like", "who") for i in between)
            return at if named and not apart else -1
        if name.outer > end + 10:
            break
        at, looked = at + 1, looked + 1
    return -1


def _describes(words: Words, at: int) -> bool:
    """Whether a word may belong to a role without being one: an adjective or noun in lower case."""
    low = words.low[at]
    if low.endswith(("ing", "ed")) and words.capital[at + 1]:
        return False  # "the mayor, praising Ana Sol"
    return not words.capital[at] and not words.possessive[at] and low not in FUNCTION and low not in _STOPS


def _owner_after(words: Words, index: NameIndex, at: int, last: int) -> int:
    """Returns the last word of the name that owns a noun ("the father of jailed activist Ana Sol"), or -1."""
    position = index.next_after(at - 1)
    if position >= len(index.names):
        return -1
    name = index.names[position]
    if name.place or name.last > last or name.outer > at + 5:
        return -1
    free = all(not words.gap(i).strip() for i in range(at, name.outer))
    return name.last if free and not words.possessive[name.last] else -1


def _name_without_comma(words: Words, index: NameIndex, end: int, last: int) -> int:
    """Returns the name that a long title runs into ("President of the province Ana Sol"), or -1.

    In lower case only an office leads to it ("minister of health Bo Lee"), since "father of activist Bo Lee" does not.
    """
    position = index.next_after(end)
    if position >= len(index.names) or words.low[end + 1 : end + 2] != ["of"]:
        return -1
    name = index.names[position]
    if name.type != "person" or name.last > last or name.outer - end > 5 or words.low[name.outer - 1] in _DETERMINERS:
        return -1
    if name.outer == end + 2 and name.first > name.outer + 1:
        return position  # "Superintendent of Police (SSP) Ana Sol": "police" and the rank lead into the name
    office = all(words.low[i] in OFFICES for i in range(end + 2, name.outer))
    if not (words.capital[end] or office) or words.low[name.outer - 1] == "of":
        return -1
    return position if not words.gap(name.outer - 1).strip() else -1


def _has_two_roles(words: Words, index: NameIndex, role: Mention, named: Mention) -> bool:
    """Whether "a lobbyist and party strategist Ana Sol" is one person: the second role has no article of its own."""
    if role.shape != "nominal" or named.shape != "name" or role.owner >= 0:
        return False
    office = words.low[role.head] in OFFICES and words.low[role.head - 1] == "of"
    if not office and words.low[role.head] not in PEOPLE:
        return False
    name = index.names[named.name]
    if role.determiner == "" and named.first == name.outer < name.first:
        return True  # "Founder and CEO Ana Sol"
    return named.first < name.outer and not _opens_phrase(words, index, named.first)


def _is_joint(words: Words, parts: list[Mention]) -> bool:
    """Two groups are one unnamed group; somebody who may have a name must be among the members."""
    if any(part.shape == "nothing" for part in parts):
        return False
    return any(part.shape != "nominal" or _is_one(words, part) or part.owner > part.head for part in parts)


def _is_one(words: Words, part: Mention) -> bool:
    """Whether a nominal means one definite person or institution ("the nominee")."""
    if part.determiner != "the" or is_group(words, part):
        return False
    return words.low[part.head] in PEOPLE


def is_group(words: Words, mention: Mention) -> bool:
    """Whether a nominal is a group or someone unnamed by its very noun ("officials", "police", "some")."""
    low = words.low[mention.head]
    if low in UNNAMED:
        return True
    if low.endswith("s") and low.removesuffix("s") in PEOPLE:
        return True
    if low.endswith("men") and low[:-3] + "man" in PEOPLE:
        return True
    if low in PEOPLE or low in ORGANISATIONS or low in DOCUMENTS or low in ORGANISATION_HEADS:
        return False
    if (low.endswith("s") and low.removesuffix("s") in DEMONYMS) or low.endswith(("percent", "%")):
        return True
    return low.endswith("s") and not low.endswith(("ss", "us", "is"))
