"""Capitals put back into a text that has only one size of letters, as old wires and press offices send it.

In a text that is all capitals, or has none, nothing tells a name from a word, and the tagger, which learned from edited
prose, misses one statement in nine. So everything after this module reads the text as a paper would print it. Offsets
stay as they are, since a letter is never replaced by two.

What gets a capital: what begins a sentence; names of persons, places, months and peoples that the word lists have; what
follows a title or a first name; institutions by their last word; and words that the tokenizer has no entry for. Plain
English has one in nearly every case, and names from most of the world have none.
"""

import re
from collections.abc import Callable

from claims.extraction.lexicons import load, word_set
from claims.extraction.speakers.vocabulary import FUNCTION

IsWord = Callable[[str], bool]

SAMPLE = 1_000
FEWEST_LETTERS = 40
ONE_SIZE = 0.97
"""Least share of letters of one size: initials, units and signs remain ("km", "iPhone")."""

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE = re.compile(r"(?:\n|[.?!]['\"”’)]*\s)[\W_]*\Z")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_BRACKETED = re.compile(r"\(([^\W\d_]{2,6})\)")
_BACK = 12  # characters looked at for what stands before a word
_LONGEST_INSTITUTION = 5
_LONGEST_ACRONYM = 5
_INFLECTED = ("'s", "’s", *word_set("s es ies ed ing ly er est ness ment able al ist ism ity"))
_ENGLISH = tuple(
    word_set(
        "ed ing ly ies tion tions ness ment ments ism isms ist ists ize izes able ible ous ful less ward wards wise "
        "wide ity ship ships worker workers holder holders maker makers keeper keepers people hole holes ground phobe"
    )
)
"""Ends by which a word that the vocabulary lacks is taken for English all the same, except behind a first name."""
_PREFIXES = ("un", "re", "non", "mis", "over", "out", "under", "dis", "in", "pre", "anti", "co", "inter", "self")

_FIRST_NAMES = load("first_names_male") | load("first_names_female") | load("first_names_either")
_HONORIFICS = load("honorifics")
_TITLES = load("titles") | _HONORIFICS
_BEFORE_SURNAMES = word_set("mr mrs ms miss dr sir")
_PLACES = load("places") | load("dateline_places")
_CALENDAR = load("calendar") - word_set("may march mar sat sun dec sep jan wed am pm ist")
_MONTHS = word_set("may march mar dec sep jan")
_OF_PEOPLES = load("demonyms") - word_set("polish conservative liberal independent labor labour")
_NAMES = _PLACES | _CALENDAR | _OF_PEOPLES
_INSTITUTIONS = load("organisation_heads")
_OF_WHAT = word_set("ministry department university institute college bank bureau office court board church republic")
_GRAND = word_set("national federal central supreme high international united royal")
_PARTICLES = load("particles") - word_set("do la al ten e op des")
_COMMON = (
    load("role_nouns") | load("sentence_words") | load("cues_statement") | load("cues_attitude") | _INSTITUTIONS
    | load("organisation_nouns") | load("unnamed_heads") | load("thing_heads") | load("document_nouns") | _TITLES
    | load("kin_male") | load("kin_female") | load("kin_either") | FUNCTION
    | word_set("asked told left met won saw took gave went came held led made flew lost")
    | word_set("will mark rose bill hope art grant pat page")
)  # fmt: skip
_ACRONYMS = word_set(
    "un eu uk usa nato fbi cia bbc cnn mp mps mla mlas mep meps ssp kc qc ceo tv dna gdp hiv imf nhs ngo ngos aids"
)
_IRISH = ("o'", "o’")
_CLOCK = ("a.m.", "p.m.", "e.g.", "i.e.")
_LINKS = word_set("and of for the in to on")
_SAYING = load("cues_statement") | load("cues_question")
_DETERMINERS = word_set("a an the his her its their our your my any some every each")


def with_capitals(text: str, is_word: IsWord) -> str:
    """Returns the text, with capitals where a paper would print them if all its letters have one size.

    Args:
        text: Any text.
        is_word: Tells whether a lower-case word is in the tokenizer's vocabulary.
    """
    if not _is_of_one_size(text):
        return text
    small = "".join(low if len(low := one.lower()) == 1 else one for one in text)
    return _Capitals(small, is_word).written()


