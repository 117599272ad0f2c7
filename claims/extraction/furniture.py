"""What stands before the sentences of an article and belongs to none: datelines, bylines, bullets.

To a model that learned from American papers "NEW DELHI: The court said …" looks like a speaker and what he says, and
"LONDON — The bridge is shut, she said" like a statement that begins with a place. The tagger is therefore shown blanks
instead, so that all offsets stay as they are. A place counts as one where it is known, or stands in capitals that come
back nowhere else as a name.
"""

import re

from claims.extraction.lexicons import load

_PLACE = r"([A-Z][\w.'’-]{1,30}(?:[ /][A-Z][\w.'’-]{1,30}){0,2})"
_AFTER = r"((?:, [A-Z\d][\w.'’ ]{1,30}){0,2})"
_AGENCY = r"([ ]\([A-Za-z][^()\n]{1,30}\))?"
_SENTENCE = r"(?=[A-Z0-9“„«\"‘'])"
_DATELINE = re.compile(rf"[ \t\xa0]*{_PLACE}{_AFTER}{_AGENCY}(:|[ ]?(?:—|–|--|-|\|))?[ \t\xa0]+{_SENTENCE}")
"""A place, perhaps a region, a date or an agency, and a mark: "PATNA, Feb 3 (PTI): ", "Nairobi, Kenya – "."""
_AGENCY_ALONE = re.compile(rf"[ \t\xa0]*\([A-Z][A-Z ./]{{1,20}}\)[ ]?(?:—|–|--|-)?[ \t\xa0]+{_SENTENCE}")
_BYLINE = re.compile(
    r"[ \t]*By [A-Z][\w.'’-]{0,30}(?: [A-Z][\w.'’-]{0,30}){1,3}(?:(?:,| and| \|) [^\n.!?]{1,60})?[ \t]*(?=\n|$)"
)
_BULLET = re.compile(r"(?m)^[ \t\xa0]*(?:[-•*·▪◦‣]|\d{1,2}[.)])[ \t\xa0]+(?=(?:[^\s]+[ \t\xa0]+){4})")
_SIGN_OFF = re.compile(
    r"(?<=[\w.!?”\"’»])[ \t\xa0]*(?:\[[a-z]{2,3}(?:/[a-z]{2,3}){0,2}\]|\([a-z]{2,3}(?:/[a-z]{2,3}){0,2}\))(?=\s*\Z)"
)
"""The initials of those who wrote and edited a wire story: "[rw/lm]"."""
_NEXT = re.compile(r" [A-Z]")  # "the Karvandi Cricket Board"
_LINES = 3  # a headline and a byline may stand before the first line
_FEWEST_WORDS = 10
"""Words behind a dateline: a headline such as "Minister: No cuts" is shorter and does name who speaks."""
_LONGEST_WORD = 30
_BEFORE_PLACES = frozenset(("in", "at", "from", "to", "near", "of", "across", "around", "outside"))
_PLACES = load("places") | load("dateline_places")
_NAMES = load("first_names_male") | load("first_names_female") | load("first_names_either") | load("role_nouns")


def without_furniture(text: str) -> str:
    """Returns the text with blanks for its dateline, byline and bullets; offsets stay as they are."""
    begin = 0
    for _ in range(_LINES):
        while begin < len(text) and text[begin].isspace():
            begin += 1
        end = text.find("\n", begin)
        end = len(text) if end < 0 else end
        found = _BYLINE.match(text, begin) or _dateline(text, begin, end)
        if found:
            text = text[:begin] + " " * (found.end() - begin) + text[found.end() :]
        begin = end
    text = _SIGN_OFF.sub(lambda initials: " " * len(initials.group()), text)
    return _BULLET.sub(lambda bullet: " " * len(bullet.group()), text)


def _dateline(text: str, begin: int, end: int) -> re.Match[str] | None:
    if alone := _AGENCY_ALONE.match(text, begin):
        return alone
    found = _DATELINE.match(text, begin)
    if found is None or text.count(" ", found.end(), end) < _FEWEST_WORDS - 1:
        return None
    place, after, agency, mark = found.groups()
    known = place.casefold() in _PLACES or after[2:].split(",")[0].casefold() in _PLACES
    told = mark or (agency and after) or (agency and known)
    by_agency = agency and mark and ":" not in mark
    by_agency = by_agency or (mark == " —" and not any(word.casefold() in _NAMES for word in place.split()))
    return found if told and (known or by_agency or _is_new_in_capitals(text, place, found.end())) else None


def _is_new_in_capitals(text: str, place: str, behind: int) -> bool:
    """Whether a label stands in capitals, is nobody, and comes back, if at all, behind a preposition or in a name."""
    words = place.split()
    if not place.isupper() or any(word.casefold() in _NAMES for word in words):
        return False
    again = re.compile(rf"\b{re.escape(words[-1])}\b", re.IGNORECASE)
    return all(
        _BEFORE_PLACES & (before := _word_before(text, match.start()))
        or ("the" in before and _NEXT.match(text, match.end()))
        for match in again.finditer(text, behind)
    )


def _word_before(text: str, at: int) -> set[str]:
    return set(text[max(0, at - _LONGEST_WORD) : at].casefold().split()[-1:])
