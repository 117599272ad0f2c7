"""From one input to one `ParsedArticle`: which format, then text, then fields, then checks.

What the caller gives wins over what the input says of itself, and each value is checked wherever it came from. The
text of a page or a row may be wire copy too, so all of them pass through the same reader; that reader leaves alone
what has no sign of it.
"""

from datetime import date, datetime, timedelta
from pathlib import PurePath
from typing import Final, Literal

from sources.parsing.encoding import decode
from sources.parsing.errors import EmptyText, UnsupportedFormat
from sources.parsing.fields import check_line, check_published, normalise_url
from sources.parsing.html import read_page
from sources.parsing.language import language_of
from sources.parsing.normal_form import check_size, normalise
from sources.parsing.values import (
    MAX_BYLINE,
    MAX_EXTERNAL_ID,
    MAX_HEADLINE,
    MAX_PLACE,
    MAX_SOURCE_NAME,
    MAX_TEXT_BYTES,
    Given,
    ParsedArticle,
)
from sources.parsing.wire import parse_wire

Format = Literal["text", "html", "jsonl"]

_NOTHING: Final = Given()
_SUFFIXES: Final[dict[str, Format]] = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
_MEDIA_TYPES: Final[dict[str, Format]] = {
    "text/plain": "text",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/jsonl": "jsonl",
    "application/x-jsonlines": "jsonl",
    "application/x-ndjson": "jsonl",
}
_NOT_READ: Final = frozenset(
    {
        *(".atom", ".csv", ".doc", ".docx", ".eml", ".epub", ".gz", ".json", ".mhtml", ".odt", ".pdf", ".rss", ".rtf"),
        *(".tsv", ".xls", ".xlsx", ".xml", ".yaml", ".yml", ".zip"),
    }
)
_MARKUP_STARTS: Final = ("<!doctype html", "<html", "<head", "<body", "<article", "<!--", "<?xml")


def detect_format(*, filename: str | None = None, content_type: str | None = None, head: bytes = b"") -> Format:
    """Tell the format by media type, else by the file's suffix, else by its first bytes.

    Args:
        filename: A name or path; None or "-" for a stream.
        content_type: The media type as HTTP gives it; generic ones ("application/octet-stream") say nothing.
        head: The first bytes, a few hundred are enough.

    Raises:
        UnsupportedFormat: The suffix names a format that is not read.
    """
    media_type = (content_type or "").split(";")[0].strip().lower()
    if media_type in _MEDIA_TYPES:
        return _MEDIA_TYPES[media_type]
    suffix = PurePath(filename or "").suffix.lower()
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    if suffix in _NOT_READ:
        raise UnsupportedFormat(f"`{suffix}` files are not read; give .txt, .html, .htm or .jsonl", field="filename")
    start = head[:1024].removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").lstrip(b"\xff\xfe \t\r\n")
    if start.decode("latin-1").lower().startswith(_MARKUP_STARTS):
        return "html"
    return "jsonl" if start.startswith(b"{") and b'"' in start[:20] else "text"


def parse_bytes(
    data: bytes,
    *,
    today: date,
    filename: str | None = None,
    content_type: str | None = None,
    given: Given = _NOTHING,
    default_year: int | None = None,
    limit: int = MAX_TEXT_BYTES,
) -> ParsedArticle:
    """Parse the bytes of one text or page, in whatever encoding.

    Args:
        data: The file or body.
        today: The day on which it is read; a day of publication after tomorrow is refused.
        filename: Tells the format by its suffix; None or "-" for a stream.
        content_type: The media type with charset, where HTTP gave one; wins over the suffix.
        given: What is known from elsewhere.
        default_year: See `parse_text`.
        limit: Most bytes taken.

    Raises:
        ParseError: It is empty, binary, too large, of another format, or no article; a field is wrong.
    """
    check_size(data, limit)
    form = detect_format(filename=filename, content_type=content_type, head=data[:1024])
    if form == "jsonl":
        raise UnsupportedFormat("a JSONL file holds many articles; read it row by row with `parse_rows`", field="text")
    text = decode(data, content_type=content_type, html=form == "html").text
    if form == "html":
        return parse_html(text, today=today, given=given, default_year=default_year, limit=4 * limit)
    return parse_text(text, today=today, given=given, default_year=default_year, limit=4 * limit)


