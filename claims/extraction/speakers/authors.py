"""Who made a document or statement by its own words: "a complaint filed by the Port Board", "a letter from Ana Sol"."""

from claims.extraction.lexicons import load, word_set
from claims.extraction.speakers.mention import NameIndex
from claims.extraction.speakers.name import Name
from claims.extraction.speakers.roles import ORGANISATIONS, PEOPLE
from claims.extraction.speakers.tokens import Words
from claims.extraction.speakers.vocabulary import UNNAMED

DOCUMENTS = load("document_nouns")
_MADE = word_set(
    "authored compiled conducted drafted emailed filed issued made posted prepared produced published put "
    "released sent signed submitted tweeted written"
)
_FIGURES = word_set("data figures numbers results statistics")
_LONGEST = 5  # words between a noun and "by"
_AHEAD = 3  # words between "by" and the name: "by the federal Port Board"


def author_after(words: Words, index: NameIndex, head: int, end: int, last: int) -> int:
    """Returns the last word of the name after "by" or "from" that tells who made what `head` means, or -1.

    Args:
        words: The article.
        index: Its names.
        head: The noun; one for people or institutions has no author.
        end: The last word of its phrase.
        last: The last word of the mention.
    """
    noun = words.low[head]
    if noun in PEOPLE or noun in ORGANISATIONS or (noun in UNNAMED and noun not in DOCUMENTS):
        return -1
    if noun.endswith("s") and noun not in DOCUMENTS:
        return -1
    for at in range(end + 1, min(last, end + _LONGEST)):
        low = words.low[at]
        if low == "from" and at == end + 1:
            return _name_from(words, index, at, last, places=False)
        if low == "by" and noun in DOCUMENTS and (at == end + 1 or words.low[at - 1] in _MADE | {"out"}):
            return _name_from(words, index, at, last, places=True)
        if words.gap(at - 1).strip():
            return -1
    return -1


def _name_from(words: Words, index: NameIndex, at: int, last: int, *, places: bool) -> int:
    """Returns the last word of the name soon after a preposition, or -1; a place makes nothing but where it acts."""
    position = index.next_after(at)
    if position >= len(index.names):
        return -1
    name = index.names[position]
    if name.last > last or name.outer > at + 1 + _AHEAD or (name.place and not places):
        return -1
    if words.low[name.last] in DOCUMENTS and not _is_source(words, name, at):
        return -1
    if words.possessive[name.last] or (name.place and name.type == "unknown"):
        return -1
    free = all(not words.gap(i).strip() and words.low[i] not in PEOPLE | UNNAMED for i in range(at, name.outer))
    follows = words.low[name.last + 1] if name.last < last and not words.gap(name.last).strip() else ""
    return name.last if free and follows not in PEOPLE | UNNAMED else -1


def _is_source(words: Words, name: Name, at: int) -> bool:
    """Whether a name that ends in a document's noun is where figures come from ("the Office for Statistics")."""
    return name.type == "organisation" or (words.low[at] == "from" and words.low[at - 1] in _FIGURES)
