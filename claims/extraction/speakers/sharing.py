"""Whom a single word means where several could bear it: "Trune" in an article about a Trune and his daughter.

From sure to less sure: the gender of a title; the gender of the pronouns that follow the bare word all over the article
("Trune ... she"); the only one introduced so far; the one who was called by the bare word when nobody else had been
introduced, where the others are always named in full; the one that is named clearly more often. Otherwise it stays
ambiguous. Do NOT fall back to the nearest one: papers use the bare surname for the person whom the article is about,
not for the one named last.
"""

from collections.abc import Sequence

from claims.extraction.lexicons import word_set
from claims.extraction.speakers.bearers import Bearer, Directory, gender_of_titles
from claims.extraction.speakers.name import Name
from claims.extraction.speakers.vocabulary import (
    COMPANIES,
    COMPANY_SUFFIXES,
    FIRST_NAMES,
    ORGANISATION_HEADS,
    PLACES,
    SENTENCE_WORDS,
)

MAX_SHARED = 24  # bearers of one word that are looked at; more than that is no news article
_LEAD = 2  # paragraphs in which the first full name under a surname tells whose the bare surname will be
_MALE, _FEMALE = word_set("he him his himself"), word_set("she her herself")
_GLUE = word_set("of for against without and the on")
_FIRMS = word_set("group holdings bank industries partners associates airlines airways insurance company")
_PROFESSIONAL = word_set("dr prof professor rev judge justice sgt capt col gen sen rep sir dame")
_NEAR = 12  # words after a name within which a pronoun tells its gender


def fitting_bearers(directory: Directory, word: str) -> list[Bearer]:
    """Returns the bearers that a single word may mean: surname, first name, acronym, head of an institution."""
    found = [bearer for bearer in directory.by_last.get(word, ())[:MAX_SHARED] if not bearer.place]
    if found and word not in FIRST_NAMES:  # the first of two surnames: "Ana Sol Tapia" is "Sol" too
        doubles = directory.by_middle.get(word, ())[:MAX_SHARED]
        found += [one for one in doubles if one.may_be_person and len(one.key) > 2 and one.key[-2] == word]
    if word not in ORGANISATION_HEADS:
        persons = [bearer for bearer in found if bearer.type != "organisation"]
        found = [bearer for bearer in found if bearer in persons or not _is_named_after(bearer)] if persons else []
    if not found:
        found = [one for one in directory.by_first.get(word, ())[:MAX_SHARED] if one.may_be_person]
    if not found and word not in SENTENCE_WORDS and word not in PLACES:
        shortened = directory.by_first.get(word, ())[:MAX_SHARED]
        found = [one for one in shortened if one.type == "organisation" and _is_firm(one.key)]
    if word in directory.acronyms and len(directory.acronyms[word]) == 1:
        return list(directory.acronyms[word])
    if not found:
        found = list(directory.acronyms.get(word, ())[:MAX_SHARED])
    if not found:
        middle = directory.by_middle.get(word, ())[:MAX_SHARED]
        found = [one for one in middle if one.may_be_person and word not in SENTENCE_WORDS]
    if not found and "-" in word:
        found = [one for one in directory.by_last.get(word.rsplit("-", 1)[-1], ())[:MAX_SHARED] if one.may_be_person]
    return found


def _is_firm(key: tuple[str, ...]) -> bool:
    """Whether a name is a company's that goes by its first word alone: "Trune Foods", "Trune Power Ltd"."""
    return 2 <= len(key) <= 3 and (key[-1] in COMPANIES or key[-1] in _FIRMS or key[-1] in COMPANY_SUFFIXES)


def _is_named_after(body: Bearer) -> bool:
    """Whether a body's name says by a word of its own that it is one ("Team Trune", "Bakers for Trune")."""
    return not ORGANISATION_HEADS.isdisjoint(body.key) or not _GLUE.isdisjoint(body.key)


def gender_after(directory: Directory, place: int) -> str:
    """Returns the gender of the first "he" or "she" after a name in its sentence, no other name between; else ""."""
    words = directory.words
    name = directory.names[place]
    stop = directory.names[place + 1].outer if place + 1 < len(directory.names) else len(words)
    for at in range(name.last + 1, min(stop, name.last + _NEAR)):
        if words.sentence[at] != words.sentence[name.last] or words.quoted[at] != words.quoted[name.last]:
            return ""
        if words.low[at] in _MALE:
            return "m"
        if words.low[at] in _FEMALE:
            return "f"
    return ""


