"""Names in running text: runs of capitalised words, with titles cut off and a first guess at their type.

Every name of the article counts, not only those in source mentions: the fullest name often stands in a
sentence that attributes nothing. A run is joined over particles ("de", "bin"), initials and, for
institutions, over "of", "for", "and".

What NOT to do: do not look a word up in a list of known people or bodies. The lists here are word classes
(titles, heads of institutions, words that open sentences); a name is known only from its own article.
"""

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

from claims.extraction.lexicons import load, word_set
from claims.extraction.speakers.checks import checked
from claims.extraction.speakers.name import Name, stands_alone
from claims.extraction.speakers.runs import may_open, run_end
from claims.extraction.speakers.tokens import Words, key_word
from claims.extraction.speakers.vocabulary import (
    CABINETS,
    COMPANIES,
    COMPANY_SUFFIXES,
    DEMONYMS,
    FIRST_NAMES,
    MEMBERS,
    MINISTERS,
    NATIONALS,
    OFFICES,
    ORGANISATION_HEADS,
    PARTICLES,
    PLACES,
    REGNAL,
    STATES,
    SUFFIXES,
    THINGS,
    TITLES,
)
from claims.extraction.values import SpeakerType

_ROLES = load("role_nouns") | load("kin_either")
_NOT_ACRONYMS = word_set("us uk tv ceo cfo coo gop ii iii iv ok am pm phd mp fm pr hr id pc dvd cd dna eu i a ")
_RANKS = word_set("sho di dci dsi dsp acp dcp ssp asi asp msp mla mlc dig igp aig")
"""Titles that are written in capitals."""
_LETTERS = word_set("sp ig dc vc md")
"""The same, where what follows may as well be a name that begins with these letters."""
_NEAR = 800  # words on either side in which a surname is looked for
_HONORIFICS = word_set("mr mrs ms miss dr prof professor hon")
_CALLING_ENDS = ("er", "or", "ist", "woman")
_SHORTEST_CALLING = 6
_FIRMS = word_set(
    "airline brewer broadcaster builder carmaker charity chipmaker developer insurer landlord lender manufacturer "
    "regulator retailer startup start-up watchdog"
)
_BODIES = word_set("group firm company charity band union club party nonprofit collective start-up startup campaign")
"""Nouns whose name stands right behind them ("consumer group Fair Bill")."""
_INSTITUTIONS = word_set(
    "hospital university college school academy airport institute ministry committee commission council museum "
    "federation"
)
"""Last words that no person's name has ("Grace Hospital")."""
_HONOURS = word_set("KC QC SC MP MEP MSP MLA TD MD PhD OBE MBE CBE FRS RN SJ")
_SMALL = word_set(
    "the and for but nor yet off per via "
    "with from over into amid after through against about between under than that when until upon onto what"
)
_GLUE = frozenset(("for", "and", "on", "of"))
_INSIDE_BODIES = word_set("of for and & the on against without")


def find_names(words: Words) -> list[Name]:
    """Returns the names of a text in text order, not overlapping; linear in the number of words."""
    lines = _lines(words)
    headlines = _headlines(words, lines)
    common = {low for low, capital in zip(words.low, words.capital, strict=True) if not capital}
    names: list[Name] = []
    index, total = 0, len(words)
    while index < total:
        if not words.capital[index] or lines[index] in headlines or not may_open(words, index):
            index += 1
            continue
        last, nickname = run_end(words, index)
        names.append(_name_of_run(words, index, _without_honours(words, index, last), nickname))
        index = last + 1
    surnames = {name.key[0] for name in names if len(name.key) == 1}
    titled = [at for at in range(total) if lines[at] in headlines and words.capital[at]] if headlines else []
    found = [name for at in titled if words.low[at] not in common for name in _name_in_headline(words, at, surnames)]
    return checked(words, sorted([*names, *found], key=lambda name: name.first) if found else names, common)


def _without_honours(words: Words, start: int, last: int) -> int:
    """Returns the last word of a run without the letters behind a person's name ("Ana Sol KC")."""
    while last > start + 1 and words.raw[last] in _HONOURS:
        last -= 1
    return last


