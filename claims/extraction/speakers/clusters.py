"""From names to bearers: which names of one article belong to one person or organisation.

Rules, from sure to less sure: equal words; a full name without its middle names or with initials for them;
the leading part of a long name; an institution's short form; an acronym; a single surname or first name.
Two names that are both full and differ ("Anna Sol", "Peter Sol") are never merged, however much they share.

Whom a single word means that fits several bearers is decided in `sharing`.
"""

from bisect import bisect_left
from collections.abc import Sequence

from claims.extraction.lexicons import load, word_set
from claims.extraction.speakers.bearers import Bearer, Directory, display, gender_of_first_name, gender_of_titles
from claims.extraction.speakers.callings import before_description
from claims.extraction.speakers.name import Name
from claims.extraction.speakers.sharing import MAX_SHARED, fitting_bearers, meant_by, read_word_genders
from claims.extraction.speakers.tokens import JOINED_PARTICLES, Words, key_word
from claims.extraction.speakers.vocabulary import (
    COMPANY_SUFFIXES,
    REGNAL,
    SENTENCE_WORDS,
    SUFFIXES,
)

_KIN = load("kin_male") | load("kin_female") | load("kin_either")
_OWNERS = word_set("his her their")
_GLUE = word_set("of and for the on & to in")


def build_directory(words: Words, names: list[Name]) -> Directory:
    """Groups the names of an article; `meant[i]` lists the bearers that fit `names[i]`, best first."""
    directory = Directory(words, names)
    seen: dict[tuple[str, ...], list[Name]] = {}
    for name in names:
        seen.setdefault(name.key, []).append(name)
    order = {key: position for position, key in enumerate(seen)}
    for key in sorted(seen, key=lambda key: (-len(_core(key)), -len(key), order[key])):
        if len(key) > 1 or seen[key][0].place:
            _place_full(directory, key, seen[key])
    _read_bracketed_acronyms(directory)
    _read_initials(directory)
    for key in sorted((key for key in seen if len(key) == 1 and key not in directory.by_key), key=order.get):  # type: ignore[arg-type]
        fitting = fitting_bearers(directory, key[0])
        first = seen[key][0]
        untitled = [name for name in seen[key] if not name.titles]
        if fitting and untitled[:1] == [first] and all(_is_relative(words, names, one, first) for one in fitting):
            bare = _add_bearer(directory, key, untitled)
            bare.votes["person"] = 1  # "Sol wept. His mother, Ada Sol, did not."
        elif not fitting:
            family = key[0].endswith("s") and bool(fitting_bearers(directory, key[0][:-1]))
            _add_bearer(directory, key, seen[key]).place |= family
    _find_known_names(directory)
    directory.bearers.sort(key=lambda bearer: order[bearer.key])
    for number, bearer in enumerate(directory.bearers):
        bearer.number = number
    read_word_genders(directory)
    _settle(directory)
    return directory


def _is_relative(words: Words, names: Sequence[Name], bearer: Bearer, first: Name) -> bool:
    """Whether somebody is brought in, behind a bare surname, as that one's relative: "his mother, Ada Sol"."""
    if bearer.introduced <= first.last:
        return False
    name = names[bisect_left([one.first for one in names], bearer.introduced)]
    at = before_description(words, name, max(0, name.outer - 8))
    owners = range(max(0, at - 3), at)
    owned = any(words.low[i] in _OWNERS or (words.possessive[i] and words.low[i] == first.key[0]) for i in owners)
    return words.low[at] in _KIN and owned and words.gap(at).strip() in (",", "")


def _find_known_names(directory: Directory) -> None:
    """Finds known names where capitals tell nothing: in headlines, in capitals, at sentence starts."""
    words, names = directory.words, directory.names
    taken = bytearray(len(words))
    for name in names:
        taken[name.outer : name.last + 1] = b"\1" * (name.last + 1 - name.outer)
    longest = min(6, max((len(key) for key in directory.by_key), default=0))
    openers = {key[0] for key in directory.by_key}
    found = []
    done = 0
    for index, capital in enumerate(words.capital):
        if not capital or taken[index] or index < done:
            continue
        low = key_word(words.low[index])
        if low not in openers and low not in directory.by_last and low not in directory.by_middle:
            continue
        size = _known_size(directory, taken, index, longest)
        if size:
            key = tuple(map(key_word, words.low[index : index + size]))
            found.append(Name(index, index + size - 1, index, key, (), "unknown"))
            done = index + size
    if found:
        directory.names = sorted([*names, *found], key=lambda name: name.first)


