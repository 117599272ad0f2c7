"""Whether a text is one that the engine can read: English prose in Latin letters.

The model knows English only; on another language it would invent claims. The check counts letters and the commonest
function words at three places of the text. A text too short to tell is tried as English. Do NOT use it to name
languages for readers: it only tells English from the rest.
"""

import re
import unicodedata

ENGLISH = "en"
OTHER = "other"
SAMPLE = 4_000
FEWEST_LETTERS = 20
FEWEST_WORDS = 30
LATIN = 0.6
"""Least share of Latin letters among letters."""
FUNCTION = 0.12
"""Least share of function words. English news has .35 to .45; lists, tables and capitals fall lower, while texts in
other European languages share only a few forms ("a", "in", "on", "as", "he", "is", "was") and stay under .1."""

_WORD = re.compile(r"[^\W\d_]+")
_FAR = re.compile(r"[^\W\d_\u0000-\u024f]+")
"""Letters that are not plainly Latin."""
_FUNCTION_WORDS = frozenset(
    """a about after all also an and are as at be because been before but by can could did do for from had has have he
    her him his how if in into is it its more not of on one or our out over said say says she should so than that the
    their them there they this to up us was we were what when which who will with would you your""".split()  # noqa: SIM905
)


def language_of(text: str) -> str:
    """Return "en" where the text can be read as English, else "other"."""
    middle = max(0, (len(text) - SAMPLE) // 2)
    sample = text if len(text) <= 3 * SAMPLE else text[:SAMPLE] + text[middle : middle + SAMPLE] + text[-SAMPLE:]
    words = _WORD.findall(sample.lower())
    letters = sum(map(len, words))
    if letters < FEWEST_LETTERS:
        return ENGLISH
    foreign = 0 if sample.isascii() else sum(not _is_latin(letter) for run in _FAR.findall(sample) for letter in run)
    if letters - foreign < LATIN * letters:
        return OTHER
    if len(words) < FEWEST_WORDS:
        return ENGLISH
    return ENGLISH if sum(word in _FUNCTION_WORDS for word in words) >= FUNCTION * len(words) else OTHER


def _is_latin(letter: str) -> bool:
    """Whether a letter beyond the common ones is Latin."""
    return letter > "\u1dff" and "LATIN" in unicodedata.name(letter, "")
