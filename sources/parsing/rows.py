"""Rows of JSON to articles: one mapping (`parse_row`), or a stream of JSONL lines (`parse_rows`).

A row's fields are `id`, `text` or `html`, `url`, `source` (or `publisher`), `headline` (or `title`), `byline` (or
`author`), `published_on` (or `published`). Where a name and its synonym are both filled, the first one of the pair
counts. Other fields are ignored and named once, so that nobody believes that they were stored.

One bad line costs one article: it becomes an error with its number, and reading goes on. Memory stays flat: one
line is held at a time, and of a line that is too long no more than a piece. Do NOT read the stream by iterating
over it: that would hold a line of any length.
"""

import codecs
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, NoReturn, Protocol

from sources.parsing.articles import parse_html, parse_text
from sources.parsing.encoding import refuse_noise
from sources.parsing.errors import BadField, BadRow, EmptyText, ParseError, TooLarge
from sources.parsing.fields import parse_published
from sources.parsing.values import MAX_TEXT_BYTES, Given, ParsedArticle

_SYNONYMS: Final = {"publisher": "source", "title": "headline", "author": "byline", "published": "published_on"}
ROW_FIELDS: Final = frozenset(
    {"byline", "headline", "html", "id", "published_on", "source", "text", "url"} | _SYNONYMS.keys()
)
_JSON_TYPES: Final = {
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "an object",
}
_PIECE: Final = 1 << 20
_ESCAPED: Final = 6
"""`\\u0915` is six bytes for what is three in UTF-8, two for an ASCII letter: the longest line a text may need."""


class ByteLines(Protocol):
    """A binary stream, such as an open file or standard input's buffer."""

    def readline(self, limit: int = -1, /) -> bytes:
        """Return the next line, or at most `limit` bytes of it."""
        ...


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """What became of one line.

    Attributes:
        line_number: From 1, blank lines counted.
        external_id: The row's `id`, where it could be read.
        article: The article; None if there is an error.
        error: What is wrong; None if there is an article.
    """

    line_number: int
    external_id: str
    article: ParsedArticle | None
    error: ParseError | None


class RowReader(Iterator[ParsedRow]):
    """Reads JSONL line by line; see `parse_rows`.

    Attributes:
        unknown_fields: Names met so far that are no `ROW_FIELDS`, at most 100; complete once the rows are used up.
    """

    _MOST_UNKNOWN = 100

    def __init__(self, stream: ByteLines, *, today: date, given: Given, default_year: int | None, limit: int) -> None:
        self.unknown_fields: set[str] = set()
        self._stream = stream
        self._today = today
        self._given = given
        self._default_year = default_year
        self._limit = limit
        self._line_number = 0

    def __next__(self) -> ParsedRow:
        while True:
            line, error = self._next_line()
            if error is not None:
                return ParsedRow(self._line_number, "", None, error)
            if line.strip():
                return self._parse(line)

    def _next_line(self) -> tuple[bytes, ParseError | None]:
        longest = _ESCAPED * self._limit
        line = self._stream.readline(longest + 1)
        if not line:
            raise StopIteration
        self._line_number += 1
        if len(line) <= longest:
            return (line.removeprefix(codecs.BOM_UTF8) if self._line_number == 1 else line), None
        while line and not line.endswith(b"\n"):
            line = self._stream.readline(_PIECE)
        return b"", TooLarge(f"the line is longer than {longest:,} bytes; give the article a file of its own")

    def _parse(self, line: bytes) -> ParsedRow:
        external_id = ""
        try:
            row = read_json_row(line)
            self._note_unknown(row)
            if isinstance(row.get("id"), str | int):
                external_id = str(row["id"])[:200]
            article = parse_row(
                row, today=self._today, given=self._given, default_year=self._default_year, limit=self._limit
            )
        except ParseError as error:
            return ParsedRow(self._line_number, external_id, None, error)
        return ParsedRow(self._line_number, external_id, article, None)

    def _note_unknown(self, row: Mapping[str, object]) -> None:
        for name in unknown_fields(row):
            if len(self.unknown_fields) < self._MOST_UNKNOWN:
                self.unknown_fields.add(name)


