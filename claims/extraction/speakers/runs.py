"""Runs of capitalised words: where a name begins in running text and how far it goes.

A run is joined over particles ("de", "bin"), initials, a nickname in quotation marks and, for institutions,
over "of", "for", "and". Whether "and" stands inside one name or between two is decided by the words around
it, never by a list of known institutions. Every look-ahead is bounded.
"""

from claims.extraction.lexicons import load, word_set
from claims.extraction.speakers.tokens import Words
from claims.extraction.speakers.vocabulary import (
    CALENDAR,
    COMPANY_SUFFIXES,
    FIRST_NAMES,
    MINISTERS,
    ORGANISATION_HEADS,
    PARTICLES,
    PLACES,
    POLICY,
    SENTENCE_WORDS,
    SUFFIXES,
    TITLES,
)

_OPENERS_OF_NAMES = word_set(
    "new south north west east united national american federal democratic republican social world "
    "international general public supreme central european"
)
_CONTRACTIONS = ("n't", "'ve", "'m", "'re", "'ll", "'d")
_NUMBERS = word_set(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
)
_OWNED_INSTITUTIONS = word_set("women men people children workers veterans farmers teachers nurses students")
_CALLINGS = load("role_nouns") | load("organisation_nouns")
_OFFICES = word_set("office department bureau")
_SPEAK_FOR = word_set(
    "lawyers attorneys solicitors barristers spokespeople spokespersons representatives prosecutors agents"
)
_MEMBERSHIPS = word_set("alliance association brotherhood federation guild league society union")
_MAX_RUN = 9
_MOST_INITIALS = 3
_SHORTEST_SURNAME = 3
_UNTOLD = word_set("of for the and")  # words without a letter in an acronym
_SURNAMES_TOO = word_set("were more so do an may best")  # "Zablon Were"
_NUMBERED = word_set("forum channel radio formula")  # "Forum 21"
_CURRENCIES = ("$", "£", "€")  # "the Harbour Group for NZ$2 million"


def may_open(words: Words, index: int) -> bool:
    """Tells whether a name may begin at a capitalised word."""
    low = words.low[index]
    if words.raw[index] == "WHO":
        return True
    if "'" in low and low.endswith(_CONTRACTIONS):
        return False
    if low.split("-", 1)[0] in _NUMBERS:
        return _counts_in_name(words, index)
    follows = index + 1 < len(words) and words.capital[index + 1] and words.gap(index).isspace()
    if low == "will" and follows and not words.first[index] and words.low[index + 1] not in _CLOSED:
        return True  # "Gardener Will Ashe"
    if low in CALENDAR:
        return follows and low in FIRST_NAMES and words.low[index + 1] not in CALENDAR
    if follows is False and low.endswith("s") and words.low[index + 1 : index + 2] and _leads_cause(words, index):
        return True
    if len(low) == 1:
        return low != "i" and (words.gap(index).startswith(".") or _is_initial(words, index))
    if low in SENTENCE_WORDS:
        if low in _OPENERS_OF_NAMES:
            return follows
        if low in TITLES or low in ORGANISATION_HEADS:
            return True
        if low in POLICY and follows and words.low[index + 1] in MINISTERS:
            return True  # "Health Secretary Ana Sol"
        return (
            not words.first[index]
            and low not in _CLOSED
            and not words.gap(index - 1).rstrip(" ").endswith((":", "“", '"', "‘", "''", "—", "--"))
        )
    return True


def _counts_in_name(words: Words, index: int) -> bool:
    """Whether a number opens an institution's name: "the Two Rivers League", "Three Rivers Trust"; not "Two Swedes"."""
    at = index
    while at + 1 < len(words) and at - index < _MOST_INITIALS and words.capital[at + 1] and words.gap(at) == " ":
        at += 1
        if words.low[at] in ORGANISATION_HEADS and at > index + 1:
            return True
    return False


def _is_initial(words: Words, index: int) -> bool:
    """Whether a capital without a stop is an initial: "K Selvan", "B P Roy"; not "a", nor the end of "Plan B"."""
    after = index + 1
    while after < len(words) and after - index < _MOST_INITIALS and len(words.low[after]) == 1 and words.capital[after]:
        after += 1
    if words.low[index] in ("a", "o") or after >= len(words) or len(words.low[after]) < _SHORTEST_SURNAME:
        return False
    joined = all(words.gap(at) == " " for at in range(index, after))
    before = index > 0 and words.capital[index - 1] and words.low[index - 1] not in TITLES and not words.first[index]
    return joined and not before and words.capital[after] and words.low[after] not in SENTENCE_WORDS | CALENDAR


_CLOSED = word_set(
    "the a an i he she it they we you this that these those in on at by for from of to and or but if as is are was "
    "were be what when where who why how his her its their our my your not no yes all any both amid after before "
    "while during since until although though because despite under over between among around about into with without "
    "upon via per than then there here also so yet nor has have had do does did will would should could if such "
    "some many most more every each another other him them us me whether which whose"
)


def _leads_cause(words: Words, index: int) -> bool:
    """Whether a plural opens the name of a group: "Citizens for Clean Rivers"; not "Strategists for Ana Sol"."""
    if index + 2 >= len(words) or words.low[index + 1] not in ("for", "without", "against"):
        return False
    someone = words.low[index + 2] in FIRST_NAMES and words.capital[index + 3 : index + 4] == [True]
    someone |= words.low[index] in _SPEAK_FOR
    return words.capital[index + 2] and words.gap(index) == words.gap(index + 1) == " " and not someone


