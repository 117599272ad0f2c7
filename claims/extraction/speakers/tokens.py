"""A text as words with the few facts that name finding needs: case, sentence, paragraph, quotation.

This is no linguistic tokenizer. One pass of two flat patterns, no parse, no state carried over a paragraph.
Do NOT add a rule here for one kind of name; names are runs of these words (`names`).
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from claims.extraction.lexicons import load
from claims.extraction.quotes import quote_spans
from claims.extraction.values import Span

# Text is taken as it is given, so the accent of a name may be a combining mark, which is no \w.
_LETTERS = r"[\w\u0300-\u036f]+"
_COMBINING = re.compile("[\u0300-\u036f]")


def _word_pattern(letters: str) -> re.Pattern[str]:
    return re.compile(rf"[@#]\w{{2,40}}|(?:[^\W\d_]\.){{2,6}}[^\W\d_]?(?!\w)|{letters}(?:[’'&‑-]{letters})*")


_WORD = _word_pattern(_LETTERS)
_PLAIN_WORD = _word_pattern(r"\w+")  # the same without combining marks, which most texts lack; a third faster
JOINED_PARTICLES = frozenset(("al", "el", "ar", "as", "ad", "an", "az", "ash", "ul"))
_WITH_PARTICLE = re.compile(rf"\b(?:(?:{'|'.join(sorted(JOINED_PARTICLES))})-|(?:d|l|dell|dall)['’])(?=[^\W\d_a-z])")
"""Names that begin in lower case: "al-Khatib", "d'Angelo"."""
_POSSESSIVE = re.compile(r"[’']s$|[’']$", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_ABBREVIATIONS = load("abbreviations")
_APOSTROPHES = frozenset(("'", "’"))
_ENDERS = ".!?…"
_END = re.compile("[.!?…]")
_CLOSERS = "\"”’')]»"
_BULLETS = frozenset("-•*·▪◦‣")


@dataclass(slots=True)
class Words:
    """The words of one text in parallel lists; index `i` means the same word in each.

    Attributes:
        text: The text itself.
        raw: The word as it stands, without a possessive ending.
        low: `raw` lower-cased, apostrophes straight.
        start, end: Offsets in code points, the possessive ending excluded.
        possessive: Whether "'s" or a possessive apostrophe follows.
        capital: Whether the first letter is upper-case (or of a script without case, never).
        sentence: Number of the sentence, rising.
        first: Whether the word opens its sentence.
        paragraph: Number of the line-separated block, rising.
        quoted: Whether the word stands inside quotation marks.
    """

    text: str
    raw: list[str] = field(default_factory=list)
    low: list[str] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    possessive: list[bool] = field(default_factory=list)
    capital: list[bool] = field(default_factory=list)
    sentence: list[int] = field(default_factory=list)
    first: list[bool] = field(default_factory=list)
    paragraph: list[int] = field(default_factory=list)
    quoted: list[bool] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.raw)

    def at(self, offset: int) -> int:
        """Returns the index of the first word that ends after an offset; `len(self)` past the last."""
        return bisect_right(self.end, offset)

    def within(self, span: Span) -> tuple[int, int]:
        """Returns the half-open range of words that a span touches."""
        return bisect_right(self.end, span.start), bisect_left(self.start, span.end)

    def gap(self, index: int) -> str:
        """Returns what stands between word `index` and the next one, a possessive ending included."""
        if index + 1 >= len(self.raw):
            return self.text[self.end[index] : self.end[index] + 3]
        return self.text[self.end[index] : self.start[index + 1]]


def read_words(text: str, quotes: Sequence[Span] | None = None) -> Words:
    """Cuts a text into words; linear in its length.

    Args:
        text: Any text.
        quotes: Its `quote_spans`, where the caller has them.
    """
    words = Words(text)
    _cut(words)
    # One call for all words: no word holds the separator, which lower-cases to itself.
    words.low = "\0".join(words.raw).lower().replace("’", "'").split("\0") if words.raw else []
    words.capital = [raw[0].isupper() for raw in words.raw]
    for match in _WITH_PARTICLE.finditer(text):
        at = bisect_left(words.start, match.start())
        if at < len(words.start) and words.start[at] == match.start():
            words.capital[at] = True
    if "@" in text or "#" in text:
        marked = ((index, raw) for index, raw in enumerate(words.raw) if raw[0] in "@#")
        for index, raw in marked:
            words.capital[index] = raw[0] == "@" or raw[1].isupper()
    _place(words)
    words.quoted = [False] * len(words.raw)
    for span in quote_spans(text) if quotes is None else quotes:
        first, last = bisect_left(words.start, span.start), bisect_left(words.start, span.end)
        words.quoted[first:last] = [True] * (last - first)
    return words


def _cut(words: Words) -> None:
    """Fills in the words as they stand, without their possessive endings."""
    text = words.text
    pattern = _PLAIN_WORD if text.isascii() or not _COMBINING.search(text) else _WORD
    spans = [match.span() for match in pattern.finditer(text)]
    if not spans:
        return
    words.raw = raws = [text[start:end] for start, end in spans]
    starts, ends = zip(*spans, strict=True)
    words.start, words.end = list(starts), list(ends)
    words.possessive = [False] * len(raws)
    for index, raw in enumerate(raws):
        if raw[-1] not in "sSxXzZ":
            continue
        end = words.end[index]
        if len(raw) > 2 and raw[-2] in "'’" and raw[-1] in "sS":
            words.possessive[index], raws[index], words.end[index] = True, raw[:-2], end - 2
        elif text[end : end + 1] in _APOSTROPHES and _is_possessive_mark(text, end):
            words.possessive[index] = True


def _place(words: Words) -> None:
    """Fills in sentence and paragraph of each word; only a gap that is no plain space can end one."""
    text, raws, ends = words.text, words.raw, words.end
    total = len(raws)
    sentences, paragraphs, firsts = [0] * total, [0] * total, [False] * total
    sentence = paragraph = 0
    if total:
        firsts[0] = True
    filled = 0
    starts = words.start
    for index in range(1, total):
        start, previous_end = starts[index], ends[index - 1]
        if start - previous_end == 1 and text[previous_end] == " ":
            continue
        gap = text[previous_end:start]
        block = "\n" in gap and _ends_block(gap)
        if block or _ends_sentence(raws[index - 1], gap, raws[index]):
            sentences[filled:index] = [sentence] * (index - filled)
            paragraphs[filled:index] = [paragraph] * (index - filled)
            filled = index
            sentence += 1
            paragraph += block
            firsts[index] = True
    sentences[filled:] = [sentence] * (total - filled)
    paragraphs[filled:] = [paragraph] * (total - filled)
    words.sentence, words.paragraph, words.first = sentences, paragraphs, firsts


def _is_possessive_mark(text: str, at: int) -> bool:
    """An apostrophe after a final s is possessive before a space and a word, unless a quotation closes."""
    following = text[at + 1 : at + 3]
    return len(following) == 2 and following[0] == " " and following[1].isalnum()


def _ends_block(gap: str) -> bool:
    """A line break ends a block before a blank line or a bullet, or where the line before closed a sentence."""
    if gap.rsplit("\n", 1)[1].strip() in _BULLETS:
        return True
    return bool(_BLANK_LINE.search(gap)) or gap.split("\n", 1)[0].strip(" \t\r" + _CLOSERS)[-1:] in tuple(
        _ENDERS + ":;"
    )


def _ends_sentence(before: str, gap: str, after: str) -> bool:
    mark = next((char for char in gap if char in _ENDERS), "") if _END.search(gap) else ""
    if not mark or not gap[-1:] or gap.strip() == "" or gap[-1] == mark:
        return False
    if not (after[0].isupper() or after[0].isdigit() or any(char in "\"“‘'«" for char in gap)):
        return False
    if mark == "." and gap.lstrip("'’sS")[:1] == ".":
        low = before.lower()
        return not (low in _ABBREVIATIONS or (len(before) == 1 and before.isupper()))
    return True


def fold_accents(word: str) -> str:
    """Returns a word without the accents of Latin letters, as names are compared."""
    if word.isascii():
        return word
    return "".join(char for char in unicodedata.normalize("NFKD", word) if not unicodedata.combining(char))


def key_word(low: str) -> str:
    """Returns a lower-cased word of a name as names are compared: without full stops and accents."""
    if low.isalpha() and low.isascii():
        return low
    return fold_accents(low.replace(".", "")) or low