def _is_of_one_size(text: str) -> bool:
    """Whether three places of a text have hardly a small letter, or not one capital."""
    starts = {0, max(0, len(text) // 2 - SAMPLE // 2), max(0, len(text) - SAMPLE)}
    letters = "".join(text[start : start + SAMPLE] for start in sorted(starts))
    large = sum(map(str.isupper, letters))
    small = sum(map(str.islower, letters))
    return large + small >= FEWEST_LETTERS and (not large or large >= ONE_SIZE * (large + small))


class _Capitals:
    """The words of a text in small letters, and which of them get a capital, or are capitals throughout."""

    def __init__(self, text: str, is_word: IsWord) -> None:
        self.text = text
        self.is_word = is_word
        found = list(_WORD.finditer(text))
        self.spans = [match.span() for match in found]
        self.words = [match.group() for match in found]
        self.capital = [False] * len(found)
        self.known: dict[str, bool] = {}

    def written(self) -> str:
        """Return the text with capitals."""
        acronyms = (_ACRONYMS | {match.group(1) for match in _BRACKETED.finditer(self.text)}) - _COMMON
        self._persons()
        self._single_words()
        names = {_plain(word) for word, capital in zip(self.words, self.capital, strict=True) if capital} - _COMMON
        for at, word in enumerate(self.words):
            self.capital[at] |= _plain(word) in names
        self._titles()
        self._institutions()
        letters = list(self.text)
        for at, (start, end) in enumerate(self.spans):
            word = self.words[at]
            if word in acronyms or self._is_unvoiced(word):
                letters[start:end] = self.text[start:end].upper() if len(word.upper()) == len(word) else word
            elif self.capital[at] or re.split("['’]", word)[0] == "i" or self._begins(at):
                self._raise(letters, start, end)
        for match in _DOTTED.finditer(self.text):
            if match.group() not in _CLOCK:
                letters[match.start() : match.end()] = match.group().upper()
        return "".join(letters)

    def _begins(self, at: int) -> bool:
        """Whether a sentence begins with a word: not with "asks" in "“Why?” asks Ana Sol"."""
        start = self.spans[at][0]
        before = self.text[max(0, start - _BACK) : start]
        inside = before.rstrip()[-1:] in ("”", '"', "’", "'") and self.words[at] in _SAYING
        return not inside and _SENTENCE.search(before if start > _BACK else f"\n{before}") is not None

    def _raise(self, letters: list[str], start: int, end: int) -> None:
        """Give a word a capital, and what follows its hyphens or "o'" as well where it is unknown."""
        word = self.text[start:end]
        parts = [start]
        if "-" in word and (not self._is_known(word) or _FIRST_NAMES.issuperset(word.split("-"))):
            parts += [start + at + 1 for at, one in enumerate(word) if one == "-"]
        if word.startswith((*_IRISH, "d'", "d’")):
            parts.append(start + 2)
        if word.startswith("mc") and not self._is_known(word):
            parts.append(start + 2)
        for at in parts:
            if at < end and len(letters[at].upper()) == 1:
                letters[at] = letters[at].upper()

    def _joined(self, at: int) -> bool:
        """Whether nothing but a space, or the stop of an initial or a title, stands between a word and the next."""
        if at + 1 >= len(self.words):
            return False
        gap = self.text[self.spans[at][1] : self.spans[at + 1][0]]
        return gap in (" ", "\xa0") or (
            gap in (". ", ".\xa0") and (len(self.words[at]) == 1 or self.words[at] in _TITLES)
        )

    def _persons(self) -> None:
        """Mark first names and titles, and the names behind them."""
        for at, word in enumerate(self.words):
            honorific = word in _HONORIFICS and word not in FUNCTION
            if not honorific and not self._is_first_name(at) and word not in _TITLES:
                continue
            if word not in _TITLES:
                self.capital[at] = True
            follower = at
            while self._joined(follower) and follower - at < _LONGEST_INSTITUTION:
                following = self.words[follower + 1]
                if len(following) > 1 and following not in _PARTICLES and self._is_known(following):
                    break
                follower += 1
                self.capital[follower] = following not in _PARTICLES
            while follower > at and not self.capital[follower]:
                follower -= 1
            last = self.words[follower]
            if (follower == at or last in _FIRST_NAMES or len(last) == 1) and self._joined(follower):
                behind = _plain(self.words[follower + 1])
                opens = not at or not (self.words[at - 1] in _DETERMINERS or self.capital[at - 1])
                if last == _plain(last) and opens and self._may_be_name(behind):
                    self._name_in_english(follower + 1, is_title=word in _TITLES - _BEFORE_SURNAMES)

    def _name_in_english(self, at: int, *, is_title: bool) -> None:
        """Mark a name that is a word too, and behind a title one more: "mr smith", "president will stone"."""
        self.capital[at] = True
        if not is_title or not self._joined(at) or not self._may_be_name(_plain(self.words[at + 1])):
            return
        if not self._joined(at + 1) or self.words[at + 2] in FUNCTION | _SAYING:
            self.capital[at + 1] = True

    def _may_be_name(self, word: str) -> bool:
        """Whether a word that plain English has may be a surname here ("smith"): no verb, no noun of a list."""
        verb = word.endswith(("ed", "ing")) or (word.endswith("s") and self.is_word(word[:-1]))
        return word not in _COMMON and not verb

    def _is_first_name(self, at: int) -> bool:
        word = self.words[at]
        if word in _CALENDAR or not _FIRST_NAMES.issuperset(word.split("-")):
            return False
        if not self.is_word(word):
            return True
        if at and self.words[at - 1] in _DETERMINERS:
            return False
        return word not in _COMMON or (self._joined(at) and not self._is_known(self.words[at + 1]))

    def _single_words(self) -> None:
        """Mark places, peoples, days and months, and words that nobody knows."""
        for at, word in enumerate(self.words):
            plain = _plain(word)
            pair = f"{word} {self.words[at + 1]}" if self._joined(at) else ""
            if pair in _PLACES:
                self.capital[at] = self.capital[at + 1] = True
            end = self.spans[at][1]
            listed = plain in _NAMES or plain.removesuffix("s") in _OF_PEOPLES
            listed |= word in _MONTHS and self.text[end : end + 3].strip(" .")[:1].isdigit()
            if listed or not (self._is_known(plain) or plain.endswith(_ENGLISH)):
                self.capital[at] = True

    def _titles(self) -> None:
        """Mark titles before what has a capital."""
        for at in range(len(self.words) - 1, -1, -1):
            before_name = self._joined(at) and self.capital[at + 1]
            if self.words[at] in _BEFORE_SURNAMES or (before_name and self.words[at] in _TITLES - FUNCTION):
                self.capital[at] = True

    def _institutions(self) -> None:
        """Mark the words of institutions: "national water authority (nwa)", "ministry of health"."""
        for at, word in enumerate(self.words):
            of_what = word in _OF_WHAT and self.words[at + 1 : at + 2] == ["of"] and at + 2 < len(self.words)
            if of_what and self._joined(at) and self._joined(at + 1) and self.words[at + 2] not in FUNCTION:
                self.capital[at] = self.capital[at + 2] = True
            if self._abbreviated(at) or word not in _INSTITUTIONS:
                continue
            first = at
            while first and at - first < _LONGEST_INSTITUTION and self._joined(first - 1):
                if self.words[first - 1] in FUNCTION or self.words[first - 1] in _TITLES:
                    break
                first -= 1
            if first < at and (self.words[first] in _GRAND or any(self.capital[first:at])):
                self.capital[first : at + 1] = [True] * (at + 1 - first)

    def _abbreviated(self, last: int) -> bool:
        """Mark the words whose first letters stand in the bracket behind them, and tell whether they are such."""
        bracket = _BRACKETED.match(self.text, self.spans[last][1] + 1)
        if bracket is None:
            return False
        first, marked = last, []
        for letter in reversed(bracket.group(1)):
            while first > 0 and self.words[first] in _LINKS and self.words[first][0] != letter:
                first -= 1
            if first < 0 or self.words[first][0] != letter:
                return False
            marked.append(first)
            first -= 1
        for at in marked:
            self.capital[at] = True
        return True

    def _is_unvoiced(self, word: str) -> bool:
        return (
            2 <= len(word) <= _LONGEST_ACRONYM and not set(word) & set("aeiouyäöüéáíóú'’-") and not self._is_known(word)
        )

    def _is_known(self, word: str) -> bool:
        """Whether a word, or what it is formed from, is plain English; names that the lists have are none."""
        if word not in self.known:
            self.known[word] = self._is_plain(word)
        return self.known[word]

    def _is_plain(self, word: str) -> bool:
        if word in _COMMON or word in _PARTICLES:
            return True
        if word.startswith(_IRISH) and word[2:] != "clock":
            return False
        if "-" in word or "'" in word or "’" in word:
            return all(self._is_known(part) for part in re.split("['’-]", word) if part)
        if word in _FIRST_NAMES and not self.is_word(word):
            return False
        return self.is_word(word) or any(self._is_word_of(stem) for stem in _stems(word))

    def _is_word_of(self, stem: str) -> bool:
        return len(stem) > 2 and (stem in _COMMON or self.is_word(stem))


def _plain(word: str) -> str:
    """Returns a word without the mark of a possessive."""
    return word.removesuffix("'s").removesuffix("’s")


def _stems(word: str) -> list[str]:
    """Returns what a word may be formed from."""
    stems = []
    for ending in _INFLECTED:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word.removesuffix(ending)
            stems += [stem, stem + "e", stem + "y"]
            if stem[-1] == stem[-2]:
                stems.append(stem[:-1])
            if ending != "s" and stem.endswith(("at", "is", "iz")):
                stems.append(stem + "ion")
    stems += [word.removeprefix(prefix) for prefix in _PREFIXES if word.startswith(prefix)]
    return stems