def _name_in_headline(words: Words, at: int, surnames: set[str]) -> list[Name]:
    """Reads a first name with a surname that the text goes on with ("Ann Marlow Wins", then "Marlow"); at most one."""
    if words.low[at] not in FIRST_NAMES or words.possessive[at] or at + 1 >= len(words) or words.gap(at) != " ":
        return []
    if words.low[at + 1] not in surnames or words.low[at + 1] in FIRST_NAMES or not words.capital[at + 1]:
        return []
    return [Name(at, at + 1, at, _key(words.low[at : at + 2]), (), "person")]


def _lines(words: Words) -> list[int]:
    """Returns the number of the line of each word."""
    text = words.text
    numbers: list[int] = []
    line, end = 0, text.find("\n")
    for start in words.start:
        while 0 <= end < start:
            line, end = line + 1, text.find("\n", end + 1)
        numbers.append(line)
    return numbers


def _headlines(words: Words, lines: list[int]) -> frozenset[int]:
    """Returns the lines in title case or capitals, where case says nothing about names.

    A line inside a longer paragraph must have one word more to show it, since lines of wrapped text are short.
    """
    total = len(words)
    found = []
    first = 0
    while first < total:
        stop = bisect_right(lines, lines[first], first)
        counted = _count_titled(words, first, stop)
        before = first > 0 and words.paragraph[first - 1] == words.paragraph[first]
        after = stop < total and words.paragraph[stop] == words.paragraph[stop - 1]
        if counted > 4 or (counted == 4 and not (before or after)):
            found.append(lines[first])
        first = stop
    return frozenset(found)


def _count_titled(words: Words, first: int, stop: int) -> int:
    """Returns how many words of weight a line has if nearly all are capitalised, else 0."""
    most = int(0.08 * (stop - first))
    count = lower = 0
    for low, capital in zip(words.low[first:stop], words.capital[first:stop], strict=True):
        if len(low) > 2 and low not in _SMALL:
            count += 1
            if not capital:
                lower += 1
                if lower > most:
                    return 0
    return count if lower <= 0.08 * count else 0


def _name_of_run(words: Words, start: int, last: int, nickname: int) -> Name:
    lows = words.low[start : last + 1]
    # A particle in lower case is no title: "del" is a delegate only as "Del."
    titled = ["" if low in TITLES and not _is_title(words, start + i) else low for i, low in enumerate(lows)]
    first = start + _prefix_length(tuple(titled))
    outer = start
    if lows[0] in OFFICES and _follows_office(words, start) and last > start:
        first, outer = max(first, start + 1), start - 2
    if first == start and words.first[start] and len(lows) > 2 and lows[0] in _ROLES and _is_somebody(lows[1:]):
        first = start + 1  # "Stewardess Ana Sol": a role that is capitalised only because it opens the sentence
    if first == start and words.first[start] and len(lows) > 2 and _is_calling(lows[0]) and lows[1] in FIRST_NAMES:
        first = start + 1  # "Ropemaker Ana Sol"
    if first == start and words.first[start] and lows[0] in _FIRMS and last > start:
        first = start + 1  # "Airline Kestrel"
    if first > last:
        return Name(start, last, start, _key(lows), tuple(lows), "unknown", place=True)
    inner = [words.low[i] for i in range(first, last + 1) if i != nickname]
    titles = tuple(words.low[outer:first])
    key = _key(inner)
    kind, place = _type_of(words, first, last, key, titles)
    return Name(first, last, outer, key, titles, kind, place, nickname)


def _is_calling(low: str) -> bool:
    """Whether a word looks like what somebody does, whatever it is."""
    if "-turned-" in low:
        return True
    return low.endswith(_CALLING_ENDS) and len(low) >= _SHORTEST_CALLING and low not in FIRST_NAMES


def _is_title(words: Words, at: int) -> bool:
    """Whether a title's word stands as one: "DI Marr" and "Di Marr" differ."""
    low = words.low[at]
    if low in _LETTERS and words.capital[at + 1 : at + 3] == [True, False]:
        return False  # "DC Comics"
    return words.raw[at].isupper() if low in _RANKS or low in _LETTERS else words.capital[at]


