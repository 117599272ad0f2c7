"""Names in running text: runs of capitalised words, with titles cut off and a first guess at their type.

Every name of the article counts, not only those in source mentions: the fullest name often stands in a
sentence that attributes nothing. A run is joined over particles ("de", "bin"), initials and, for
institutions, over "of", "for", "and".

What NOT to do: do not look a word up in a list of known people or bodies. The lists here are word classes
(titles, heads of institutions, words that open sentences); a name is known only from its own article.
"""

from collections import Counter
from dataclasses import dataclass

from claims.extraction.lexicons import load, word_set
from claims.extraction.speakers.tokens import Words
from claims.extraction.values import SpeakerType

CALENDAR = load("calendar")
COMPANIES = load("company_words")
DEMONYMS = load("demonyms")
EITHER = load("first_names_either")
FEMALE = load("first_names_female")
MALE = load("first_names_male")
FIRST_NAMES = MALE | FEMALE | EITHER
ORGANISATION_HEADS = load("organisation_heads")
PARTICLES = load("particles")
PLACES = load("places")
POLICY = load("policy_words")
SENTENCE_WORDS = load("sentence_words")
STATES = load("state_abbreviations")
THINGS = load("thing_heads")
TITLES = load("titles")
UNNAMED = load("unnamed_heads")

SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv", "jnr", "snr"))
COMPANY_SUFFIXES = frozenset(("inc", "llc", "ltd", "plc", "corp", "llp"))
REGNAL = frozenset(("king", "queen", "prince", "princess", "pope", "emperor", "sultan", "emir", "sheikh"))
_OPENERS_OF_NAMES = word_set(
    "new south north west east united national american federal democratic republican social world "
    "international general public supreme central european"
)
_NOT_ACRONYMS = word_set("us uk tv ceo cfo coo gop ii iii iv ok am pm phd mp fm pr hr id pc dvd cd dna eu i a ")
_CONTRACTIONS = ("n't", "'ve", "'m", "'re", "'ll", "'d")
_VERBS = word_set(
    "said says say has have had is was are were will would could can may might also told reported announced found "
    "did does added noted warned called urged confirmed denied declined estimates reports believes wants"
)
_NUMBERS = word_set(
    "twenty thirty forty fifty sixty seventy eighty ninety one two three four five six seven eight nine ten"
)
_OWNED_INSTITUTIONS = word_set("women men people children workers veterans farmers teachers nurses students")
_SMALL = word_set(
    "the and for but nor yet off per via "
    "with from over into amid after through against about between under than that when until upon onto what"
)
_OFFICES = word_set(
    "state defense defence education labor commerce energy treasury transportation agriculture interior"
)
_GLUE = frozenset(("for", "and", "on", "of"))
_MAX_RUN = 9


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
        if not words.capital[index] or words.paragraph[index] in headlines or not _may_open(words, index):
            index += 1
            continue
        last, nickname = _run_end(words, index)
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


def _may_open(words: Words, index: int) -> bool:
    low = words.low[index]
    if ("'" in low and low.endswith(_CONTRACTIONS)) or low.split("-", 1)[0] in _NUMBERS:
        return False
    follows = index + 1 < len(words) and words.capital[index + 1] and words.gap(index).isspace()
    if low in CALENDAR:
        return follows and low in FIRST_NAMES and words.low[index + 1] not in CALENDAR
    if follows is False and low.endswith("s") and words.low[index + 1 : index + 2] and _leads_cause(words, index):
        return True
    if len(low) == 1:
        return words.gap(index).startswith(".") and low != "i"
    if low in SENTENCE_WORDS:
        if low in _OPENERS_OF_NAMES:
            return follows
        if low in TITLES or low in ORGANISATION_HEADS:
            return True
        return (
            not words.first[index]
            and low not in _CLOSED
            and not words.gap(index - 1).rstrip(" ").endswith((":", "“", '"', "‘", "''", "—", "--"))
        )
    return True


_CLOSED = word_set(
    "the a an i he she it they we you this that these those in on at by for from of to and or but if as is are was "
    "were be what when where who why how his her its their our my your not no yes all any both amid after before "
    "while during since until although though because despite under over between among around about into with without "
    "upon via per than then there here also so yet nor has have had do does did will would should could if such "
    "some many most more every each another other him them us me whether which whose"
)


def _leads_cause(words: Words, index: int) -> bool:
    """Whether a plural opens the name of a group: "Citizens for Clean Rivers"."""
    if index + 2 >= len(words) or words.low[index + 1] not in ("for", "without", "against"):
        return False
    return words.capital[index + 2] and words.gap(index) == words.gap(index + 1) == " "


