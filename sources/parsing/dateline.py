"""The dateline: where and when a story was filed, in front of its first sentence.

    New Delhi, Jan 2 The minister …            place and date
    NAIROBI, March 3 (Agency) — The …          with agency and dash
    PARIS (Agency) - The …                     agency and dash
    LONDON, 3 May: The …                       day first
    New Delhi [India], January 2 (ANI): The …  country in brackets
    GENEVA — The …                             capitals and dash

What proves it: a day beside a place; or an agency in brackets beside a place in capitals, or one that is listed; or
capitals before a dash, unless they are a label ("BREAKING —"). Capitals alone, or a name before a colon ("Roe: We
will"), prove nothing. What follows must begin as a sentence does.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from sources.parsing.lexicon import AGENCIES, BODIES, LABELS, MONTHS, NOT_PLACES, PLACE_CONNECTORS, WEEKDAYS

_WINDOW: Final = 220
_MONTH: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY: Final = r"(?:[0-2]?\d|3[01])(?!\d)(?:st|nd|rd|th)?"
_YEAR: Final = r"(?:,?\s{1,2}(?P<year%d>(?:19|20)\d\d)(?!\d))?"
_DATE: Final = (
    r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?,?\s{1,2})?"
    rf"(?:(?P<month1>{_MONTH})\b\.?\s{{1,2}}(?P<day1>{_DAY}){_YEAR % 1}"
    rf"|(?P<day2>{_DAY})\s{{1,2}}(?P<month2>{_MONTH})\b\.?{_YEAR % 2})"
)
_PLACE: Final = re.compile(r"[^\W\d_][^\n:;()\[\]—–“”\"!?\d]{1,80}")
_REGION: Final = re.compile(r"\s?\[(?P<region>[^\[\]\n\d]{2,40})\]")
_DATED: Final = re.compile(rf",?\s{{0,2}}{_DATE}", re.IGNORECASE)
_AGENCY: Final = re.compile(r",?\s{0,2}\((?P<agency>[^\W\d_][^()\n\d]{1,39})\),?")
_SEPARATOR: Final = re.compile(r"\s{0,2}(?P<sign>—|–|--|:|(?<=\s)-(?=\s))")
_FIRST_DATE: Final = re.compile(rf"(?:,\s{{0,2}}|\s){_DATE}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline as printed, and where the text after it begins."""

    place: str
    agency: str
    month: int | None
    day: int | None
    year: int | None
    end: int

    def day_of(self, default_year: int | None, latest: date | None) -> date | None:
        """Return the day, by the printed year or else the last one in `default_year` or before, up to `latest`."""
        if self.month is None or self.day is None:
            return None
        if self.year is not None:
            return _day(self.year, self.month, self.day)
        if default_year is None:
            return None
        day = _day(default_year, self.month, self.day)
        if day is not None and latest is not None and day > latest:
            return _day(default_year - 1, self.month, self.day)
        return day


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@dataclass(slots=True)
class _Reading:
    """The parts as they are met from left to right, before it is decided whether they are a dateline."""

    place: str
    agency: str = ""
    sign: str = ""
    has_comma: bool = False
    month: int | None = None
    day: int | None = None
    year: int | None = None
    end: int = 0


def read_dateline(text: str, position: int) -> Dateline | None:
    """Return the dateline that begins at a position of the text, or None."""
    window = text[position : position + _WINDOW]
    place_end = _place_end(window)
    if place_end is None:
        return None
    reading = _Reading(place=window[:place_end].strip(" ,"), end=place_end)
    _read_parts(window, reading)
    rest = window[reading.end :]
    body = rest.lstrip(" \t\n")
    if not body or not _is_place(reading.place) or not _is_proven(reading, rest, body):
        return None
    region = _REGION.match(window, place_end)
    place = f"{reading.place}, {region['region'].strip()}" if region else reading.place
    end = position + reading.end + len(rest) - len(body)
    return Dateline(place, reading.agency, reading.month, reading.day, reading.year, end)