def _is_somebody(lows: list[str]) -> bool:
    """Whether the words behind a role are a person's name: by the first name, or for want of any word of a body's."""
    last = lows[-1]
    return lows[0] in FIRST_NAMES or not (last in ORGANISATION_HEADS or last in COMPANIES or last in THINGS)


def _follows_office(words: Words, start: int) -> bool:
    """Whether "secretary of" in lower case stands before "State Ann Lee"."""
    return (
        start > 1 and words.low[start - 1] == "of" and words.low[start - 2] in ("secretary", "minister", "department")
    )


def _key(lows: list[str]) -> tuple[str, ...]:
    return tuple(map(key_word, lows))


@lru_cache(maxsize=4096)
def _prefix_length(lows: tuple[str, ...]) -> int:
    """Returns how many words before the name proper are titles, roles and parties; all if no name is left."""
    size = len(lows)
    for at in range(size - 2, max(0, size - 4), -1):
        if lows[at] not in FIRST_NAMES or lows[at - 1] in PARTICLES:
            continue
        if lows[-1] not in ORGANISATION_HEADS and not TITLES.isdisjoint(lows[:at]):
            return at if lows[at - 1] not in FIRST_NAMES or lows[at - 1] in TITLES else at - 1
    for at in range(2, size - 1):
        if lows[at] in _HONORIFICS and not TITLES.isdisjoint(lows[:at]) and "for" in lows[:at]:
            return at + 1  # "Cabinet Secretary for Health Dr Ana Sol"
    for at in range(size - 5):
        if lows[at : at + 4] == ("minister", "of", "state", "for"):
            return at + 5  # "Minister of State for Home Ana Sol"
    if lows[0] == "state" and size > 2 and lows[1] in FIRST_NAMES:
        return 1
    if "for" in lows[1:-1] and lows[0] not in TITLES:
        return 0
    office = next((at for at, low in enumerate(lows[:-1]) if low in MINISTERS), 0)
    if "and" in lows[:office] and lows[office + 1] not in _GLUE:
        return office + 1
    if _GLUE & set(lows) and not ORGANISATION_HEADS.isdisjoint(lows) and (lows[0] not in TITLES or lows[1] in _GLUE):
        return 0
    has_head = lows[-1] in ORGANISATION_HEADS or lows[-1] in THINGS
    if has_head and not (lows[0] in TITLES and len(lows) > 1 and lows[1] in FIRST_NAMES):
        return 0
    cut = 0
    for position in range(size):
        surname = position == size - 1 and position and (lows[position - 1] in FIRST_NAMES or lows[position] == "sen")
        if lows[position] in TITLES and not surname:
            cut = position + 1
            if lows[position] in ("secretary", "undersecretary") and lows[position + 1 : position + 2] == ("of",):
                cut = min(size, position + 3)
    while cut < size - 1 and (lows[cut] in DEMONYMS or lows[cut] in ("former", "ex", "late", "acting", "then")):
        if cut == 0 and not _name_follows(lows, cut + 1):
            break
        cut += 1
    if cut == 0 and size == 1 and lows[0] in DEMONYMS:
        return 0
    if cut < size and all(low in SUFFIXES for low in lows[cut:]):
        return 0
    if 0 < cut < size and lows[cut] in ("of", "for", "and", "on", "the"):
        return 0
    if cut == size and cut > 1 and lows[-1] in TITLES and lows[-2] in FIRST_NAMES:
        return 0
    if 0 < cut < size and cut + 1 == size and lows[cut - 1] in REGNAL:
        return cut - 1
    return cut


def _name_follows(lows: Sequence[str], at: int) -> bool:
    """Whether a demonym or party before position `at` describes a person ("Republican Ann Lee")."""
    while at < len(lows) - 1 and lows[at] in DEMONYMS:
        at += 1
    return lows[at] in FIRST_NAMES or (lows[at - 1] in _PARTIES and len(lows) - at >= 2)