def parse_text(
    text: str,
    *,
    today: date,
    given: Given = _NOTHING,
    default_year: int | None = None,
    limit: int = MAX_TEXT_BYTES,
) -> ParsedArticle:
    """Parse plain text or wire copy.

    Args:
        text: The text in any form; it is normalised here.
        today: The day on which it is read; a day of publication after tomorrow is refused.
        given: What is known from elsewhere.
        default_year: The year meant by a dateline without one ("Jan 2") where no machine line tells: the last such
            day up to tomorrow, in this year or the one before. Give it for copy that is fresh; without it the day
            stays unknown, for an archive's "Jan 2" is of any year.
        limit: Most bytes of UTF-8 taken.

    Raises:
        ParseError: It is empty or too large, or a field is wrong.
    """
    check_size(text, limit)
    body = normalise(text)
    _require_words(body)
    return _assemble(body, Given(), given, today=today, default_year=default_year)


def parse_html(
    html: str | bytes,
    *,
    today: date,
    given: Given = _NOTHING,
    content_type: str | None = None,
    default_year: int | None = None,
    limit: int = MAX_TEXT_BYTES,
) -> ParsedArticle:
    """Parse a web page; see `parse_text` for the arguments that both take.

    Args:
        html: The page.
        today: The day on which it is read.
        given: What is known from elsewhere, the page's address above all.
        content_type: The media type with charset; only used for bytes.
        default_year: See `parse_text`.
        limit: Most bytes taken.

    Raises:
        NoArticleInHTML: It holds no article.
        ParseError: It is binary, too large or too deep, or a field is wrong.
    """
    check_size(html, limit, field="html")
    markup = decode(html, content_type=content_type, html=True).text if isinstance(html, bytes) else html
    page = read_page(markup, today=today)
    found = Given(
        headline=_shortened(page.headline, MAX_HEADLINE),
        byline=_shortened(page.byline, MAX_BYLINE),
        published_on=page.published_on,
        published_at=page.published_at,
        source_name=_shortened(page.source_name, MAX_SOURCE_NAME),
        url=page.url,
    )
    return _assemble(page.text, found, given, today=today, default_year=default_year)


def _require_words(text: str) -> None:
    if not any(char.isalpha() for char in text):
        what = "has no word in it" if text else "is empty"
        raise EmptyText(f"the text {what}; give an article with at least one sentence")


def _shortened(line: str, limit: int) -> str:
    """Cut at a blank what a page gives too long; what a caller gives too long is refused instead."""
    return line if len(line) <= limit else line[: limit - 1].rsplit(" ", 1)[0] + "…"


def _assemble(text: str, found: Given, given: Given, *, today: date, default_year: int | None) -> ParsedArticle:
    """Read wire copy in the text and join its fields with those the page declares and those the caller gave."""
    story = parse_wire(text, default_year=default_year, latest=today + timedelta(days=1))
    published_on, published_at = _first_date(
        (given.published_on, given.published_at),
        (found.published_on, found.published_at),
        (story.published_on, story.published_at),
    )
    url = given.url or found.url
    return ParsedArticle(
        text=story.text,
        headline=check_line(given.headline, MAX_HEADLINE, field="headline") or found.headline or story.headline,
        byline=check_line(given.byline, MAX_BYLINE, field="byline") or found.byline or story.byline,
        dateline_place=_shortened(story.dateline_place, MAX_PLACE),
        published_on=check_published(published_on, today),
        published_at=published_at,
        source_name=check_line(given.source_name, MAX_SOURCE_NAME, field="source") or found.source_name or story.agency,
        url=normalise_url(url) if url else "",
        language=language_of(story.text),
        external_id=check_line(given.external_id, MAX_EXTERNAL_ID, field="id"),
    )


def _first_date(
    *pairs: tuple[date | None, datetime | None],
) -> tuple[date | None, datetime | None]:
    """Return the first pair that has a day or a moment; the moment of another one would contradict it."""
    for day, moment in pairs:
        if day is not None or moment is not None:
            return day or (moment.date() if moment else None), moment
    return None, None
