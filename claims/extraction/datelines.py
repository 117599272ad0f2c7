"""Datelines with a colon: "NEW DELHI: The court said …", as papers of South Asia and Africa print them.

To a model that learned from American papers the place looks like the label of a speaker, and the whole sentence like
what it says. Where a place is known, or stands in capitals that come back nowhere else as a name, the tagger is shown
blanks instead, so that all offsets stay as they are.
"""

import re

from claims.extraction.lexicons import load

_LABEL = re.compile(
    r"[ \t\xa0]*([A-Z][\w.'’-]{1,30}(?:[ /][A-Z][\w.'’-]{1,30}){0,2})"
    r"(?:, [A-Z][\w.'’ -]{1,30})?(?: \([^()\n]{1,30}\))?:[ \t\xa0]+(?=[A-Z0-9“\"‘'])"
)
"""A place, and perhaps a date or an agency: "PATNA, Feb 3 (PTI): "."""
_LONGEST_WORD = 30
_LINES = 2  # a headline may stand before the first line
_FEWEST_WORDS = 10
"""Words behind a dateline: a headline such as "Minister: No cuts" is shorter and does name who speaks."""
_BEFORE_PLACES = frozenset(("in", "at", "from", "to", "near", "of", "across", "around", "outside"))
_PLACES = load("places") | load("dateline_places")
_NAMES = load("first_names_male") | load("first_names_female") | load("first_names_either") | load("role_nouns")


def without_dateline(text: str) -> str:
    """Returns the text with blanks for the place that its first line begins with; offsets stay as they are."""
    begin = 0
    for _ in range(_LINES):
        while begin < len(text) and text[begin] == "\n":
            begin += 1
        label = _LABEL.match(text, begin)
        end = text.find("\n", begin)
        line_end = len(text) if end < 0 else end
        if label and _is_place(text, label.group(1), label.end()) and _is_long(text, label.end(), line_end):
            return text[: label.start(1)] + " " * (label.end() - label.start(1)) + text[label.end() :]
        begin = line_end
    return text


def _is_long(text: str, start: int, end: int) -> bool:
    return text.count(" ", start, end) >= _FEWEST_WORDS - 1


def _is_place(text: str, label: str, behind: int) -> bool:
    """Whether a label is a place: known, or in capitals and met again, if at all, behind a preposition."""
    if label.casefold() in _PLACES:
        return True
    words = label.split()
    if not label.isupper() or any(word.casefold() in _NAMES for word in words):
        return False
    again = re.compile(rf"\b{re.escape(words[-1])}\b", re.IGNORECASE)
    return all(_BEFORE_PLACES & _word_before(text, match.start()) for match in again.finditer(text, behind))


def _word_before(text: str, at: int) -> set[str]:
    return set(text[max(0, at - _LONGEST_WORD) : at].casefold().split()[-1:])