def _place_end(window: str) -> int | None:
    """Return where the place ends: at a date, a bracket, a colon or a dash, whichever comes first."""
    run = _PLACE.match(window)
    if run is None:
        return None
    # The run stops before digits, so a date that begins with its month lies partly within it: search a little on.
    dated = _FIRST_DATE.search(window, 0, run.end() + 12)
    ends = [dated.start()] if dated else []
    dash = re.search(r"\s?--|\s-\s", run[0])
    if dash:
        ends.append(dash.start())
    if window[run.end() : run.end() + 1] in ("(", "[", ":", "—", "–"):
        ends.append(run.end())
    return min(ends, default=None)


def _read_parts(window: str, reading: _Reading) -> None:
    if region := _REGION.match(window, reading.end):
        reading.end = region.end()
    for _ in range(2):  # date and agency stand in either order
        if reading.month is None and (dated := _DATED.match(window, reading.end)):
            _take_date(reading, dated)
        if not reading.agency and (named := _AGENCY.match(window, reading.end)):
            reading.agency, reading.end = named["agency"].strip(), named.end()
    if separator := _SEPARATOR.match(window, reading.end):
        reading.sign, reading.end = separator["sign"], separator.end()
    elif window[reading.end : reading.end + 3] == " - ":
        reading.sign, reading.end = "-", reading.end + 3


def _take_date(reading: _Reading, dated: re.Match[str]) -> None:
    which = "1" if dated["month1"] else "2"
    reading.has_comma = dated[0].startswith(",")
    reading.month = MONTHS[dated[f"month{which}"].lower()]
    reading.day = int(re.sub(r"\D", "", dated[f"day{which}"]))
    year = dated[f"year{which}"]
    reading.year, reading.end = int(year) if year else None, dated.end()
    if reading.day == 0:
        reading.month = reading.day = None


def _is_place(place: str) -> bool:
    """Tell whether words may name a place: at most four parts of five words, capitals, no sentence opener."""
    parts = [part.split() for part in place.replace("/", ",").split(",")]
    if not 1 <= len(parts) <= 4 or any(not 1 <= len(part) <= 5 for part in parts):
        return False
    first, town = parts[0][0].lower().strip(".'’"), " ".join(parts[0]).lower()
    if (first in NOT_PLACES and town != "the hague") or first in WEEKDAYS or town in LABELS or len(place) < 3:
        return False
    if parts[0][0].lower() in MONTHS and len(parts[0]) == 1:
        return False
    words = [word for part in parts for word in part]
    return all(
        word[0].isupper() or word.lower() in PLACE_CONNECTORS or word.startswith(("al-", "el-")) for word in words
    )


def _in_capitals(place: str) -> bool:
    """Tell whether the town, which is the first part, is printed in capitals ("McALLEN" counts)."""
    town = place.split(",")[0].removeprefix("Mc").removeprefix("N'").removeprefix("N’")
    return town.isupper()


def _is_proven(reading: _Reading, rest: str, body: str) -> bool:
    opens_sentence = not body.lstrip("\"'“‘«([")[:1].islower()
    separated = bool(reading.sign) or "\n" in rest[: len(rest) - len(body)]
    if not separated and rest[:1] not in (" ", "\t"):
        return False
    listed = reading.agency.lower() in AGENCIES or all(
        name.strip().lower() in AGENCIES for name in reading.agency.split("/")
    )
    if reading.month is not None:
        if not (separated or reading.agency or reading.has_comma or _in_capitals(reading.place)):
            return False  # "Theresa May 3 Times …"
        return opens_sentence or (separated and bool(reading.agency))
    if reading.agency:
        return (opens_sentence or separated) and (listed or (_in_capitals(reading.place) and bool(reading.sign)))
    if reading.place.lower() in BODIES or not opens_sentence:
        return False
    # Only an em dash is set tight; "ROE--Jane" opens a notice of death.
    spaced = rest[:1].isspace() or reading.sign == "—"
    return reading.sign in ("—", "–", "--", "-") and spaced and _in_capitals(reading.place)
