import hashlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.parsing.encoding import decode
from sources.parsing.errors import BinaryContent, EmptyText, UnknownEncoding
from sources.parsing.normal_form import normalise


def noise(size: int) -> bytes:
    return hashlib.shake_256(b"noise").digest(size)


ENGLISH = "“The bridge is safe,” Mayor Zoë Okafor said — and it’s open.\n\nNobody was hurt. "
RUSSIAN = "Мэр города сказал в пятницу, что мост безопасен и что он будет открыт весной. "
CHINESE = "市长星期五表示，这座桥是安全的，春天将重新开放。"
JAPANESE = "市長は金曜日に、橋は安全であり、春に再開されると述べた。"
POLISH = "Burmistrz powiedział, że most jest bezpieczny, a źródła tego śmiesznego błędu są już znane. "


@pytest.mark.parametrize(
    ("text", "encoding", "prefix"),
    [
        pytest.param(ENGLISH, "utf-8", b"", id="UTF-8"),
        pytest.param(ENGLISH, "utf-8", b"\xef\xbb\xbf", id="UTF-8 with mark"),
        pytest.param(ENGLISH, "utf-16-le", b"\xff\xfe", id="UTF-16 LE with mark"),
        pytest.param(ENGLISH, "utf-16-be", b"\xfe\xff", id="UTF-16 BE with mark"),
        pytest.param(ENGLISH, "utf-16-le", b"", id="UTF-16 LE without mark"),
        pytest.param(ENGLISH, "utf-16-be", b"", id="UTF-16 BE without mark"),
        pytest.param(ENGLISH, "utf-32-le", b"\xff\xfe\x00\x00", id="UTF-32 LE with mark"),
        pytest.param(ENGLISH, "utf-32-be", b"\x00\x00\xfe\xff", id="UTF-32 BE with mark"),
        pytest.param(ENGLISH, "utf-32-le", b"", id="UTF-32 LE without mark"),
        pytest.param(ENGLISH, "cp1252", b"", id="Windows-1252"),
        pytest.param("Café à Orléans, dit-elle. Où ça ?", "latin-1", b"", id="Latin-1"),
        pytest.param("It’s safe.", "cp1252", b"", id="Windows-1252, one apostrophe"),
        pytest.param(RUSSIAN, "utf-16-le", b"", id="Russian UTF-16 without mark"),
        pytest.param(CHINESE * 40, "utf-16-be", b"\xfe\xff", id="Chinese UTF-16 with mark"),
        pytest.param(CHINESE * 40, "utf-8", b"", id="Chinese UTF-8"),
        pytest.param(RUSSIAN * 5, "cp1251", b"", id="Russian Windows-1251, guessed"),
        pytest.param(CHINESE * 40, "gb18030", b"", id="Chinese GB18030, guessed"),
        pytest.param(JAPANESE * 40, "shift_jis", b"", id="Japanese Shift-JIS, guessed"),
    ],
)
@pytest.mark.parametrize("times", [1, 40], ids=["short", "long"])
def test_what_was_written_is_read(text: str, encoding: str, prefix: bytes, times: int) -> None:
    assert decode(prefix + (text * times).encode(encoding)).text == text * times


