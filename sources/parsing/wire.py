"""Wire copy to its parts: machine line, headline, byline, dateline, body, sign-off, desk initials.

All that is wire stands before the first sentence of the body or after its last one, so the body is always one
unbroken stretch of the text: parsing may take too little away, it can never lose or join anything in between. Each
end is looked at through a window of bounded size, whatever the length of the text.

Every sign can also be ordinary prose ("London, a city of nine million", a list that ends in "and/or", a signature
after a quoted poem). So each rule asks for its own proof and, where that is weak, for a second sign elsewhere; when
in doubt the words stay in the body, where a reader still finds them. Do NOT add a rule that takes words from the
body because of one capital letter or one colon.

A text without any sign of wire copy keeps its whole body. Its first line may still be *read* as the headline, but
it is taken out of the body only where another sign shows that this is wire copy.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from sources.parsing.dateline import Dateline, read_dateline
from sources.parsing.errors import BadField
from sources.parsing.lexicon import MONTHS, WEEKDAYS
from sources.parsing.signoff import Signoff, read_signoff

_LINE_LIMIT: Final = 200
_STOPPED_HEADLINE: Final = 120
_HEAD_LINES: Final = 4

_MACHINE_LINE: Final = re.compile(
    r"date[ \t]{0,4}[:=]?[ \t]{0,4}(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d))?(?P<zone>Z|[+-]\d\d:?\d\d)?)?(?=\s|$)\s{0,8}",
    re.ASCII | re.IGNORECASE,
)
_BYLINE: Final = re.compile(r"(?:by|BY|By)[ \t:]{1,4}(?P<names>[^\W\d_].{2,100})")
_BREAK: Final = re.compile(r"[^\W\d_]{3}[.!?][\"”’]? +[\"“‘]?[^\W\d_]")


@dataclass(frozen=True, slots=True)
class WireStory:
    """What the copy says about itself; `text` is `source[start:end]` of the text that was given.

    Attributes:
        text: The body.
        start: Where the body begins.
        end: Where it ends, exclusive.
        is_wire: Whether any sign of wire copy was found.
        headline: One line, or empty.
        byline: Names without "By", or those of the credits at the end, or empty.
        dateline_place: As printed, or empty.
        published_on: From the machine line, else from the dateline where the year is known.
        published_at: From the machine line, where it has time and zone.
        agency: From the sign-off, else from the dateline; as printed, or empty.
    """

    text: str
    start: int
    end: int
    is_wire: bool
    headline: str = ""
    byline: str = ""
    dateline_place: str = ""
    published_on: date | None = None
    published_at: datetime | None = None
    agency: str = ""


@dataclass(frozen=True, slots=True)
class _Head:
    """The lines before the body: where the body begins with and without a dateline, and what stands before."""

    headline: str
    byline: str
    dateline: Dateline | None
    start: int
    after_lines: int


def parse_wire(text: str, *, default_year: int | None = None, latest: date | None = None) -> WireStory:
    """Take wire copy apart.

    Args:
        text: Text in normal form (see `normalise`).
        default_year: The year of a dateline that names none, where no machine line does. The last such day not
            after `latest` in that year or the one before is meant; without it, such a date stays unknown.
        latest: The last possible day of publication.

    Raises:
        BadField: The machine line names a day that does not exist.
    """
    begin, published_on, published_at = _read_machine_line(text)
    head = _read_head(text, begin)
    vouched = begin > 0 or head.dateline is not None
    signoff = read_signoff(text, head.start, vouched=vouched, agency=head.dateline.agency if head.dateline else "")
    is_wire = vouched or signoff is not None
    start = head.start
    if head.dateline is None and is_wire:
        start = head.after_lines
    end = signoff.start if signoff else len(text)
    start, end = _trim(text, start, end)
    if start >= end:  # nothing would be left: what looked like wire was the text itself
        return WireStory(text, 0, len(text), is_wire=False)
    if published_on is None and head.dateline is not None:
        published_on = head.dateline.day_of(default_year, latest)
    return WireStory(
        text=text[start:end],
        start=start,
        end=end,
        is_wire=is_wire,
        headline=head.headline,
        byline=head.byline or (signoff.reporters if signoff else ""),
        dateline_place=head.dateline.place if head.dateline else "",
        published_on=published_on,
        published_at=published_at,
        agency=_agency(signoff, head.dateline),
    )


def _agency(signoff: Signoff | None, dateline: Dateline | None) -> str:
    if signoff is not None and signoff.agency:
        return signoff.agency
    return dateline.agency if dateline is not None else ""


def _read_machine_line(text: str) -> tuple[int, date | None, datetime | None]:
    found = _MACHINE_LINE.match(text)
    if found is None or ("\n" not in found[0] and text[found.end() : found.end() + 1].islower()):
        return 0, None, None  # "Date 2026-01-02 was chosen because …" is a sentence
    year, month, day, hour, minute, second, zone = found.groups()
    try:
        published_on = date(int(year), int(month), int(day))
        moment = None
        if zone is not None:
            clock = f"{hour}:{minute}:{second or '00'}{zone.upper()}"
            moment = datetime.fromisoformat(f"{published_on.isoformat()}T{clock}").astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadField(
            f"the first line says {found[0].strip()!r}, a day or time that does not exist; "
            "write an ISO date such as 2026-01-02, or leave the line out",
            field="published_on",
        ) from None
    return found.end(), published_on, moment


def _read_head(text: str, begin: int) -> _Head:
    """Read headline and byline line by line until a dateline or the body begins."""
    headline = byline = ""
    position = after_lines = begin
    for _ in range(_HEAD_LINES):
        dateline = read_dateline(text, position)
        if dateline is not None:
            return _Head(headline, byline, dateline, dateline.end, after_lines)
        line, following = _line_at(text, position)
        if following >= len(text):
            break
        if not byline and (names := _names_of_byline(line)):
            byline = names
        elif (
            not headline
            and not byline
            and (_looks_like_headline(line) or _stands_before_dateline(text, line, following))
        ):
            headline = line
        else:
            break
        position = following
        if text[following - 2 : following] == "\n\n" and _begins_paragraph(text, following):
            after_lines = following
    if after_lines == begin:  # a first line that runs on into the next one is no headline
        headline = byline = ""
    return _Head(headline, byline, None, begin, after_lines)


def _line_at(text: str, position: int) -> tuple[str, int]:
    """Return the line at a position and where the next one that is not blank begins."""
    end = text.find("\n", position)
    if end < 0:
        return text[position : position + _LINE_LIMIT + 1].strip(), len(text)
    line = text[position : min(end, position + _LINE_LIMIT + 1)].strip()
    while end < len(text) and text[end] in "\n \t":
        end += 1
    return line, end


def _begins_paragraph(text: str, position: int) -> bool:
    """Tell whether a paragraph of running text begins here: longer than a line, or ended as a sentence is."""
    window = text[position : position + _LINE_LIMIT + 1]
    paragraph = window.split("\n", 1)[0].rstrip()
    return len(paragraph) > _LINE_LIMIT or paragraph.rstrip("\"'”’)").endswith((".", "!", "?", "…"))


def _looks_like_headline(line: str) -> bool:
    """Tell whether a line may be a headline: short, at least two words, one piece, no full stop at its end."""
    if len(line) > _LINE_LIMIT or " " not in line or not any(char.isalpha() for char in line):
        return False
    bare = line.rstrip("\"'”’)")
    if bare.endswith((".", "…", ",", ";", ":")) or line.startswith(("-", "—", "–", "•", "*", "(", "[")):
        return False
    first = line.lstrip("\"'“‘«")
    return bool(first) and not first[0].islower() and _BREAK.search(line) is None


def _stands_before_dateline(text: str, line: str, following: int) -> bool:
    """Tell whether a line with a full stop is a headline all the same: a short one right before a dateline.

    Some outlets end headlines so; no body begins before its dateline, but a round-up may have a short lead there, so
    that the line must be shorter than such leads are.
    """
    if len(line) > _STOPPED_HEADLINE or " " not in line or line[0].islower() or line.startswith(("-", "—", "–", "•")):
        return False
    return text[following - 2 : following] == "\n\n" and read_dateline(text, following) is not None


def _names_of_byline(line: str) -> str:
    """Return the names of "By Jane Roe and John Doe, Staff Writer"; empty where the line is a sentence."""
    found = _BYLINE.fullmatch(line)
    if found is None or line.endswith((".", ":", "?", "!")):
        return ""
    names = found["names"].strip()
    words = re.findall(r"[^\W_][\w.'’-]*", names)
    for word in words:
        if word.lower() in WEEKDAYS or (word.lower() in MONTHS and word.lower() not in {"april", "may", "june"}):
            return ""
        if word[0].islower() and word not in _BYLINE_CONNECTORS:
            return ""
    return names if 2 <= len(words) <= 16 and words[0].lower() != "the" else ""


_BYLINE_CONNECTORS: Final = frozenset(
    {"and", "at", "bin", "da", "de", "del", "den", "der", "di", "for", "in", "la", "of", "van", "von", "with"}
)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " \t\n":
        start += 1
    while end > start and text[end - 1] in " \t\n":
        end -= 1
    return start, end