def parse_rows(
    stream: ByteLines,
    *,
    today: date,
    given: Given = Given(),  # noqa: B008 - frozen
    default_year: int | None = None,
    limit: int = MAX_TEXT_BYTES,
) -> RowReader:
    """Read JSONL from a binary stream, one article or one error a line; blank lines are passed over.

    Args:
        stream: UTF-8, with or without a byte-order mark.
        today: The day on which it is read; a day of publication after tomorrow is refused.
        given: What is known of the rows that do not say it themselves (the outlet above all); a row's own wins.
        default_year: See `parse_text`.
        limit: Most bytes of UTF-8 in one text.

    Returns:
        An iterator of `ParsedRow` that also names the fields it ignored.
    """
    return RowReader(stream, today=today, given=given, default_year=default_year, limit=limit)


def unknown_fields(row: Mapping[str, object]) -> list[str]:
    """Return the names in a row that are no `ROW_FIELDS`, sorted, each cut to 100 characters."""
    return sorted({name[:100] for name in row if name not in ROW_FIELDS})


def read_json_row(line: bytes) -> dict[str, object]:
    """Read one line of JSONL.

    Raises:
        BadRow: It is not UTF-8, not JSON, or no object; the message says where.
    """
    try:
        row = json.loads(line.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        hint = " (it looks like UTF-16)" if line[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in line[:4] else ""
        raise BadRow(f"the line is not UTF-8 at byte {error.start}{hint}; save the file as UTF-8") from None
    except json.JSONDecodeError as error:
        raise BadRow(f"the line is not JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise BadRow("the line is not JSON that can be read: it is nested too deeply") from None
    except ValueError as error:
        raise BadRow(f"the line is not JSON: {error}") from None
    if not isinstance(row, dict):
        raise BadRow(f'the line is {_type_name(row)}; it must be an object such as {{"text": "…"}}')
    return row


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def parse_row(
    row: Mapping[str, object],
    *,
    today: date,
    given: Given = Given(),  # noqa: B008 - frozen
    default_year: int | None = None,
    limit: int = MAX_TEXT_BYTES,
) -> ParsedArticle:
    """Parse one row, as JSONL and the HTTP API both take it; fields that are not known are passed over.

    Args:
        row: Names to JSON values; null and blank strings are as if left out.
        today: The day on which it is read; a day of publication after tomorrow is refused.
        given: What is known where the row does not say it; the row's own wins.
        default_year: See `parse_text`.
        limit: Most bytes of UTF-8 in the text.

    Raises:
        BadField: A field has the wrong type or value; `field` is its first name where a synonym was used, but for
            types and the spelling of dates the name as the row gives it.
        ParseError: The text is empty or no article.
    """
    values = {name: value for name in sorted(ROW_FIELDS) if (value := _string(row, name))}
    known = _fields_of(values, given)
    text, html = values.get("text"), values.get("html")
    if text and html:
        raise BadField("`text` and `html` are both given; give one of them", field="html")
    if body := text or html:
        refuse_noise(body.encode("utf-8", "surrogatepass"))  # JSON can carry bytes that are no text, escaped
    if text:
        return parse_text(text, today=today, given=known, default_year=default_year, limit=limit)
    if html:
        return parse_html(html, today=today, given=known, default_year=default_year, limit=limit)
    raise EmptyText("`text` is empty; give the article as `text` or `html`")


def _string(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if name == "id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise BadField(f"`{name}` must be a string, got {_type_name(value)}", field=name)
    return value if value.strip() else ""


def _type_name(value: object) -> str:
    if value is None:
        return "null"
    return "a string" if isinstance(value, str) else _JSON_TYPES.get(type(value), type(value).__name__)


def _fields_of(values: Mapping[str, str], given: Given) -> Given:
    """Join the row's own fields with those the caller knows; errors name the field as the row does."""
    names = {name: name for name in values}
    for synonym, name in _SYNONYMS.items():
        if synonym in values:
            names.setdefault(name, synonym)
    published = names.get("published_on")
    known = replace(
        given,
        external_id=values.get("id", given.external_id),
        url=values.get("url", given.url),
        source_name=values.get(names.get("source", ""), given.source_name),
        headline=values.get(names.get("headline", ""), given.headline),
        byline=values.get(names.get("byline", ""), given.byline),
    )
    if published is None:
        return known
    day, moment = parse_published(values[published], field=published)
    return replace(known, published_on=day, published_at=moment)
