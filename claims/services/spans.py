"""Stretches of text as editors choose them: checked, and moved to whole words.

A selection by hand ends in the middle of a word, takes a blank too many, or cuts an accent off its letter. What is
stored must be words, since the engine learns from it and readers see it as a quote. So blanks fall off at both ends,
and an end within a word goes outward to the word's own; where a script writes no blanks between words, only what
belongs to one character is kept together. Do not guess at anything else: a span out of range or twice the same is an
error.
"""

import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from claims.errors import InvalidValue
from claims.extraction.values import Span

MOST_SPANS = 20
LONGEST_WORD = 60  # characters looked at on each side for the end of a word
_APOSTROPHES = "'’"
_JOINERS = "\u200d\ufe0e\ufe0f"
_SKIN_TONES = ("\U0001f3fb", "\U0001f3ff")
# Scripts without blanks between words: Thai to Khmer, kana and han, hangul aside since it has blanks.
_UNSPACED = (("\u0e00", "\u109f"), ("\u1780", "\u17ff"), ("\u2e80", "\u30ff"), ("\u3400", "\u9fff"))


def tidy_spans(text: str, spans: Sequence[Sequence[int]], field: str, *, may_be_empty: bool = False) -> list[Span]:
    """Whole words, in the order of the text.

    Args:
        text: The article's text.
        spans: Pairs of code points, end exclusive, in any order.
        field: What to call them where they are refused.
        may_be_empty: Whether there may be none at all.

    Raises:
        InvalidValue: a span is no pair of numbers within the text, holds no word, or shares characters with another.
    """
    if not spans and not may_be_empty:
        raise InvalidValue(f"{field} needs at least one stretch of the article's text.", field=field)
    if len(spans) > MOST_SPANS:
        raise InvalidValue(f"{field} may have {MOST_SPANS} stretches at most, got {len(spans)}.", field=field)
    tidy = sorted(_tidy(text, span, field) for span in spans)
    for one, following in pairwise(tidy):
        if following.start < one.end:
            raise InvalidValue(f"{field}: two stretches share “{text[following.start : one.end][:80]}”.", field=field)
    return tidy


def _tidy(text: str, span: Sequence[int], field: str) -> Span:
    if len(span) != 2 or not all(isinstance(one, int) and not isinstance(one, bool) for one in span):
        raise InvalidValue(f"{field} must be pairs of numbers such as [12, 40], got {str(span)[:80]}.", field=field)
    start, end = span
    if not 0 <= start < end <= len(text):
        raise InvalidValue(
            f"{field}: [{start}, {end}] is no stretch of this text, which ends at {len(text)}.", field=field
        )
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if not any(char.isalnum() for char in text[start:end]):
        raise InvalidValue(f"{field}: “{text[start:end][:80]}” holds no word.", field=field)
    return Span(_outward(text, start, -1), _outward(text, end, 1))


def _outward(text: str, at: int, step: int) -> int:
    """The next place, from `at` on, that cuts neither a word nor a character."""
    for _ in range(LONGEST_WORD):
        if not 0 < at < len(text) or not _belong_together(text, at):
            break
        at += step
    return at


def _belong_together(text: str, at: int) -> bool:
    """Whether a cut before `text[at]` would part what is one word or one character."""
    left, right = text[at - 1], text[at]
    if unicodedata.category(right)[0] == "M" or right in _JOINERS or left == "\u200d":
        return True
    if _SKIN_TONES[0] <= right <= _SKIN_TONES[1]:
        return True
    if right in _APOSTROPHES:
        return _is_word(left) and _is_word(text[at + 1 : at + 2])
    if left in _APOSTROPHES:
        return _is_word(text[max(at - 2, 0) : at - 1]) and _is_word(right)
    return _is_word(left) and _is_word(right) and not (_is_unspaced(left) or _is_unspaced(right))


def _is_word(char: str) -> bool:
    return bool(char) and (char.isalnum() or unicodedata.category(char)[0] == "M")


def _is_unspaced(char: str) -> bool:
    return any(first <= char <= last for first, last in _UNSPACED)
