"""The small fields around a text: dates, addresses, names; each is either right or refused by name.

Dates are ISO 8601 in its one common spelling and nothing else: "03/04/2026" is two different days, and a date that
was guessed looks in the database like one that was read. A time without a zone is no moment, so only its day is
kept. The day of publication is the one printed, in the writer's zone; it is not moved to UTC.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from sources.parsing.errors import BadField
from sources.parsing.normal_form import one_line
from sources.parsing.values import MAX_URL

FIRST_YEAR: Final = 1605
"""The first newspaper appeared in 1605; what is dated earlier is a placeholder such as 0001-01-01."""

_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ISO_MOMENT: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s?(Z|[+-]\d{2}:?\d{2})?", re.ASCII | re.IGNORECASE
)
_TRACKING: Final = frozenset({"dclid", "fbclid", "gbraid", "gclid", "igshid", "mc_cid", "mc_eid", "msclkid", "wbraid"})
_HOST: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,252}[a-z0-9_])?|\[[0-9a-f:.]{2,45}\]")


def parse_published(value: str, *, field: str = "published_on") -> tuple[date, datetime | None]:
    """Read an ISO date or datetime.

    Returns:
        The day as written, and the moment in UTC if a time and a zone were given.

    Raises:
        BadField: It is neither; the message gives the spelling that is right.
    """
    value = value.strip()
    try:
        if _ISO_DAY.fullmatch(value):
            return date.fromisoformat(value), None
        if found := _ISO_MOMENT.fullmatch(value):
            day, clock, zone = found.groups()
            moment = datetime.fromisoformat(f"{day}T{clock}{(zone or '').upper()}")
            return moment.date(), moment.astimezone(UTC) if zone else None
    except (ValueError, OverflowError):
        raise BadField(f"`{field}` is {_shown(value)}, a day or time that does not exist", field=field) from None
    raise BadField(
        f"`{field}` is {_shown(value)}; write an ISO date such as 2026-01-02 or 2026-01-02T09:30:00+05:30", field=field
    )


def check_published(day: date | None, today: date, *, field: str = "published_on") -> date | None:
    """Return the day, or refuse one that cannot be a day of publication.

    One day of grace is given because the date line runs through the Pacific.

    Raises:
        BadField: It is later than tomorrow, or before there were newspapers.
    """
    if day is None:
        return None
    if day > today + timedelta(days=1):
        raise BadField(
            f"`{field}` is {day.isoformat()}, which is after tomorrow (today is {today.isoformat()}); "
            "give the day on which the article appeared",
            field=field,
        )
    if day.year < FIRST_YEAR:
        raise BadField(
            f"`{field}` is {day.isoformat()}, before there were newspapers; leave it out if it is not known",
            field=field,
        )
    return day


def check_line(value: str, limit: int, *, field: str) -> str:
    """Return a field on one line in normal form.

    Raises:
        BadField: It is longer than `limit` characters.
    """
    line = one_line(value)
    if len(line) > limit:
        raise BadField(f"`{field}` is {len(line):,} characters long; at most {limit} are kept: shorten it", field=field)
    return line


def normalise_url(url: str) -> str:
    """Return the address in the form by which two copies of a story are known to be one.

    Scheme and host in small letters (a host in other letters as in the DNS, "xn--…"), default port and fragment
    dropped, tracking parameters (utm_*, fbclid, gclid, …) dropped, all else as it was and in its order: a site may
    tell pages apart by anything in path and query.

    Raises:
        BadField: It is no http or https address of at most 2,000 characters.
    """
    url = url.strip()
    if len(url) > MAX_URL:
        raise BadField(f"`url` is {len(url):,} characters long; at most {MAX_URL:,} are taken", field="url")
    if any(char.isspace() or not char.isprintable() or char in '<>"\\^`{|}' for char in url):
        raise BadField(f"`url` is {_shown(url)}; blanks and such signs must be percent-encoded", field="url")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
        bracketed = f"[{host}]" if ":" in host else host
        host = bracketed if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:
        raise BadField(f"`url` is {_shown(url)}, whose host or port is malformed", field="url") from None
    if parts.scheme not in ("http", "https"):
        raise BadField(f"`url` is {_shown(url)}; it must begin with http:// or https://", field="url")
    if not _HOST.fullmatch(host) or ".." in host:
        raise BadField(f"`url` is {_shown(url)}; it lacks a valid host such as news.example", field="url")
    if parts.username is not None or parts.password is not None:
        raise BadField("`url` carries a user name or password; leave them out", field="url")
    address = host if port in (None, 443 if parts.scheme == "https" else 80) else f"{host}:{port}"
    kept = "&".join(pair for pair in parts.query.split("&") if pair and not _is_tracking(pair))
    return f"{parts.scheme}://{address}{parts.path or '/'}{'?' + kept if kept else ''}"


def address_variants(url: str) -> list[str]:
    """Return the spellings under which the article at an address may be known, in normal form, the address's own first.

    For look-ups only: with http or https, with and without "www.", with and without a last slash. Stored addresses
    stay as they are, since a site may serve different pages under two of them.

    Raises:
        BadField: It is no address; a missing scheme is taken to be https.
    """
    own = normalise_url(url if "://" in url[:40] else f"https://{url.strip()}")
    parts = urlsplit(own)
    host = parts.netloc.removeprefix("www.")
    path = parts.path.rstrip("/")
    rest = f"?{parts.query}" if parts.query else ""
    variants = [
        f"{scheme}://{prefix}{host}{end}{rest}"
        for scheme in ("https", "http")
        for prefix in ("", "www.")
        for end in ((path, f"{path}/") if path else ("/",))
    ]
    return [own, *(variant for variant in variants if variant != own)]


def _is_tracking(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name.startswith("utm_") or name in _TRACKING


def _shown(value: str) -> str:
    """Return a value for a message: quoted, printable, short."""
    return ascii(value) if len(value) <= 80 else ascii(value[:80]) + "…"
