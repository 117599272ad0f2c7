"""What can be wrong with an article that is handed in; one class per remedy, all of them `SourceError`."""

from sources.errors import SourceError

# ruff: noqa: N818 - the names say what is wrong with the article ("EmptyText"); the base says that it is an error


class ParseError(SourceError):
    """The input is no article that can be stored."""

    code = "unparsable"


class EmptyText(ParseError):
    """There is no word in the text."""

    code = "empty_text"
    default_field = "text"


class TooLarge(ParseError):
    """The input is longer than the limit that the caller set."""

    code = "too_large"
    default_field = "text"


class BinaryContent(ParseError):
    """The bytes are an image, an archive, an office document or noise, not text."""

    code = "binary_content"
    default_field = "text"


class UnknownEncoding(ParseError):
    """The bytes may be text, but in no encoding that reads as text."""

    code = "unknown_encoding"
    default_field = "text"


class UnsupportedFormat(ParseError):
    """The file name or media type names a format that is not read here, or not by this function."""

    code = "unsupported_format"


class NoArticleInHTML(ParseError):
    """The page is navigation, a form, a notice; it holds no article."""

    code = "no_article"
    default_field = "html"


class UnreadableHTML(ParseError):
    """The markup is too deep or too large to be a page that somebody reads."""

    code = "unreadable_html"
    default_field = "html"


class BadField(ParseError):
    """A field has the wrong type, form or value."""

    code = "bad_field"


class BadRow(ParseError):
    """A line of JSONL is no JSON object in UTF-8."""

    code = "bad_row"