def _known_size(directory: Directory, taken: bytearray, index: int, longest: int) -> int:
    """Returns how many words from `index` make a known name: 0 for none, one word only if it fits a bearer."""
    words = directory.words
    for size in range(min(longest, len(words) - index), 1, -1):
        key = tuple(map(key_word, words.low[index : index + size]))
        known = directory.by_key.get(key)
        if known is not None and not known.place and not any(taken[index : index + size]):
            return size
    word = key_word(words.low[index])
    if word in SENTENCE_WORDS:
        return 0
    known = directory.by_key.get((word,))
    if known is not None:
        return 0 if known.place else 1
    return 1 if fitting_bearers(directory, word) else 0


def _read_bracketed_acronyms(directory: Directory) -> None:
    """Ties "Coastal Rescue Service (CRS)" together whatever the letters are."""
    words = directory.words
    for long, short in zip(directory.names, directory.names[1:], strict=False):
        if short.first == long.last + 1 and short.first == short.last and len(long.key) > 1 and not long.place:
            closed = words.text[words.end[short.last] : words.end[short.last] + 1] == ")"
            opened = words.gap(long.last).strip(" .") == "("
            initials = "".join(word[0] for word in long.key)
            told = words.raw[short.first].isupper() or short.key[0] == initials
            body = long.type == "organisation" and len(long.key) > 2 and short.key[0][0] == initials[0]  # "(Fepana)"
            if closed and opened and (told or body):
                directory.acronyms[short.key[0]] = [directory.by_key[long.key]]


def _read_initials(directory: Directory) -> None:
    """Ties the label of an interview's turns ("NW: The lake is low.") to the one person of these initials."""
    words = directory.words
    by_initials: dict[str, list[Bearer]] = {}
    for bearer in directory.bearers:
        if bearer.type == "person":
            by_initials.setdefault("".join(word[0] for word in bearer.key), []).append(bearer)
    for name in directory.names:
        label = words.raw[name.first].isupper() and words.gap(name.first).startswith(":")
        if label and len(name.key) == 1 and words.first[name.first] and len(by_initials.get(name.key[0], ())) == 1:
            directory.acronyms[name.key[0]] = by_initials[name.key[0]]


