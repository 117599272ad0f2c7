"""A second look at the names of an article, once all of them are known.

A run of capitals tells little where it stands: "Chasing Marlow" opens a sentence, "Ann Marlow Wins" is a headline, "Mr.
Singer" looks like a musician, "Jordan" like a country. What the rest of the article calls by these words decides. Each
rule needs another place of the same text as its witness; do NOT decide here by what the world knows.
"""

from collections import Counter
from itertools import pairwise

from claims.extraction.lexicons import load, word_set
from claims.extraction.speakers.name import Name, stands_alone
from claims.extraction.speakers.tokens import Words, key_word
from claims.extraction.speakers.vocabulary import DEMONYMS, FIRST_NAMES, PLACES, TITLES, UNNAMED

_HONORIFICS = word_set("mr mrs ms miss mx")
_ADDRESSED = word_set(
    "president speaker chairman chair chairwoman secretary minister mayor justice judge governor ambassador chancellor "
    "premier commissioner"
)
"""Offices that follow "Mr." by themselves ("Mr. Speaker")."""
_TURNS = 2
_SHORTEST_LABEL = 4
_NOUNS = load("role_nouns") | load("document_nouns") | load("organisation_nouns")
_BEFORE_PLACES = word_set("in from to at near of across into outside inside around through over for with")
_BEFORE_NOUNS = word_set("the a an this that his her their its every each another")


def checked(words: Words, names: list[Name], common: set[str]) -> list[Name]:
    """Returns the names that hold, cut or retyped where the rest of the article shows what they are.

    Args:
        words: The article.
        names: Its runs of capitals, in text order.
        common: Words that the article also writes in lower case.
    """
    inside = Counter(word for name in names for word in name.key if len(name.key) > 1)
    sure = Counter(name.key[0] for name in names if len(name.key) == 1 and not words.first[name.first])
    times = Counter(name.key for name in names)
    inner = Counter(
        low for low, first, up in zip(words.low, words.first, words.capital, strict=True) if up and not first
    )
    _read_labels(words, names, common)
    located = {name.key for name in names if name.outer and words.low[name.outer - 1] in _BEFORE_PLACES}
    surnames = {name.key[-1] for name in names if name.type == "person" and len(name.key) > 1}
    for name in names:
        _cut_place(words, name, times)
        if name.place:
            _retype_surname(words, name, surnames, located=name.key in located)
    _lend_surnames(words, names, {name.key[-1] for name in names if len(name.key) > 1})
    kept = []
    for name in names:
        rest = name.key[1:]
        if words.first[name.first] and rest in times and name.key[0] not in FIRST_NAMES:
            participle = name.key[0].endswith(("ing", "ed")) and times[name.key] == 1 and not inner[name.key[0]]
            alone = len(rest) > 1 and not inner[name.key[0]] and times[name.key] == 1
            if name.key[0] in common or alone or participle:
                name.first = name.outer = name.first + 1
                name.key = name.key[1:]
        if len(name.key) == 1 and words.first[name.first] and not name.titles and not name.place:
            word = name.key[0]
            if word in common and not inside[word] and not sure[word]:
                continue
            adverb = word.endswith("ly") and word not in FIRST_NAMES and not sure[word] and not inside[word]
            people = word.endswith("s") and word[:-1] in _NOUNS and not sure[word]  # "Fishers who ..."
            if word in UNNAMED or adverb or people or (word in _NOUNS and not sure[word] and not inside[word]):
                continue
        kept.append(name)
    return kept


def _lend_surnames(words: Words, names: list[Name], last: set[str]) -> None:
    """Gives the first of "Ana and Bo Sol" the surname of the second, unless the word is somebody's surname itself."""
    for name, following in pairwise(names):
        if len(name.key) > 1 or name.titles or name.place or name.key[0] not in FIRST_NAMES or name.key[0] in last:
            continue
        near = following.outer == following.first == name.last + 2 and words.low[name.last + 1] == "and"
        person = following.type == "person" and len(following.key) == 2 and following.key[0] in FIRST_NAMES
        if near and person and words.gap(name.last) == words.gap(name.last + 1) == " ":
            name.surname = following.last
            name.key = (name.key[0], following.key[-1])
            name.type = "person"


def _read_labels(words: Words, names: list[Name], common: set[str]) -> None:
    """Takes who opens two turns of a transcript ("MARLOW: Why?") for a person and not for an acronym."""
    turns = Counter(
        name.key
        for name in names
        if words.first[name.first] and words.raw[name.first].isupper() and words.gap(name.last).startswith(":")
    )
    for name in names:
        word = name.key[0]
        turn = turns[name.key] >= _TURNS or (turns[name.key] and turns.total() > _TURNS)
        label = len(name.key) == 1 and turn and len(word) >= _SHORTEST_LABEL
        if label and not name.place and word not in common and word not in _NOUNS:
            name.type = "person"


def _cut_place(words: Words, name: Name, times: Counter[tuple[str, ...]]) -> None:
    """Cuts the place off that runs on from a person's name: "the Ann Marlow South Norfield victory party"."""
    size = len(name.key)
    if size < 3 or times[name.key] > 1 or name.key[0] not in FIRST_NAMES or name.last - name.first + 1 != size:
        return
    for cut in (size - 2, size - 1):
        if cut > 1 and " ".join(name.key[cut:]) in PLACES and name.key[:cut] in times:
            name.last -= size - cut
            name.key = name.key[:cut]
            return


def _retype_surname(words: Words, name: Name, surnames: set[str], *, located: bool) -> None:
    """Takes a surname that is also a title, a people or a place for the person who bears it in full elsewhere."""
    word = words.low[name.last]
    if len(name.titles) == 2 and name.titles[0] in _HONORIFICS and word in TITLES and word not in _ADDRESSED:
        _make_surname(words, name)
        return
    if name.first != name.last or word not in surnames or words.first[name.first] != words.first[name.outer]:
        return
    before = words.low[name.first - 1] if name.first else ""
    if before in _BEFORE_NOUNS:
        return
    if word in TITLES:
        _make_surname(words, name)
    elif word in DEMONYMS:
        if stands_alone(words, name.last):
            _make_surname(words, name)
    elif word in PLACES and before not in _BEFORE_PLACES and (not located or _acts(words, name.last)):
        _make_surname(words, name)


def _acts(words: Words, last: int) -> bool:
    return last + 1 < len(words) and words.low[last + 1] in ("said", "says", "told", "asked", "added", "wrote")


def _make_surname(words: Words, name: Name) -> None:
    name.titles = name.titles[:-1] if name.titles else ()
    name.first = name.last
    name.outer = name.last - len(name.titles)
    name.key = (key_word(words.low[name.last]),)
    name.place = False
    name.type = "person" if name.titles else "unknown"
