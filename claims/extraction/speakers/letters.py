"""Who "I" is outside of quotations: the writer of a signed letter, or whom the text itself names as its author.

A letters page signs each letter with a paragraph that is nothing but a name; "I" above it is that person. An article
may say who wrote it in a line of its own ("By Ana Sol") or end with who the writer is ("Ana Sol is a columnist …"). A
name over a paragraph is a heading as often, so a signature must close: a full stop or dash, or a short line after it.
"""

from claims.extraction.lexicons import word_set
from claims.extraction.speakers.bearers import Bearer, Directory
from claims.extraction.speakers.mention import NameIndex
from claims.extraction.speakers.name import Name
from claims.extraction.speakers.roles import PEOPLE
from claims.extraction.speakers.tokens import Words

_FIRST = word_set("i me my mine myself i'm i've i'd i'll")
_SHORT = 6  # words of the line after a signature: a place, a title
_BIO = 12  # words of "Ana Sol is a professor of law at …" within which the role stands


def signatures(directory: Directory) -> list[tuple[int, int, Bearer]]:
    """Returns the letters of a text as word ranges, each with the person who signed it, in text order."""
    words = directory.words
    found = []
    begin = 0
    for name, meant in zip(directory.names, directory.meant, strict=True):
        if len(meant) != 1 or not _is_signature(words, name, meant[0]):
            continue
        said = any(words.low[at] in _FIRST and not words.quoted[at] for at in range(begin, name.outer))
        if said:
            found.append((begin, name.outer, meant[0]))
        begin = name.last + 1
    return found


def _is_signature(words: Words, name: Name, bearer: Bearer) -> bool:
    first, last, total = name.outer, name.last, len(words)
    if name.place or not (bearer.may_be_person and (len(bearer.key) > 1 or bearer.key[0][0] == "@")):
        return False
    opens = first > 0 and words.paragraph[first - 1] != words.paragraph[first]
    if not opens or (last + 1 < total and words.paragraph[last + 1] == words.paragraph[last]):
        return False
    dashed = words.gap(first - 1).rstrip()[-1:] in ("—", "–", "-")
    if last + 1 == total or words.gap(last).lstrip()[:1] == "." or dashed:
        return True
    stop = min(total, last + 2 + _SHORT)
    return any(words.paragraph[at] != words.paragraph[last + 1] for at in range(last + 1, stop))


def author_in_text(directory: Directory, index: NameIndex) -> Bearer | None:
    """Returns the person whom a line "By Ana Sol" near the top, or a closing line about the writer, names."""
    words = directory.words
    total = len(words)
    for at in range(min(40, total - 1)):
        opens = at == 0 or words.paragraph[at - 1] != words.paragraph[at]
        if opens and words.low[at] == "by" and words.capital[at]:
            position = index.covering(at + 1)
            if position >= 0 and index.names[position].outer == at + 1:
                name, meant = index.names[position], directory.meant[position]
                ends = name.last + 1 >= total or words.paragraph[name.last + 1] != words.paragraph[at]
                if ends and len(meant) == 1 and meant[0].may_be_person and len(meant[0].key) > 1:
                    return meant[0]
    return _told_last(directory, index)


def _told_last(directory: Directory, index: NameIndex) -> Bearer | None:
    """Returns who "Ana Sol is a professor of law" introduces in one of the last paragraphs and nowhere before."""
    words = directory.words
    last = words.paragraph[-1] if len(words) else 0
    for position in range(len(index.names) - 1, max(-1, len(index.names) - 12), -1):
        name, meant = index.names[position], directory.meant[position]
        at = name.last + 1
        if words.paragraph[name.first] < last - 1:
            return None
        opens = name.outer > 0 and words.paragraph[name.outer - 1] != words.paragraph[name.outer]
        if not opens or at + 2 >= len(words) or words.low[at] not in ("is", "was") or len(meant) != 1:
            continue
        roles = words.low[at + 1 : at + 1 + _BIO]
        alone = meant[0].places[0] == name.first and meant[0].may_be_person and len(meant[0].key) > 1
        if alone and not PEOPLE.isdisjoint(roles):
            return meant[0]
    return None
