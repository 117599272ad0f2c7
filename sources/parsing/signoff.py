"""The sign-off: agency, desk initials and end marks below the last sentence of wire copy.

    --IANS   -- ANI   —Reuters   (PTI)     on a line of its own, or closing the last paragraph
    mr/dan   abc/xyz/   (ab/cd)   PTI ABC  initials of reporter and desk
    (Reporting by A. Roe; editing by Doe)  credits
    ###   -30-   ENDS                      end marks

A listed agency, or capitals after a dash, stand for themselves. Anything weaker (an unlisted name after a dash, a
pair of short words with a slash, "ENDS") counts only where dateline, machine line or another sign-off vouches for
it: a poem ends in "—Shakespeare", a form in "yes/no". Only lines at the very end are looked at; a line that begins
with dashes in the middle of the text is text.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from sources.parsing.lexicon import AGENCIES, NOT_INITIALS

_WINDOW: Final = 600
_LINE: Final = 60
_CREDITS_LINE: Final = 240
_MOST_LINES: Final = 5

Kind = Literal["agency", "credits", "initials", "end"]

_DASHED: Final = re.compile(r"(?:--?|—|–)\s{0,2}(?P<name>[^\W\d_][\w.&'’/ -]{1,38}[\w.])")
_BRACKETED: Final = re.compile(r"[(\[](?P<name>[^\W\d_][\w.&'’/ -]{1,38})[)\]]\.?")
_DESK_LINE: Final = re.compile(r"(?P<name>[A-Z]{2,8})(?: [A-Z]{2,4}){1,7}")
_INITIALS: Final = re.compile(
    r"\((?P<inner>[a-z]{1,5}(?:/[a-z]{1,5}){1,5})\)|(?:[a-z]{1,5}(?:/[a-z]{1,5}){1,5}|[A-Z]{2,5}(?:/[A-Z]{2,5}){1,5})/?"
)
_CREDITS: Final = re.compile(
    r"[(\[](?:Additional r|R)eporting by (?P<names>[^()\[\]\n;]{3,120})(?:;[^()\[\]\n]{3,100})?[)\]]\.?"
)
_END: Final = re.compile(r"#{2,5}|-{1,2} ?30 ?-{1,2}|\*{3,5}|[(\[]?(?:ENDS?|End)[)\]]?|-{1,2} ?(?:ENDS?|End) ?-{1,2}")
_SURE_END: Final = re.compile(r"#{2,5}|-{1,2} ?30 ?-{1,2}|-{1,2} ?ENDS? ?-{1,2}")
_INLINE: Final = re.compile(
    r"(?<=[.!?…\"'”’)])[ \t]{0,2}"
    r"(?:\((?P<bracketed>[^\W\d_][\w.&'’/ -]{1,38})\)|(?:--|—|–) ?(?P<dashed>[^\W\d_][\w.-]{1,18}))$"
)


@dataclass(frozen=True, slots=True)
class Signoff:
    """Where the sign-off begins, and the agency and reporters that it names; empty if it names none."""

    start: int
    agency: str
    reporters: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    kind: Kind
    name: str
    sure: bool


def read_signoff(text: str, begin: int, *, vouched: bool, agency: str) -> Signoff | None:
    """Return what closes the copy, or None.

    Args:
        text: Text in normal form.
        begin: Where the body begins; nothing before it is looked at.
        vouched: Whether machine line or dateline already show that this is wire copy.
        agency: The dateline's agency, which the sign-off may repeat.
    """
    lines = _closing_lines(text, begin, agency)
    kinds = {line.kind for line in lines}
    vouched = vouched or {"agency", "initials"} <= kinds or any(line.sure for line in lines)
    start = lines[-1].start if lines else len(text)
    name = next((line.name for line in reversed(lines) if line.kind == "agency"), "")
    reporters = next((line.name for line in reversed(lines) if line.kind == "credits"), "")
    inline = _inline(text, begin, start, vouched=vouched and bool(lines), agency=agency)
    if inline is not None:  # a listed agency there vouches for the lines below it, too
        return Signoff(inline.start, name or inline.agency, reporters)
    return Signoff(start, name, reporters) if lines and vouched else None


def _closing_lines(text: str, begin: int, agency: str) -> list[_Line]:
    """Return the closing lines from the last one upwards."""
    lines: list[_Line] = []
    end = len(text)
    floor = max(begin, end - _WINDOW)
    while end > floor and len(lines) < _MOST_LINES:
        while end > floor and text[end - 1] in "\n \t":
            end -= 1
        start = text.rfind("\n", floor, end) + 1 or floor
        if start <= begin or end - start > _CREDITS_LINE:
            break
        line = _classify(text[start:end].strip(), start, agency)
        if line is None:
            break
        lines.append(line)
        end = start
    return lines


def _classify(line: str, start: int, agency: str) -> _Line | None:
    if found := _CREDITS.fullmatch(line):
        return _Line(start, "credits", found["names"].strip(), sure=";" in line)
    if len(line) > _LINE:
        return None
    if _END.fullmatch(line):
        return _Line(start, "end", "", _SURE_END.fullmatch(line) is not None)
    if _INITIALS.fullmatch(line):
        words = line.lower().strip("/()").split("/")
        return None if any(word in NOT_INITIALS for word in words) else _Line(start, "initials", "", sure=False)
    if found := _DASHED.fullmatch(line) or _BRACKETED.fullmatch(line):
        name = found["name"].strip()
        if _is_listed(name.rstrip("."), agency):  # "- Reuters."
            name = name.rstrip(".")
        listed = _is_listed(name, agency)
        capitals = name.isupper() and 2 <= len(name) <= 8 and line.startswith(("--", "—", "–"))
        if listed or capitals:
            return _Line(start, "agency", name, sure=True)
        return _Line(start, "agency", name, sure=False) if _may_be_agency(name) else None
    if (found := _DESK_LINE.fullmatch(line)) and _is_listed(found["name"], agency):
        return _Line(start, "agency", found["name"], sure=True)
    return None


def _is_listed(name: str, agency: str) -> bool:
    names = [part.strip().lower() for part in name.split("/")]
    return name == agency or all(part in AGENCIES for part in names)


def _may_be_agency(name: str) -> bool:
    """Tell whether an unlisted name may be an agency: capitals, one capitalised word, or a word that says so."""
    words = name.split()
    if name.isupper() and len(name) <= 12:
        return True
    if len(words) == 1:
        return name[0].isupper()
    says_so = {"agency", "news", "newswire", "press", "service", "wire"} & {word.lower() for word in words}
    return bool(says_so) and len(words) <= 5 and words[0][0].isupper()


def _inline(text: str, begin: int, end: int, *, vouched: bool, agency: str) -> Signoff | None:
    """Return a sign-off that closes the last paragraph: "… he said. (ANI)"; only listed or repeated agencies."""
    while end > begin and text[end - 1] in "\n \t":
        end -= 1
    floor = max(begin, end - _LINE)
    found = _INLINE.search(text[floor:end])
    if found is None:
        return None
    name = (found["bracketed"] or found["dashed"]).strip()
    if not _is_listed(name, agency) and not (vouched and name.isupper()):
        return None
    return Signoff(floor + found.start(), name)
