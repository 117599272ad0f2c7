"""What parsing takes and gives: frozen, framework-free.

Text fields that are not known are empty strings, never None, as the database stores them; only dates may be None.
The lengths are what storage must offer; parsing never lets a longer value through. Do not add behaviour here.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

MAX_TEXT_BYTES: Final = 10_000_000
"""The command line's limit for one text, in bytes of UTF-8."""

MAX_HEADLINE: Final = 500
MAX_BYLINE: Final = 300
MAX_PLACE: Final = 200
MAX_SOURCE_NAME: Final = 200
MAX_EXTERNAL_ID: Final = 200
MAX_URL: Final = 2000


@dataclass(frozen=True, slots=True)
class Given:
    """What the caller knows about an article from elsewhere; each value that is set wins over the parsed one.

    Attributes:
        headline: The headline.
        byline: Who wrote it, as printed.
        published_on: The day of publication.
        published_at: The moment of publication, with its zone; `published_on` follows from it if not set.
        source_name: The outlet's name.
        url: Where it was published; http or https.
        external_id: The caller's own identifier.
    """

    headline: str = ""
    byline: str = ""
    published_on: date | None = None
    published_at: datetime | None = None
    source_name: str = ""
    url: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class ParsedArticle:
    r"""One article, ready to store.

    Attributes:
        text: The body in normal form (see `normalise`): NFC, `\n`, paragraphs apart by blank lines where the
            input had them; never empty.
        headline: One line; empty if none was found.
        byline: Who wrote it, as printed, without "By".
        dateline_place: The place of the dateline, as printed ("NAIROBI", "New Delhi").
        published_on: The day of publication as printed there; None if the input does not say.
        published_at: The moment, always with a zone; None unless the input gave time and zone.
        source_name: The outlet or agency, as printed.
        url: Normal form (see `normalise_url`); empty if unknown.
        language: ISO 639-1 code of the text, or "und" where it cannot be told.
        external_id: The caller's own identifier.
    """

    text: str
    headline: str = ""
    byline: str = ""
    dateline_place: str = ""
    published_on: date | None = None
    published_at: datetime | None = None
    source_name: str = ""
    url: str = ""
    language: str = "und"
    external_id: str = ""