_PEOPLES = ("ists", "ials", "ians", "ites", "crats", "icans")
_PARTIES = word_set("republican democrat conservative liberal libertarian socialist tory")


def _type_of(
    words: Words, first: int, last: int, key: tuple[str, ...], titles: tuple[str, ...]
) -> tuple[SpeakerType, bool]:
    if " & " in words.text[words.start[first] : words.end[last]] or any(words.possessive[first:last]):
        return "organisation", False
    if first > 0 and not titles and first != last and words.gap(first - 1) == " " and words.low[first - 1] in _BODIES:
        return "organisation", False
    if len(key) == 1 and key[0] in NATIONALS and first > 0 and words.low[first - 1] in ("a", "an", "the"):
        return "unknown", True  # "Ana Sol, a Swede"
    after_the = first > 0 and words.low[first - 1] == "the" and not titles and not _leads_cabinet(words, first, last)
    return _type_of_words(words.raw[first], key, titles, article=after_the and stands_alone(words, last))


def _leads_cabinet(words: Words, first: int, last: int) -> bool:
    """Whether "the Bijoy Sarkar government" is somebody's: the surname stands elsewhere as people's do."""
    if last != first + 1 or words.low[last + 1 : last + 2] not in CABINETS:
        return False
    near = range(max(1, first - _NEAR), min(len(words), last + _NEAR))
    alone = (at for at in near if words.low[at] == words.low[last] and words.capital[at] and at != last)
    return any(words.low[at - 1] not in ("the", words.low[first]) for at in alone)


@lru_cache(maxsize=8192)
def _type_of_words(
    raw: str, key: tuple[str, ...], titles: tuple[str, ...], *, article: bool
) -> tuple[SpeakerType, bool]:
    """Returns type and whether it is a place of a name with these words; `article` for "the" before it alone."""
    if raw[0] == "@":
        return "person", False
    joined = " ".join(key)
    if all(word in DEMONYMS for word in key):
        return "unknown", True
    if len(key) > 1 and key[-1] in MEMBERS and " ".join(key[:-1]) in PLACES:
        return "unknown", True
    if joined in PLACES or all(word in PLACES or word in DEMONYMS for word in key):
        return "organisation", True
    if len(key) == 1 and raw.endswith(_PEOPLES):
        return "unknown", True
    if len(key) == 1 and raw[-1] == "s" and raw[:-1].isupper() and len(raw) > 2:
        return "unknown", True
    if len(key) == 1 and (key[0] in DEMONYMS or key[0].removesuffix("s") in DEMONYMS):
        return "unknown", True
    if key[0] in STATES or (len(key[0]) > 2 and key[0][1] == "-" and key[0][0] in "drl" and len(key) <= 2):
        return "organisation", True
    has_head = any(word in ORGANISATION_HEADS for word in key)
    if titles and titles[-1] in TITLES and key[-1] not in ORGANISATION_HEADS:
        return "person", False
    if len(key) > 1 and key[-1] in _INSTITUTIONS:
        return "organisation", False
    if key[0] in FIRST_NAMES and len(key) > 1 and not article and not (has_head and len(key) > 2):
        return "person", False
    if any(word in SUFFIXES for word in key[1:]):
        return "person", False
    if key[-1] in THINGS and len(key) > 1:
        return "unknown", True
    if has_head:
        return "organisation", False
    if any(word in _INSIDE_BODIES for word in key) or key[-1] in COMPANY_SUFFIXES:
        return "organisation", False
    if len(key) > 1 and key[-1] in COMPANIES and key[0] not in FIRST_NAMES:
        return "organisation", False
    if len(key) == 1 and _is_acronym(raw):
        return "organisation", False
    if article:
        return "organisation", False
    if len(key) > 1 and any(len(word) == 1 for word in key):
        return "person", False
    return "unknown", False


def _is_acronym(raw: str) -> bool:
    bare = raw.replace(".", "")
    return 2 <= len(bare) <= 8 and bare.isupper() and bare.lower() not in _NOT_ACRONYMS