def _joins(words: Words, index: int) -> bool:
    """Whether word `index` and the next stand together as two words of a name do."""
    if words.possessive[index] or words.paragraph[index] != words.paragraph[index + 1]:
        return words.possessive[index] and words.low[index] in _OWNED_INSTITUTIONS
    gap = words.gap(index)
    if gap == " " or gap in ("\u00a0", "\n", "  "):
        return True
    if gap[:1] == "." and gap[1:].isspace() and len(gap) <= 3:
        low = words.low[index]
        return len(low) == 1 or low in TITLES or low in ("st", "ste", "mt", "ft", "jr", "sr")
    return gap == ", " and words.low[index + 1] in SUFFIXES | COMPANY_SUFFIXES


def _is_nickname(words: Words, index: int) -> bool:
    """Whether the word after `index` is a nickname set apart inside a name: Robert "Bobby" Scott."""
    if index + 2 >= len(words) or not (words.capital[index + 1] and words.capital[index + 2]):
        return False
    before, after = words.gap(index).lstrip("."), words.gap(index + 1)
    return len(before) <= 3 and len(after) <= 3 and (before.strip(), after.strip()) in _NICKNAME_MARKS


_NICKNAME_MARKS = frozenset((("“", "”"), ('"', '"'), ("‘", "’"), ("'", "'"), ("''", "''"), ("(", ")")))


def _run_end(words: Words, start: int) -> tuple[int, int]:
    end, total, nickname = start, len(words), -1
    while end + 1 < total and end - start < _MAX_RUN:
        if nickname < 0 and _is_nickname(words, end):
            nickname, end = end + 1, end + 2
            continue
        if not _joins(words, end):
            break
        following = end + 1
        if words.capital[following]:
            if not _may_continue(words, start, following):
                break
            end = following
            continue
        target = _over_connector(words, start, end)
        if target == end:
            break
        end = target
    return end, nickname


def _may_continue(words: Words, start: int, index: int) -> bool:
    low = words.low[index]
    if low in CALENDAR:
        return low in ("may", "august", "march", "june", "april") and words.low[index - 1] in FIRST_NAMES
    if low in _CLOSED or ("'" in low and low.endswith(_CONTRACTIONS)):
        return False
    if words.raw[index][0] == "@":
        return False
    return not (words.first[index] and words.gap(index - 1).startswith(".") and low in SENTENCE_WORDS and index > start)


def _over_connector(words: Words, start: int, end: int) -> int:
    """Returns the index of a capitalised word that a particle or connector ties to the run, or `end`."""
    total = len(words)
    low = words.low[end + 1]
    after = end + 2
    if low in PARTICLES:
        while after < total and after <= end + 4 and words.low[after] in PARTICLES and not words.capital[after]:
            after += 1
        tied = after < total and words.capital[after] and all(_joins(words, i) for i in range(end + 1, after))
        return after if tied and words.low[after] not in CALENDAR else end
    if low not in ("of", "for", "on", "and", "the", "to", "without", "against"):
        return end
    if after < total and words.low[after] == "the" and low in ("of", "for", "on"):
        after += 1
    if after >= total or not words.capital[after] or not all(_joins(words, i) for i in range(end + 1, after)):
        return end
    if words.low[after] in CALENDAR:
        return end
    run = words.low[start : end + 1]
    if low == "and":
        return after if _and_is_inside(words, start, end, after) else end
    if any(word in ORGANISATION_HEADS for word in run) and not _is_person_like(run):
        return after
    if low == "of" and run[-1] in TITLES and words.capital[end]:
        return after if run[-1] in ("secretary", "undersecretary") or _name_comes(words, after) else end
    plural = len(run) == 1 and run[0].endswith("s") and run[0] not in PLACES and low in ("for", "without", "against")
    return after if plural else end


def _name_comes(words: Words, at: int) -> bool:
    """Whether the office after "Director of" runs into a person's name: "... Public Affairs Ann Lee"."""
    stop = at
    while stop + 1 < len(words) and stop - at < 4 and words.capital[stop + 1] and _joins(words, stop):
        stop += 1
        if words.low[stop] in FIRST_NAMES and stop + 1 < len(words) and words.capital[stop + 1] and _joins(words, stop):
            return True
    return False


def _and_is_inside(words: Words, start: int, end: int, after: int) -> bool:
    """Whether "and" stands inside one institution's name rather than between two names."""
    left = words.low[start : end + 1]
    stop = after
    while stop + 1 < len(words) and stop - after < 4 and words.capital[stop + 1] and _joins(words, stop):
        stop += 1
    right = words.low[after : stop + 1]
    if _is_person_like(left) or right[0] in FIRST_NAMES:
        return False
    right_head = any(word in ORGANISATION_HEADS for word in right)
    if any(word in ORGANISATION_HEADS for word in left):
        return right[0] in POLICY and left[-1] not in ORGANISATION_HEADS and (not right_head or left[-1] in POLICY)
    return right_head and (left[-1] in POLICY or right[0] in POLICY) and len(left) <= 4


def _is_person_like(run: list[str]) -> bool:
    return run[0] in FIRST_NAMES and len(run) > 1 and run[-1] not in ORGANISATION_HEADS


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
