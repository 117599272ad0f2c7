"""What a reader writes into a search box, as terms; and the same terms marked in a text. Pure: text in, values out.

Words stand for themselves: case and the accents of Latin letters aside, never cut to a stem and never left out for
being common, since a desk looks for the words that were said; `tax*` finds the forms. Both databases get the same
terms, so that both find the same rows. All else that a reader may type only separates words: there is no syntax that
can fail, and none that reaches a database's own query language.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from html import escape

MAX_TERMS = 32
MIN_PREFIX = 2  # letters before a *: one letter begins a tenth of all words
SNIPPET = 240  # characters of a long text that are shown around what was found
_LEAD = 80  # of them before it
_WORD = re.compile(r"[^\W_]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_MARKUP = re.compile("[&<>]")
_TERM = re.compile(r'(-?)(?:"([^"]*)"?(\*?)|([^\s"]+))')


class NoWordsError(ValueError):
    """The text holds nothing that can be searched for; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word, or several that follow each other.

    Attributes:
        words: In small letters, without accents.
        is_prefix: Whether the last word may go on.
        is_excluded: Whether rows with it are left out.
    """

    words: tuple[str, ...]
    is_prefix: bool = False
    is_excluded: bool = False


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """All wanted terms must be there, in any order; none of the excluded ones may."""

    terms: tuple[Term, ...]

    @property
    def wanted(self) -> tuple[Term, ...]:
        """The terms that must be there."""
        return tuple(term for term in self.terms if not term.is_excluded)

    @property
    def excluded(self) -> tuple[Term, ...]:
        """The terms that must not."""
        return tuple(term for term in self.terms if term.is_excluded)


def parse_search(text: str) -> SearchQuery:
    """Reads words, "phrases", prefix* and -exclusions.

    Raises:
        NoWordsError: there is no word in it, there are too many, or a prefix is too short.
    """
    terms = []
    for match in _TERM.finditer(text):
        minus, phrase, star, word = match.groups()
        body = word if phrase is None else phrase
        words = tuple(_WORD.findall(fold(body)))
        if not words:
            continue
        is_prefix = bool(star) if word is None else word.endswith("*")
        if is_prefix and len(words[-1]) < MIN_PREFIX:
            raise NoWordsError(f"Give at least {MIN_PREFIX} letters before the *, such as {words[-1]}b*.")
        terms.append(Term(words, is_prefix, bool(minus)))
    if not terms:
        raise NoWordsError("There is no word of letters or digits in it; give at least one.")
    if len(terms) > MAX_TERMS:
        raise NoWordsError(f"At most {MAX_TERMS} words or phrases, got {len(terms)}.")
    return SearchQuery(tuple(terms))


def fold(text: str) -> str:
    """The text in small letters, Latin ones without accents, as both indexes have it."""
    return _folded_in_place(text if text.isascii() else unicodedata.normalize("NFC", text))


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    """One character without accents if it is Latin, in its small form if that is one character."""
    parts = unicodedata.normalize("NFD", char)
    char = parts[0] if parts[0].isascii() else char
    small = char.lower()
    return small if len(small) == 1 else char


# --- FTS5 and tsquery ------------------------------------------------------------------------------------------------


def fts5_match(terms: tuple[Term, ...], *, any_of: bool = False) -> str:
    """The terms as FTS5 reads them; each is quoted, so none is read as an operator."""
    parts = [f'"{" ".join(term.words)}"{" *" if term.is_prefix else ""}' for term in terms]
    return (" OR " if any_of else " AND ").join(parts)


def tsquery(terms: tuple[Term, ...], *, weight: str = "", any_of: bool = False) -> str:
    """The terms as `to_tsquery` reads them.

    Args:
        terms: All of them must be there.
        weight: "A" for words of that weight only.
        any_of: One is enough.
    """
    parts = []
    for term in terms:
        ends = [""] * (len(term.words) - 1) + ["*" if term.is_prefix else ""]
        marked = [
            f"'{word}'" + (f":{end}{weight}" if end or weight else "")
            for word, end in zip(term.words, ends, strict=True)
        ]
        parts.append(f"({' <-> '.join(marked)})")
    return (" | " if any_of else " & ").join(parts)


# --- What was found --------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _pattern(terms: tuple[Term, ...]) -> re.Pattern[str]:
    """What the wanted terms look like in a folded text."""
    return re.compile(rf"(?:{'|'.join(sorted({_shape(term) for term in terms}, key=len, reverse=True))})(?![^\W_])")


def _shape(term: Term) -> str:
    first, *others = map(re.escape, term.words)
    # What stands before the word is looked at behind it: what begins with letters is found four times as fast.
    parts = [rf"{first}(?<![^\W_]{first})", *others]
    return r"[\W_]{1,20}".join(parts) + (r"[^\W_]{0,100}" if term.is_prefix else "")


def count_found(text: str, terms: tuple[Term, ...]) -> list[int]:
    """How often each term occurs."""
    folded = _folded_in_place(text)
    return [sum(1 for _ in _pattern((term,)).finditer(folded)) for term in terms]


def _folded_in_place(text: str) -> str:
    """The text folded, each character at its place."""
    # Most of a text is ASCII; what is left of the rest has no small form of another length.
    return _NOT_ASCII.sub(lambda match: _plain(match[0]), text).lower()


def _escaped(text: str) -> str:
    return escape(text, quote=False)


class Highlighter:
    """Marks what was searched for in many texts.

    Args:
        query: What was searched for.
        limit: Longest text that is shown whole, in characters.
    """

    def __init__(self, query: SearchQuery, *, limit: int = SNIPPET) -> None:
        self._pattern = _pattern(query.wanted) if query.wanted else None
        self._limit = limit

    def mark(self, text: str) -> str:
        """The text as HTML, what was found within `<mark>`; of a long text the part around the first that was found.

        Whatever looks like markup in the text is escaped.
        """
        found = [match.span() for match in self._pattern.finditer(_folded_in_place(text))] if self._pattern else []
        start, end = _window(text, found[0][0] if found else 0, self._limit)
        escaped = _escaped if _MARKUP.search(text) else str
        parts, at = ["…" if start else ""], start
        for left, right in found:
            if start <= left and right <= end:
                parts += [escaped(text[at:left]), "<mark>", escaped(text[left:right]), "</mark>"]
                at = right
        parts += [escaped(text[at:end]), "…" if end < len(text) else ""]
        return "".join(parts)


def _window(text: str, first: int, limit: int) -> tuple[int, int]:
    """Where the part around a place begins and ends, between words."""
    if len(text) <= limit:
        return 0, len(text)
    start = max(0, first - _LEAD)
    if start:
        start = max(text.find(" ", start, first) + 1, 0) or start
    end = min(len(text), start + limit)
    if end < len(text):
        end = max(text.rfind(" ", first, end), 0) or end
    return start, end
