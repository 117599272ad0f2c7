"""Names in running text: runs of capitalised words, with titles cut off and a first guess at their type.

Every name of the article counts, not only those in source mentions: the fullest name often stands in a
sentence that attributes nothing. A run is joined over particles ("de", "bin"), initials and, for
institutions, over "of", "for", "and".

What NOT to do: do not look a word up in a list of known people or bodies. The lists here are word classes
(titles, heads of institutions, words that open sentences); a name is known only from its own article.
"""

from collections import Counter
from dataclasses import dataclass

from claims.extraction.lexicons import word_set
from claims.extraction.speakers.runs import may_open, run_end
from claims.extraction.speakers.tokens import Words
from claims.extraction.speakers.vocabulary import (
    COMPANIES,
    COMPANY_SUFFIXES,
    DEMONYMS,
    FIRST_NAMES,
    ORGANISATION_HEADS,
    PLACES,
    REGNAL,
    SENTENCE_WORDS,
    STATES,
    SUFFIXES,
    THINGS,
    TITLES,
    UNNAMED,
)
from claims.extraction.values import SpeakerType

_NOT_ACRONYMS = word_set("us uk tv ceo cfo coo gop ii iii iv ok am pm phd mp fm pr hr id pc dvd cd dna eu i a ")
_VERBS = word_set(
    "said says say has have had is was are were will would could can may might also told reported announced found "
    "did does added noted warned called urged confirmed denied declined estimates reports believes wants"
)
_SMALL = word_set(
    "the and for but nor yet off per via "
    "with from over into amid after through against about between under than that when until upon onto what"
)
_OFFICES = word_set(
    "state defense defence education labor commerce energy treasury transportation agriculture interior"
)
_GLUE = frozenset(("for", "and", "on", "of"))


@dataclass(slots=True)
class Name:
    """One place where the text names someone or something.

    Attributes:
        first, last: Index of the first and last word of the name proper, titles left out, both inclusive.
        outer: Index of the first word with titles and capitalised role words ("White House Press Secretary").
        key: The name's words folded for comparison; "j." and "j" are the same.
        titles: The lower-cased words between `outer` and `first`.
        type: `person`, `organisation`, or `unknown` for a run without evidence either way.
        place: Whether the words are a place, a people or a thing: no speaker by itself.
    nickname: Index of a nickname in quotation marks inside the name, which the key leaves out; else -1.
    """

    first: int
    last: int
    outer: int
    key: tuple[str, ...]
    titles: tuple[str, ...]
    type: SpeakerType
    place: bool = False
    nickname: int = -1


def find_names(words: Words) -> list[Name]:
    """Returns the names of a text in text order, not overlapping; linear in the number of words."""
    headlines = _headline_paragraphs(words)
    common = {low for low, capital in zip(words.low, words.capital, strict=True) if not capital}
    names: list[Name] = []
    index, total = 0, len(words)
    while index < total:
        if not words.capital[index] or words.paragraph[index] in headlines or not may_open(words, index):
            index += 1
            continue
        last, nickname = run_end(words, index)
        names.append(_name_of_run(words, index, last, nickname))
        index = last + 1
    return _confirmed(words, names, common)


def _headline_paragraphs(words: Words) -> frozenset[int]:
    """Returns the paragraphs in title case or capitals, where case says nothing about names."""
    counts: Counter[int] = Counter()
    capitals: Counter[int] = Counter()
    for number, low, capital in zip(words.paragraph, words.low, words.capital, strict=True):
        if len(low) > 2 and low not in _SMALL:
            counts[number] += 1
            capitals[number] += capital
    return frozenset(number for number, n in counts.items() if n >= 4 and n - capitals[number] <= 0.08 * n)


def _name_of_run(words: Words, start: int, last: int, nickname: int) -> Name:
    lows = words.low[start : last + 1]
    # A particle in lower case is no title: "del" is a delegate only as "Del."
    titled = ["" if low in TITLES and not words.capital[start + i] else low for i, low in enumerate(lows)]
    first = start + _prefix_length(titled)
    outer = start
    if lows[0] in _OFFICES and _follows_office(words, start) and last > start:
        first, outer = max(first, start + 1), start - 2
    if first > last:
        return Name(start, last, start, _key(lows), tuple(lows), "unknown", place=True)
    inner = [words.low[i] for i in range(first, last + 1) if i != nickname]
    titles = tuple(words.low[outer:first])
    key = _key(inner)
    kind, place = _type_of(words, first, last, key, titles)
    return Name(first, last, outer, key, titles, kind, place, nickname)


def _follows_office(words: Words, start: int) -> bool:
    """Whether "secretary of" in lower case stands before "State Ann Lee"."""
    return (
        start > 1 and words.low[start - 1] == "of" and words.low[start - 2] in ("secretary", "minister", "department")
    )


