"""Raw bytes to `ParsedArticle`: wire copy, web pages, JSON rows, in any encoding that occurs. Pure.

No framework, no network, no clock, no settings: the day comes in as `today`, limits as arguments. All that is wrong
with an input is a `ParseError` with a machine code, the field and a sentence that says what would be right.

    parse_bytes(data, today=…, filename="story.txt")   one file or body
    parse_text(text, today=…), parse_html(html, today=…)
    parse_row(row, today=…), parse_rows(stream, today=…)   JSON rows, and JSONL line by line
    decode(data)   the text of bytes in any encoding
    normalise(text)   the one form in which text is stored; every offset points into it
"""

from sources.parsing.articles import Format, detect_format, parse_bytes, parse_html, parse_text
from sources.parsing.encoding import decode
from sources.parsing.errors import (
    BadField,
    BadRow,
    BinaryContent,
    EmptyText,
    NoArticleInHTML,
    ParseError,
    TooLarge,
    UnknownEncoding,
    UnreadableHTML,
    UnsupportedFormat,
)
from sources.parsing.fields import address_variants, normalise_url, parse_published
from sources.parsing.language import language_of
from sources.parsing.normal_form import normalise
from sources.parsing.rows import ROW_FIELDS, ParsedRow, RowReader, parse_row, parse_rows, unknown_fields
from sources.parsing.values import MAX_TEXT_BYTES, Given, ParsedArticle

__all__ = [
    "MAX_TEXT_BYTES",
    "ROW_FIELDS",
    "BadField",
    "BadRow",
    "BinaryContent",
    "EmptyText",
    "Format",
    "Given",
    "NoArticleInHTML",
    "ParseError",
    "ParsedArticle",
    "ParsedRow",
    "RowReader",
    "TooLarge",
    "UnknownEncoding",
    "UnreadableHTML",
    "UnsupportedFormat",
    "address_variants",
    "decode",
    "detect_format",
    "language_of",
    "normalise",
    "normalise_url",
    "parse_bytes",
    "parse_html",
    "parse_published",
    "parse_row",
    "parse_rows",
    "parse_text",
    "unknown_fields",
]