def _joins(words: Words, index: int) -> bool:
    """Whether word `index` and the next stand together as two words of a name do."""
    if words.possessive[index] or words.paragraph[index] != words.paragraph[index + 1]:
        return words.possessive[index] and _owns_institution(words, index)
    gap = words.gap(index)
    if gap == " " or gap in ("\u00a0", "\n", "  "):
        return True
    if gap[:1] == "." and gap[1:].isspace() and len(gap) <= 3:
        low = words.low[index]
        return len(low) == 1 or low in TITLES or low in ("st", "ste", "mt", "ft", "jr", "sr")
    if gap == " & ":
        return True
    return gap == ", " and words.low[index + 1] in SUFFIXES | COMPANY_SUFFIXES


def _owns_institution(words: Words, index: int) -> bool:
    """Whether a possessive stands inside a name: "the Women's League", "the Toy Makers' Alliance"."""
    low = words.low[index]
    calling = low.endswith("men") and low[:-3] + "man" in _CALLINGS
    calling |= low.endswith("s") and (low[:-1] in _CALLINGS or (low.endswith("ers") and low not in FIRST_NAMES))
    if words.low[index + 1] in _OFFICES and low in _CALLINGS:
        return words.capital[index] and words.capital[index + 1]  # "Lake County Sheriff's Office"
    return low in _OWNED_INSTITUTIONS or (calling and words.low[index + 1] in ORGANISATION_HEADS)


def _is_nickname(words: Words, index: int) -> bool:
    """Whether the word after `index` is a nickname set apart inside a name: Robert "Bobby" Scott."""
    if index + 2 >= len(words) or not (words.capital[index + 1] and words.capital[index + 2]):
        return False
    before, after = words.gap(index).lstrip("."), words.gap(index + 1)
    return len(before) <= 3 and len(after) <= 3 and (before.strip(), after.strip()) in _NICKNAME_MARKS


_NICKNAME_MARKS = frozenset((("“", "”"), ('"', '"'), ("‘", "’"), ("'", "'"), ("''", "''"), ("(", ")")))


def run_end(words: Words, start: int) -> tuple[int, int]:
    """Returns the last word of the run that begins at `start`, and the word of a nickname inside it or -1."""
    end, total, nickname = start, len(words), -1
    while end + 1 < total and end - start < _MAX_RUN:
        if nickname < 0 and _is_nickname(words, end):
            nickname, end = end + 1, end + 2
            continue
        if words.gap(end) == ", " and words.capital[end + 1]:
            end = max(end, _listed_end(words, start))
        if not _joins(words, end) or (words.gap(end) == " & " and _is_person_like(words.low[start : end + 1])):
            break
        following = end + 1
        if words.low[following].isdecimal() and words.low[end] in _NUMBERED and len(words.low[following]) < 3:
            end = following
            continue
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


def _listed_end(words: Words, start: int) -> int:
    """Returns the last word of "Mine, Smelter and Allied Workers Union (MSAWU)", or -1: its bracket proves the list."""
    letters, at = "", start
    while at + 1 < len(words) and at - start < _MAX_RUN:
        letters += words.low[at][0] if words.capital[at] else ""
        gap = words.gap(at).strip("'’ ")
        if gap == "(":
            return at if words.raw[at + 1].lower() == letters else -1
        at += 1
        if gap not in ("", ",") or not (words.capital[at] or words.low[at] in ("and", "of", "for", "the")):
            return -1
    return -1


def _may_continue(words: Words, start: int, index: int) -> bool:
    low = words.low[index]
    if low in CALENDAR:
        if words.low[index - 1] in TITLES and words.gap(index).isspace():  # "Comrade Sunday Obi"
            return index + 1 < len(words) and words.capital[index + 1] and words.low[index + 1] not in CALENDAR
        return low in ("may", "august", "march", "june", "april") and words.low[index - 1] in FIRST_NAMES
    initial = len(low) == 1 and words.gap(index).startswith(".") and words.low[index - 1] in FIRST_NAMES
    if low == "will" and index + 1 < len(words) and words.capital[index + 1] and words.gap(index) == " ":
        return True
    if words.low[index - 1] in ("tv", "radio") and not words.first[index]:  # "TV Most"
        return True
    if low in _SURNAMES_TOO and words.low[index - 1] in FIRST_NAMES and not words.first[index]:
        return bool(words.gap(index).strip()) or words.capital[index + 1 : index + 2] != [True]
    if not initial and (low in _CLOSED or ("'" in low and low.endswith(_CONTRACTIONS))):
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
    if words.low[after] in CALENDAR or words.text[words.end[after] : words.end[after] + 1] in _CURRENCIES:
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
    if MINISTERS & set(right[1:-1]) and (left[-1] in POLICY or right[0] in POLICY):
        return True  # "Food and Civil Supplies Minister Ana Sol"
    right_head = any(word in ORGANISATION_HEADS for word in right)
    if _is_acronym_of(words, stop, left + right) or (len(left) == 1 and right[-1] in _MEMBERSHIPS and start > 0):
        return True
    if any(word in ORGANISATION_HEADS for word in left):
        return right[0] in POLICY and left[-1] not in ORGANISATION_HEADS and (not right_head or left[-1] in POLICY)
    return right_head and (left[-1] in POLICY or right[0] in POLICY) and len(left) <= 4


def _is_acronym_of(words: Words, last: int, run: list[str]) -> bool:
    """Whether a bracket behind a word holds the initials of a run: "Dockers and Sailors Union (DSU)"."""
    if last + 1 >= len(words) or words.gap(last).strip("'’ ") != "(":
        return False
    return words.raw[last + 1].lower() == "".join(word[0] for word in run if word not in _UNTOLD)


def _is_person_like(run: list[str]) -> bool:
    return run[0] in FIRST_NAMES and len(run) > 1 and run[-1] not in ORGANISATION_HEADS