@pytest.mark.parametrize(
    ("data", "content_type", "html", "expected"),
    [
        pytest.param(POLISH.encode("cp1250"), "text/plain; charset=windows-1250", False, POLISH, id="header"),
        pytest.param(POLISH.encode("iso8859-2"), 'text/plain; Charset="ISO-8859-2"', False, POLISH, id="quoted header"),
        pytest.param(
            b'<meta charset="iso-8859-2">' + POLISH.encode("iso8859-2"),
            None,
            True,
            '<meta charset="iso-8859-2">' + POLISH,
            id="meta charset",
        ),
        pytest.param(
            b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">' + RUSSIAN.encode("cp1251"),
            None,
            True,
            '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">' + RUSSIAN,
            id="meta http-equiv",
        ),
        pytest.param(
            b'<?xml version="1.0" encoding="koi8-r"?>' + RUSSIAN.encode("koi8-r"),
            None,
            True,
            '<?xml version="1.0" encoding="koi8-r"?>' + RUSSIAN,
            id="XML declaration",
        ),
        pytest.param(
            ENGLISH.encode("cp1252"), "text/plain; charset=iso-8859-1", False, ENGLISH, id="Latin-1 means 1252"
        ),
        pytest.param(
            "市長は。".encode("iso2022_jp"), "text/plain; charset=iso-2022-jp", False, "市長は。", id="ISO-2022-JP"
        ),
        pytest.param(
            ENGLISH.encode(), "text/plain; charset=iso-8859-1", False, ENGLISH, id="but not when: valid UTF-8 wins"
        ),
        pytest.param(
            ENGLISH.encode("cp1252"), "text/plain; charset=klingon", False, ENGLISH, id="unknown charset is ignored"
        ),
        pytest.param(
            ENGLISH.encode("cp1252"), "text/plain; charset=utf-8", False, ENGLISH, id="wrong charset is ignored"
        ),
        pytest.param(ENGLISH.encode(), "text/plain; charset=base64", False, ENGLISH, id="a codec that is no charset"),
        pytest.param(
            ENGLISH.encode() + b'<meta charset="koi8-r">',
            None,
            False,
            ENGLISH + '<meta charset="koi8-r">',
            id="meta in plain text",
        ),
    ],
)
def test_declared_charset(data: bytes, content_type: str | None, html: bool, expected: str) -> None:
    assert decode(data, content_type=content_type, html=html).text == expected


def test_windows_bytes_pasted_into_utf8() -> None:
    data = (ENGLISH * 3).encode() + b"It\x92s \x93mixed\x94. " + ENGLISH.encode()
    assert decode(data).text == ENGLISH * 3 + "It’s “mixed”. " + ENGLISH


def test_a_file_cut_short_in_a_character() -> None:
    assert decode((ENGLISH * 3).encode() + "é".encode()[:1]).text == ENGLISH * 3
    assert decode(b"\xff\xfe" + ENGLISH.encode("utf-16-le") + b"a").text == ENGLISH


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", "PDF", id="PDF"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00", "PNG", id="PNG"),
        pytest.param(b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG", id="JPEG"),
        pytest.param(b"PK\x03\x04\x14\x00", "ZIP", id="ZIP"),
        pytest.param(b"\x1f\x8b\x08\x00", "gzip", id="gzip"),
        pytest.param(b"{\\rtf1\\ansi Mayor}", "RTF", id="RTF"),
        pytest.param(b"\x01\x02\x03\x04" * 100, "control characters", id="valid UTF-8, but controls"),
        pytest.param(b"abc\x00" * 100, "control characters", id="NULs in no pattern"),
        pytest.param(noise(2_000), "control characters", id="noise"),
        pytest.param(b"\xff\xfe" + noise(2_000), "byte-order mark", id="noise after a mark"),
    ],
)
def test_binary_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(BinaryContent, match=says) as caught:
        decode(data)
    assert caught.value.code == "binary_content"


def test_a_stray_control_is_no_binary() -> None:
    assert normalise(decode(b"The mayor\x00 said\x07 that it is safe.").text) == "The mayor said that it is safe."


def test_five_megabytes_of_noise_are_refused_at_once() -> None:
    data = noise(5_000_000)
    started = time.perf_counter()
    with pytest.raises(BinaryContent):
        decode(data)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("data", [b"", b" \n\t", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n"], ids=repr)
def test_no_bytes(data: bytes) -> None:
    with pytest.raises(EmptyText, match="at least one sentence"):
        decode(data)


def test_no_encoding_fits() -> None:
    data = bytes(byte | 0x80 for byte in noise(5_000))
    with pytest.raises((UnknownEncoding, BinaryContent), match=r"UTF-8|text"):
        decode(data)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1).filter(str.strip))
def test_any_utf8_text_survives(text: str) -> None:
    assert normalise(decode(b"Mayor: " + text.encode()).text) == normalise("Mayor: " + text)


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_a_clear_error(data: bytes) -> None:
    try:
        text = decode(data).text
    except (EmptyText, BinaryContent, UnknownEncoding):
        return
    normalise(text).encode("utf-8")
