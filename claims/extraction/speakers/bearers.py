"""The bearers of an article's names: one row per person or institution, and the directory that holds them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from claims.extraction.lexicons import load
from claims.extraction.speakers.name import Name
from claims.extraction.speakers.tokens import Words, fold_accents
from claims.extraction.speakers.vocabulary import EITHER, FEMALE, MALE, SUFFIXES
from claims.extraction.values import SpeakerType

_MALE_TITLES = load("titles_male")
_FEMALE_TITLES = load("titles_female")


@dataclass(slots=True, eq=False)
class Bearer:
    """One person or organisation of the article.

    Attributes:
        number: Position in order of first mention.
        name: The fullest form, as the text spells it.
        key: The words of that form.
        forms: Every form met, in text order.
        votes: Evidence for each type.
        gender: "m", "f" or "" as far as titles, kinship and first names tell.
        full: How often the text names this one by more than one word.
        short: How often each single word has named this one so far.
        places: Word indexes of all names of this one, rising.
        roles: Descriptions met, in text order.
        heads: Head nouns of those descriptions ("lawyer").
        modifiers: Words that describe ("vermont", "republican").
        seats: Those of them that are names ("vermont").
        titles: Those before the name in full ("dr").
        place: Whether it is a place, a people or a thing.
        introduced: Word index of the first place that names this one in full.
    """

    number: int
    name: str
    key: tuple[str, ...]
    forms: dict[str, None] = field(default_factory=dict)
    votes: dict[SpeakerType, int] = field(default_factory=dict)
    gender: str = ""
    full: int = 0
    short: dict[str, int] = field(default_factory=dict)
    places: list[int] = field(default_factory=list)
    roles: dict[str, None] = field(default_factory=dict)
    heads: set[str] = field(default_factory=set)
    modifiers: set[str] = field(default_factory=set)
    seats: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    place: bool = False
    introduced: int = 0

    @property
    def type(self) -> SpeakerType:
        """The type with most evidence; `unknown` without any."""
        person, organisation = self.votes.get("person", 0), self.votes.get("organisation", 0)
        if person == organisation == 0:
            return "unknown"
        return "person" if person >= organisation else "organisation"

    @property
    def may_be_person(self) -> bool:
        """Whether "he" or "she" could mean this one."""
        return not self.place and self.type != "organisation"


@dataclass(slots=True)
class Directory:
    """All bearers of one article and who each name means."""

    words: Words
    names: list[Name]
    bearers: list[Bearer] = field(default_factory=list)
    meant: list[list[Bearer]] = field(default_factory=list)
    by_key: dict[tuple[str, ...], Bearer] = field(default_factory=dict)
    by_first: dict[str, list[Bearer]] = field(default_factory=dict)
    by_last: dict[str, list[Bearer]] = field(default_factory=dict)
    by_middle: dict[str, list[Bearer]] = field(default_factory=dict)
    acronyms: dict[str, list[Bearer]] = field(default_factory=dict)
    genders: dict[str, str] = field(default_factory=dict)
    """Single words that a man and a woman share, with the gender of the one whom the article calls so."""


def display(words: Words, name: Name) -> str:
    """Returns a name as the text spells it, space normalised, a nickname left out, capitals softened."""
    if name.surname >= 0:
        shown = f"{words.raw[name.first]} {words.raw[name.surname]}"
    elif name.nickname >= 0:
        before = words.text[words.start[name.first] : words.end[name.nickname - 1]]
        dot = "." if words.gap(name.nickname - 1).startswith(".") else ""
        shown = f"{before}{dot} {words.text[words.start[name.nickname + 1] : words.end[name.last]]}"
    else:
        shown = words.text[words.start[name.first] : words.end[name.last]]
    if name.first != name.last:
        shown = " ".join(shown.split())
    if words.low[name.last] in SUFFIXES and words.gap(name.last).startswith("."):
        shown += "."
    person = name.type == "person" or len(name.key) > 1
    return shown.title() if shown.isupper() and person and len(shown) > 4 else shown


def gender_of_titles(titles: Sequence[str]) -> str:
    """Returns "m" or "f" where a title tells ("mrs", "spokesman"), else ""."""
    for title in reversed(titles):
        if title in _MALE_TITLES:
            return "m"
        if title in _FEMALE_TITLES:
            return "f"
    return ""


def gender_of_first_name(first: str) -> str:
    """Returns "m" or "f" for a first name that is mostly one or the other, else ""."""
    first = fold_accents(first)
    if first in EITHER:
        return ""
    return "m" if first in MALE else "f" if first in FEMALE else ""
