"""Bytes to text: which encoding, and whether it is text at all.

The order is by how surely each sign tells: a byte-order mark; UTF-8 that decodes strictly (other encodings hardly
ever do by chance); the charset that header or markup declares; UTF-16 and UTF-32 without a mark, told by their
NULs; UTF-8 with a few foreign bytes pasted in; Windows-1252 where its bytes fall as Western text lets them fall; a
statistical guess (charset-normalizer) last, on a bounded sample. What is binary is refused before any of that, by
its first bytes or by its share of control characters, so that five megabytes of noise cost milliseconds.

Do NOT let a declared charset win over valid UTF-8: pages that declare ISO-8859-1 and send UTF-8 are common, the
reverse next to unknown. Do NOT decode with `errors="replace"`: a text full of U+FFFD is a lost article that looks
like a stored one. Languages whose 8-bit encodings put letters where Windows-1252 has letters too (Czech in
Windows-1250) cannot be told from it in a short text; they need a declared charset or Unicode.
"""

import codecs
import re
import unicodedata
from typing import Final, NamedTuple

from charset_normalizer import from_bytes

from sources.parsing.errors import BinaryContent, EmptyText, UnknownEncoding

_SAMPLE: Final = 32_768
_GUESS_SAMPLE: Final = 8_192

_BOMS: Final = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC: Final = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a database"),
)
_CONTROLS: Final = bytes({*range(0x20), 0x7F} - {0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1B})
_UNDEFINED_1252: Final = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_HIGH_RUN: Final = re.compile(rb"[\x80-\xff]{4,}")
# A sign such as the superscript one between two small letters: in Windows-1250 the same byte is a letter.
_SIGN_IN_WORD: Final = re.compile(rb"[a-z][\xa1-\xa9\xab\xac\xae-\xb3\xb5\xb6\xb8\xb9\xbb-\xbf\xd7\xf7](?=[a-z])")
_HARMLESS: Final = frozenset("\t\n\r\f\ufeff\u200c\u200d\u200e\u200f")
_CHARSET: Final = re.compile(r"charset\s{0,8}=\s{0,8}[\"']?\s{0,8}([\w.:-]{2,40})", re.IGNORECASE)
_META: Final = re.compile(rb"<meta\b[^>]{0,300}?charset\s{0,8}=\s{0,8}[\"']?\s{0,8}([\w.:-]{2,40})", re.IGNORECASE)
_XML: Final = re.compile(rb"^\s{0,64}<\?xml\b[^>]{0,200}?encoding\s{0,8}=\s{0,8}[\"']([\w.:-]{2,40})", re.IGNORECASE)
_STATEFUL: Final = frozenset({"iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_kr", "hz"})
_WINDOWS_NAMES: Final = frozenset({"iso8859-1", "ascii"})  # what browsers read as Windows-1252


class Decoded(NamedTuple):
    """The text, not yet in normal form, and the Python name of the encoding it was in."""

    text: str
    encoding: str


def decode(data: bytes, *, content_type: str | None = None, html: bool = False) -> Decoded:
    """Decode the bytes of a text.

    Args:
        data: The bytes; trusted to be of bearable size.
        content_type: A media type as HTTP gives it; only its charset is used.
        html: Whether the bytes are markup, which may declare a charset itself.

    Raises:
        EmptyText: There are no bytes.
        BinaryContent: It is no text.
        UnknownEncoding: No encoding makes text of it.
    """
    if not data.strip():
        raise EmptyText("the text is empty; give an article with at least one sentence")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode_marked(data[len(mark) :], encoding)
    _refuse_known_binary(data)
    wide = _wide_without_mark(data)
    if wide is not None:
        return wide
    refuse_noise(data)
    declared = _declared(data, content_type, html)
    if declared in _STATEFUL and (decoded := _try(data, declared)):
        return decoded
    return (
        _try(data, "utf-8")
        or (_try(data, declared) if declared else None)
        or _patched_utf8(data)
        or (_try(data, "cp1252") if _plausibly_western(data) else None)
        or _guess(data)
    )


