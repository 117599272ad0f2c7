r"""The one form in which text is stored, hashed and pointed into: `normalise`.

Two copies of a story that differ only in line ends, in composed or decomposed accents or in invisible characters
must get the same hash, and every offset ever handed out points into this form. So each decision here is final:

* NFC, because a reader's "é" is one character.
* `\n` is the only line end; U+2028 is a line, U+2029 a paragraph; more than one blank line is one.
* Every Unicode space, the non-breaking one included, is a plain space: it is layout, and with it "Jane Roe" would
  be two different strings.
* Control characters are dropped, not refused: one stray byte is no reason to lose an article (bytes that are
  mostly controls never get here, see `encoding`). U+0080 to U+009F are what remains of Windows-1252 read as
  Latin-1, so they are given back as the quotes and dashes they were, as HTML does.
* Byte-order marks, zero-width spaces, soft hyphens and bidirectional overrides are dropped wherever they stand:
  they split words or make the screen show another text than the one stored. Joiners (U+200C, U+200D) and direction
  marks (U+200E, U+200F) stay: scripts and emoji need them.
* A lone surrogate (JSON's "\ud800") can be stored nowhere; it becomes U+FFFD, so that the damage is visible.
* At most 30 combining marks follow one another, as in Unicode's stream-safe form (UAX 15): canonical ordering
  sorts them, and a megabyte of marks on one letter would take quadratic time.

Do NOT use NFKC (it turns "½" and "™" into other text), do not re-wrap lines, do not straighten quotes: the quote
shown to an editor must be the quote that was printed.
"""

import re
import unicodedata
from functools import cache
from typing import Final

from sources.parsing.errors import TooLarge

MAX_MARKS: Final = 30

_SPACES = [0x00A0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000]
_INVISIBLE = [
    *(0x00AD, 0x180E, 0x200B, 0x2060, 0xFEFF, 0xFFFC, 0xFFFE, 0xFFFF),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
]


def _translation() -> dict[int, str | None]:
    table: dict[int, str | None] = dict.fromkeys([*range(0x20), 0x7F, *_INVISIBLE])
    del table[0x09], table[0x0A]
    table.update(dict.fromkeys(_SPACES, " "))
    table.update({0x0B: "\n", 0x0C: "\n", 0x0D: "\n", 0x2028: "\n", 0x2029: "\n\n"})
    table.update(dict.fromkeys(range(0xD800, 0xE000), "\ufffd"))
    for code in range(0x80, 0xA0):
        table[code] = bytes([code]).decode("cp1252", errors="ignore") or None
    return table


_TABLE: Final = _translation()
_ODD: Final = re.compile("[" + "".join(re.escape(chr(code)) for code in sorted(_TABLE)) + "]")
_MAYBE_MARKS: Final = re.compile(rf"[^\x00-\u02ff]{{{MAX_MARKS + 1}}}")  # ten times as fast as the exact pattern
_BLANK_LINES: Final = re.compile(r"\n{3,}")


@cache
def _mark_runs() -> re.Pattern[str]:
    """Return a pattern for too many combining marks in a row; built on first use, for it reads 130,000 characters."""
    marks = "".join(chr(code) for code in range(0x300, 0x1F000) if unicodedata.combining(chr(code)))
    return re.compile(f"([{marks}]{{{MAX_MARKS}}})[{marks}]+")


def normalise(text: str) -> str:
    r"""Return the text in the form in which it is stored; applying it twice changes nothing more.

    Args:
        text: Any string, lone surrogates included; trusted to be of bearable size (see `check_size`).

    Returns:
        NFC text with `\n`, without trailing blanks on lines or blank lines at either end; may be empty.
    """
    if _ODD.search(text):
        text = text.replace("\r\n", "\n").translate(_TABLE)
    if not text.isascii():
        if _MAYBE_MARKS.search(text):
            text = _mark_runs().sub(r"\1", text)
        text = unicodedata.normalize("NFC", text)
    text = "\n".join([line.rstrip(" \t") for line in text.split("\n")])
    return _BLANK_LINES.sub("\n\n", text).strip(" \t\n")


def one_line(text: str) -> str:
    """Return a field such as a headline in normal form on one line, blanks collapsed."""
    return " ".join(normalise(text).split())


def check_size(content: str | bytes, limit: int, *, field: str = "text") -> None:
    """Refuse what is longer than `limit` bytes of UTF-8.

    Raises:
        TooLarge: The content is longer; the message gives both sizes.
    """
    size = len(content)
    if isinstance(content, str) and limit // 4 < size <= limit:
        size = len(content.encode("utf-8", "surrogatepass"))
    if size > limit:
        raise TooLarge(
            f"`{field}` is {size:,} bytes long; at most {limit:,} are taken: "
            "split it, or send the article without what surrounds it",
            field=field,
        )