def read_word_genders(directory: Directory) -> None:
    """Notes the gender of single words that a man and a woman share, where the pronouns after them agree."""
    votes: dict[str, list[str]] = {}
    shared: dict[str, bool] = {}
    for place, name in enumerate(directory.names):
        if len(name.key) > 1 or name.titles:
            continue
        word = name.key[0]
        if word not in shared:
            known = directory.by_key.get(name.key)
            fitting = fitting_bearers(directory, word) if known is None else ()
            shared[word] = {"m", "f"} <= {bearer.gender for bearer in fitting}
        if shared[word]:
            votes.setdefault(word, []).append(gender_after(directory, place))
    for word, cast in votes.items():
        for gender in ("m", "f"):
            told = len(cast) - cast.count("")
            if cast.count(gender) >= 2 and 5 * cast.count(gender) >= 4 * told:
                directory.genders[word] = gender


def meant_by(directory: Directory, name: Name) -> tuple[list[Bearer], bool]:
    """Returns whom a name may mean, best first, and whether nobody else had been met who could bear it."""
    known = directory.by_key.get(name.key)
    word = name.key[0]
    titled = gender_of_titles(name.titles)
    if known is not None and (name.place or not known.place):
        relatives = fitting_bearers(directory, word) if titled and len(name.key) == 1 else []
        others = [one for one in relatives if one is not known and one.gender == titled]
        return (others if len(others) == 1 and known.gender != titled else [known]), True  # "Mrs Sol", not her son
    fitting = fitting_bearers(directory, word)
    if not fitting and known is not None:
        return [known], True
    if titled and fitting and all(one.gender not in ("", titled) for one in fitting):
        return [], True  # "Mrs Trune" is not Paul Trune
    fitting = of_gender(fitting, titled or directory.genders.get(word, ""))
    told = _PROFESSIONAL.intersection(name.titles)
    if told and len(fitting) > 1:  # "Dr Trune" is whoever was a doctor in full
        fitting = [one for one in fitting if told & one.titles] or fitting
    if name.type == "organisation" and not name.titles:
        fitting = [bearer for bearer in fitting if bearer.type != "person"] or fitting
    if len(fitting) < 2:
        return fitting, True
    first = first_met(directory, fitting, name.first)
    if first is not None:
        return [first], True
    return choose_by_prominence(fitting, word), False


def of_gender(fitting: list[Bearer], gender: str) -> list[Bearer]:
    """Returns those who may be of a gender ("" for any); all, if that is nobody."""
    return [bearer for bearer in fitting if bearer.gender in ("", gender)] or fitting if gender else fitting


def first_met(directory: Directory, fitting: Sequence[Bearer], at: int) -> Bearer | None:
    """Returns the only one introduced before word `at`, in the lead or unless another one is named much more.

    Before anybody is introduced, in a headline, it is the only one whom the lead introduces.
    """
    paragraph = directory.words.paragraph
    met = [bearer for bearer in fitting if bearer.introduced < at]
    if not met:
        early = [bearer for bearer in fitting if paragraph[bearer.introduced] <= _LEAD]
        return early[0] if len(early) == 1 else None
    if len(met) != 1:
        return None
    in_lead = paragraph[met[0].introduced] <= _LEAD
    return met[0] if in_lead or met[0].full * 3 >= max(bearer.full for bearer in fitting) else None


def prominence(bearer: Bearer, word: str) -> int:
    """Returns how often the article names one in full, in all its text, or by this single word where it was sure.

    Other short forms do not count: whoever is called by the first name leaves the surname to somebody else.
    """
    return bearer.full + bearer.short.get(word, 0)


def choose_by_prominence(fitting: Sequence[Bearer], word: str) -> list[Bearer]:
    """Returns the one who has the bare word, or who is twice as prominent; else all, most prominent first."""
    weights = {bearer.number: prominence(bearer, word) for bearer in fitting}
    ranked = sorted(fitting, key=lambda bearer: (-weights[bearer.number], bearer.number))
    if len(ranked) > 1 and weights[ranked[0].number] >= 2 * weights[ranked[1].number]:
        return ranked[:1]
    holder = holder_of(ranked, word)
    return [holder] if holder else ranked


def holder_of(fitting: Sequence[Bearer], word: str) -> Bearer | None:
    """Returns the one called by the bare word before, where all others are named in full again and again."""
    holders = [bearer for bearer in fitting if bearer.short.get(word, 0) > 1]
    if len(holders) != 1 or any(one.short.get(word, 0) or one.full < 2 for one in fitting if one is not holders[0]):
        return None
    return holders[0]