def _key(lows: list[str]) -> tuple[str, ...]:
    return tuple(low.replace(".", "") for low in lows)


def _prefix_length(lows: list[str]) -> int:
    """Returns how many words before the name proper are titles, roles and parties; all if no name is left."""
    size = len(lows)
    for at in range(size - 2, max(0, size - 4), -1):
        if lows[at] in FIRST_NAMES and lows[-1] not in ORGANISATION_HEADS and not TITLES.isdisjoint(lows[:at]):
            return at if lows[at - 1] not in FIRST_NAMES else at - 1
    if lows[0] == "state" and size > 2 and lows[1] in FIRST_NAMES:
        return 1
    if "for" in lows[1:-1] and lows[0] not in TITLES:
        return 0
    if _GLUE & set(lows) and not ORGANISATION_HEADS.isdisjoint(lows) and (lows[0] not in TITLES or lows[1] in _GLUE):
        return 0
    has_head = lows[-1] in ORGANISATION_HEADS or lows[-1] in THINGS
    if has_head and not (lows[0] in TITLES and len(lows) > 1 and lows[1] in FIRST_NAMES):
        return 0
    cut = 0
    for position in range(size):
        if lows[position] in TITLES and not (position and lows[position - 1] in FIRST_NAMES and position == size - 1):
            cut = position + 1
            if lows[position] in ("secretary", "undersecretary") and lows[position + 1 : position + 2] == ["of"]:
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


def _name_follows(lows: list[str], at: int) -> bool:
    """Whether a demonym or party before position `at` describes a person ("Republican Ann Lee")."""
    while at < len(lows) - 1 and lows[at] in DEMONYMS:
        at += 1
    return lows[at] in FIRST_NAMES or (lows[at - 1] in _PARTIES and len(lows) - at >= 2)


_PEOPLES = ("ists", "ials", "ians", "ites", "crats", "icans")
_PARTIES = word_set("republican democrat conservative liberal libertarian socialist tory")


def _type_of(
    words: Words, first: int, last: int, key: tuple[str, ...], titles: tuple[str, ...]
) -> tuple[SpeakerType, bool]:
    raw = words.raw[first]
    if raw[0] == "@":
        return "person", False
    joined = " ".join(key)
    if all(word in DEMONYMS for word in key):
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
    article = first > 0 and words.low[first - 1] == "the" and not titles and _stands_alone(words, last)
    if titles and titles[-1] in TITLES and key[-1] not in ORGANISATION_HEADS:
        return "person", False
    if key[0] in FIRST_NAMES and len(key) > 1 and not article and not (has_head and len(key) > 2):
        return "person", False
    if any(word in SUFFIXES for word in key[1:]):
        return "person", False
    if key[-1] in THINGS and len(key) > 1:
        return "unknown", True
    if has_head:
        return "organisation", False
    if any(word in ("of", "for", "and", "&", "the", "on") for word in key) or key[-1] in COMPANY_SUFFIXES:
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


def _stands_alone(words: Words, last: int) -> bool:
    """Whether no common noun follows that the name only modifies ("the Smith campaign")."""
    if last + 1 >= len(words) or not words.gap(last).isspace() or words.possessive[last]:
        return True
    return words.low[last + 1] in _VERBS or words.low[last + 1] in SENTENCE_WORDS


def _is_acronym(raw: str) -> bool:
    bare = raw.replace(".", "")
    return 2 <= len(bare) <= 8 and bare.isupper() and bare.lower() not in _NOT_ACRONYMS


def _confirmed(words: Words, names: list[Name], common: set[str]) -> list[Name]:
    """Drops single words that are capitalised only because they open a sentence."""
    inside = Counter(word for name in names for word in name.key if len(name.key) > 1)
    sure = Counter(name.key[0] for name in names if len(name.key) == 1 and not words.first[name.first])
    keys = {name.key for name in names}
    times = Counter(name.key for name in names)
    inner = Counter(
        low for low, first, up in zip(words.low, words.first, words.capital, strict=True) if up and not first
    )
    kept = []
    for name in names:
        rest = name.key[1:]
        by_chance = name.key[0] in common or (len(rest) > 1 and not inner[name.key[0]] and times[name.key] == 1)
        if words.first[name.first] and rest in keys and by_chance and name.key[0] not in FIRST_NAMES:
            name.first = name.outer = name.first + 1
            name.key = name.key[1:]
        if len(name.key) == 1 and words.first[name.first] and not name.titles and not name.place:
            word = name.key[0]
            if word in common and not inside[word] and not sure[word]:
                continue
            adverb = word.endswith("ly") and word not in FIRST_NAMES and not sure[word] and not inside[word]
            if word in UNNAMED or adverb:
                continue
        kept.append(name)
    return kept