def _try(data: bytes, encoding: str) -> Decoded | None:
    try:
        return Decoded(data.decode(encoding), encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _decode_marked(data: bytes, encoding: str) -> Decoded:
    if encoding == "utf-8":
        if not data.strip():
            raise EmptyText("the text is empty; give an article with at least one sentence")
        refuse_noise(data)
        return _try(data, "utf-8") or _patched_utf8(data, minimum=0) or _guess(data)
    unit = 4 if "32" in encoding else 2
    whole = data[: len(data) - len(data) % unit]  # a file cut short keeps what it has
    decoded = _try(whole, encoding)
    if decoded is None or not _reads_as_text(decoded.text):
        raise BinaryContent(
            f"the bytes begin with the byte-order mark of {encoding.upper()} but what follows is no text in it; "
            "save the article as UTF-8"
        )
    return decoded


def _refuse_known_binary(data: bytes) -> None:
    for magic, name in _MAGIC:
        if data.startswith(magic):
            raise BinaryContent(f"this is {name}, not text; give plain text, HTML or JSONL")


def _samples(data: bytes) -> bytes:
    if len(data) <= 3 * _SAMPLE:
        return data
    middle = len(data) // 2
    return data[:_SAMPLE] + data[middle : middle + _SAMPLE] + data[-_SAMPLE:]


def refuse_noise(data: bytes) -> None:
    """Refuse bytes that hold more control characters than a damaged text has: three, or one in a hundred.

    Raises:
        BinaryContent: They do.
    """
    sample = _samples(data)
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls > max(3, len(sample) // 100):
        raise BinaryContent(
            f"{controls:,} of {len(sample):,} bytes looked at are control characters, so this is no text; "
            "give plain text, HTML or JSONL"
        )


def _wide_without_mark(data: bytes) -> Decoded | None:
    """Recognise UTF-16 and UTF-32 by the NULs of their blanks and Latin letters."""
    sample = data[: _SAMPLE - _SAMPLE % 4]
    nuls = sample.count(0)
    if nuls * 20 < len(sample):  # even text in another script has a blank, and so a NUL, every few words
        return None
    encodings = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
    for encoding in encodings if nuls * 2 > len(sample) else encodings[2:]:
        unit = 4 if "32" in encoding else 2
        # A sample may end between the halves of a surrogate pair, so it is read leniently and judged by its look.
        start = sample[: len(sample) - len(sample) % unit].decode(encoding, errors="ignore")
        if " " in start and len(start) * unit * 10 > len(sample) * 9 and _reads_as_text(start):
            decoded = _try(data[: len(data) - len(data) % unit], encoding)
            if decoded is not None:
                return decoded
    return None


def _reads_as_text(text: str) -> bool:
    """Tell whether at least 97 of 100 characters are assigned, printable and not private; judged on a sample."""
    sample = text[:_SAMPLE]
    odd = sum(1 for char in sample if unicodedata.category(char)[0] == "C" and char not in _HARMLESS)
    return bool(sample) and odd * 100 <= len(sample) * 3 and _few_scripts(sample)


def _few_scripts(sample: str) -> bool:
    """Tell whether the characters lie close together: noise read as UTF-16 spreads over all of Unicode.

    A Latin text touches 4 rows of 256 characters or so; a Chinese one all 82 of its block in time, but has a comma
    or full stop every few words.
    """
    if len(sample) < 64:
        return True
    rows = len({ord(char) >> 8 for char in sample})
    stops = sum(char.isspace() or char in "，。、" for char in sample)
    return rows <= 12 or (rows <= 120 and stops * 100 > len(sample))


def _declared(data: bytes, content_type: str | None, html: bool) -> str:
    """Return Python's name of the charset that header or markup declares; empty if none that it knows."""
    found = _CHARSET.search(content_type[:500]) if content_type else None
    label = found[1] if found else ""
    if not label and html:
        head = data[:4096]
        in_markup = _META.search(head) or _XML.match(head)
        label = in_markup[1].decode("ascii", "ignore") if in_markup else ""
    try:
        codec = codecs.lookup(label)
    except (LookupError, ValueError):
        return ""
    if codec.name.startswith(("utf-16", "utf-32")):  # they would have shown a mark or NULs
        return ""
    if not getattr(codec, "_is_text_encoding", True) or codec.name in {"idna", "punycode", "utf-7"}:
        return ""
    return "cp1252" if codec.name in _WINDOWS_NAMES else codec.name


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.reason == "unexpected end of data":  # the file was cut within a character
        return "", error.end
    piece = error.object[error.start : error.end]
    return piece.decode("cp1252", errors="ignore"), error.end


codecs.register_error("claimtrack.windows-1252", _as_windows)


def _patched_utf8(data: bytes, *, minimum: int = 4) -> Decoded | None:
    """Decode UTF-8 into which single Windows-1252 bytes were pasted: at least four good characters to each bad one."""
    trial = data.decode("utf-8", errors="replace")
    bad = trial.count("\ufffd")
    good = len(trial) - len(trial.encode("ascii", errors="ignore")) - bad
    if good < minimum * bad:
        return None
    return Decoded(data.decode("utf-8", errors="claimtrack.windows-1252"), "utf-8")


def _plausibly_western(data: bytes) -> bool:
    """Tell whether the high bytes fall as in Western text: single ones within words, quotes and dashes around them."""
    if _UNDEFINED_1252.search(data):
        return False
    sample = _samples(data)
    high = len(sample.translate(None, bytes(range(0x80))))
    in_runs = sum(len(run) for run in _HIGH_RUN.findall(sample))
    signs = len(_SIGN_IN_WORD.findall(sample))
    return high * 4 <= len(sample) and in_runs * 5 <= high and signs * 10 <= high


def _guess(data: bytes) -> Decoded:
    cut = data[:_GUESS_SAMPLE]
    if len(data) > _GUESS_SAMPLE:
        cut = cut[: cut.rfind(b"\n") + 1] or cut[: cut.rfind(b" ") + 1] or cut
    best = from_bytes(cut).best()
    decoded = _try(data, best.encoding) if best is not None else None
    if decoded is None or not _reads_as_text(decoded.text):
        raise UnknownEncoding("the bytes are text in no encoding that could be told; save the article as UTF-8")
    return decoded