def _core(key: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the words without initials and suffixes."""
    kept = tuple(word for word in key if len(word) > 1 and word not in SUFFIXES)
    return kept or key


def _add_bearer(directory: Directory, key: tuple[str, ...], names: Sequence[Name]) -> Bearer:
    bearer = Bearer(len(directory.bearers), display(directory.words, names[0]), key, introduced=names[0].first)
    directory.bearers.append(bearer)
    directory.by_key[key] = bearer
    _describe(directory, bearer, names)
    core = _core(key)
    if len(core) == 1 < len(key):  # "P. S. Raman"
        directory.by_last.setdefault(core[0], []).append(bearer)
    if len(core) > 1:
        directory.by_first.setdefault(core[0], []).append(bearer)
        directory.by_last.setdefault(core[-1], []).append(bearer)
        particle, _, rest = core[-1].partition("-")
        if rest and particle in JOINED_PARTICLES:  # "al-Khatib" is "Khatib" too
            directory.by_last.setdefault(rest, []).append(bearer)
        if names[0].nickname >= 0:
            directory.by_first.setdefault(key_word(directory.words.low[names[0].nickname]), []).append(bearer)
        for word in core[1:-1]:
            directory.by_middle.setdefault(word, []).append(bearer)
        letters = "".join(part[0] for word in key if word not in _GLUE for part in word.split("-") if part)
        if bearer.type != "person" and len(letters) > 1:
            directory.acronyms.setdefault(letters, []).append(bearer)
    return bearer


def _describe(directory: Directory, bearer: Bearer, names: Sequence[Name]) -> None:
    """Counts what the forms of a name tell about its bearer."""
    for name in names:
        if name.type in ("person", "organisation"):
            bearer.votes[name.type] = bearer.votes.get(name.type, 0) + (3 if name.titles else 1)
        bearer.gender = bearer.gender or gender_of_titles(name.titles)
        bearer.titles.update(name.titles)
    if bearer.type != "organisation" and not bearer.gender:
        bearer.gender = gender_of_first_name(bearer.key[0])
        if len(bearer.key) == 1 and bearer.gender:
            bearer.votes["person"] = bearer.votes.get("person", 0) + 1
    bearer.place = bearer.place or names[0].place
    if len(bearer.key) > 1:
        bearer.full += len(names) if len(names[0].key) > 1 else 0
    for name in names:
        bearer.forms.setdefault(display(directory.words, name))


def _place_full(directory: Directory, key: tuple[str, ...], names: Sequence[Name]) -> None:
    """Adds a name of several words to the longer name that it shortens, or as a bearer of its own."""
    if not names[0].place:
        longer = _longer_bearers(directory, key, names)
        if len(longer) == 1:
            directory.by_key[key] = longer[0]
            longer[0].introduced = min(longer[0].introduced, names[0].first)
            _describe(directory, longer[0], names)
            return
    _add_bearer(directory, key, names)


def _longer_bearers(directory: Directory, key: tuple[str, ...], names: Sequence[Name]) -> list[Bearer]:
    if key[0] in REGNAL and len(key) == 2:
        return [one for one in directory.by_first.get(key[1], ())[:MAX_SHARED] if one.may_be_person]
    core = _core(key)
    if len(core) == 1 and len(key[0]) == 1:
        sharing = [one for one in directory.by_last.get(core[0], ())[:MAX_SHARED] if one.may_be_person]
        initialled = [one for one in sharing if one.key[0][0] == key[0]]
        return initialled or ([one for one in sharing if one.gender != "f"] if key[0] == "m" else [])
    organisation = any(name.type == "organisation" for name in names)
    found = []
    near = directory.by_last.get(core[-1], [])[:MAX_SHARED] + directory.by_first.get(core[0], [])[:MAX_SHARED]
    for bearer in dict.fromkeys(near):
        if bearer.place or (organisation and bearer.type == "person"):
            continue
        if _shortens(core, _core(bearer.key), organisation or bearer.type == "organisation"):
            found.append(bearer)
    if organisation and not found:
        content = frozenset(word for word in key if word not in _GLUE)
        found = [
            bearer
            for bearer in directory.bearers[-MAX_SHARED:]
            if content == frozenset(word for word in bearer.key if word not in _GLUE)
        ]
    return found


def _shortens(short: tuple[str, ...], long: tuple[str, ...], organisation: bool) -> bool:
    """Whether `short` is `long` with words left out in the way names are shortened."""
    if short == long:
        return True
    if len(short) < 2 or len(short) >= len(long):
        return False
    if organisation:
        if short == long[-len(short) :]:
            return True
        if short == long[: len(short)]:
            return all(word in COMPANY_SUFFIXES or word in ("company", "group") for word in long[len(short) :])
        return short[0] == long[0] and short[-1] == long[-1] and _is_subsequence(short, long)
    if short[0] == long[0] or short == long[-len(short) :]:
        return _is_subsequence(short, long)
    return False


def _is_subsequence(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    rest = iter(long)
    return all(word in rest for word in short)


def _settle(directory: Directory) -> None:
    """Decides in text order for every name whom it means and notes the places and forms of each bearer."""
    for name in directory.names:
        bearers, sure = meant_by(directory, name)
        directory.meant.append(bearers)
        if len(bearers) == 1:
            bearer = bearers[0]
            bearer.places.append(name.first)
            if len(name.key) == 1 and len(bearer.key) > 1:
                bearer.short[name.key[0]] = bearer.short.get(name.key[0], 0) + sure
                bearer.forms.setdefault(display(directory.words, name))
                bearer.gender = bearer.gender or gender_of_titles(name.titles)
                if name.type == "person":
                    bearer.votes["person"] = bearer.votes.get("person", 0) + 1
