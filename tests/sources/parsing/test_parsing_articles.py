import pickle
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

import sources.parsing.errors as errors
from sources.errors import SourceError
from sources.parsing import Given, detect_format, parse_bytes, parse_text
from sources.parsing.errors import BadField, BinaryContent, EmptyText, TooLarge, UnsupportedFormat

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 11, 22)
TEXT = "The bridge is safe, Mayor Jane Roe said."
WIRE = f"date 2026-01-02 Northfield, Jan 2 {TEXT}\n\n--NWA\n\nmr/dan\n"
PAGE = f"<html><body><article><p>{TEXT}</p><p>{TEXT}</p><p>{TEXT}</p></article></body></html>"


@pytest.mark.parametrize(
    ("filename", "content_type", "head", "expected"),
    [
        pytest.param("a.txt", None, b"", "text", id=".txt"),
        pytest.param("dir.html/a.TXT", None, b"", "text", id="suffix in capitals"),
        pytest.param("a.html", None, b"", "html", id=".html"),
        pytest.param("a.htm", None, b"", "html", id=".htm"),
        pytest.param("a.jsonl", None, b"", "jsonl", id=".jsonl"),
        pytest.param("a.txt", "text/html; charset=utf-8", b"", "html", id="media type before suffix"),
        pytest.param("a.txt", "application/octet-stream", b"", "text", id="generic media type"),
        pytest.param(None, "application/x-ndjson", b"", "jsonl", id="ndjson"),
        pytest.param("-", None, b"\xef\xbb\xbf <!DOCTYPE HTML>", "html", id="stream of HTML"),
        pytest.param("-", None, b"\xff\xfe" + "<html>".encode("utf-16-le"), "html", id="stream of UTF-16 HTML"),
        pytest.param("-", None, b'{"text": "a"}\n', "jsonl", id="stream of rows"),
        pytest.param("-", None, b"{A note} The mayor", "text", id="but not when: a brace in prose"),
        pytest.param(None, None, b"The mayor said <b>no</b>.", "text", id="but not when: a tag in prose"),
        pytest.param("story.2026", None, b"The mayor", "text", id="a suffix that says nothing"),
        pytest.param("a.txt", None, b"<!doctype html>", "text", id="suffix before content"),
    ],
)
def test_detect_format(filename: str | None, content_type: str | None, head: bytes, expected: str) -> None:
    assert detect_format(filename=filename, content_type=content_type, head=head) == expected


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.pdf", "a.docx", "a.xml"])
def test_other_formats_are_refused(name: str) -> None:
    with pytest.raises(UnsupportedFormat, match=r"give \.txt, \.html, \.htm or \.jsonl"):
        parse_bytes(b"{}", filename=name, today=TODAY)


def test_rows_are_not_one_article() -> None:
    with pytest.raises(UnsupportedFormat, match="parse_rows"):
        parse_bytes(b'{"text": "a"}', filename="a.jsonl", today=TODAY)


@pytest.mark.parametrize(
    ("data", "filename", "text"),
    [
        pytest.param(WIRE.encode(), "a.txt", TEXT, id="wire copy"),
        pytest.param(WIRE.encode("utf-16"), None, TEXT, id="wire copy in UTF-16 from a stream"),
        pytest.param(PAGE.encode(), "a.html", "\n\n".join([TEXT] * 3), id="page"),
        pytest.param(PAGE.encode(), "-", "\n\n".join([TEXT] * 3), id="page from a stream"),
        pytest.param(
            f"{TEXT}\r\n\r\n“Safe,” she said.".encode("cp1252"),
            "a.txt",
            f"{TEXT}\n\n“Safe,” she said.",
            id="plain text",
        ),
    ],
)
def test_parse_bytes(data: bytes, filename: str | None, text: str) -> None:
    assert parse_bytes(data, filename=filename, today=TODAY).text == text


def test_given_wins_over_wire_copy() -> None:
    given = Given(
        source_name="Post", published_on=date(2025, 5, 5), headline="Safe", byline="Ada", url="https://P.example"
    )
    article = parse_text(WIRE, today=TODAY, given=given)
    assert (article.source_name, article.published_on, article.headline) == ("Post", date(2025, 5, 5), "Safe")
    assert (article.byline, article.url, article.dateline_place) == ("Ada", "https://p.example/", "Northfield")


def test_the_year_of_a_dateline() -> None:
    text = f"NORTHFIELD, Dec 24 (NWA) — {TEXT}"
    assert parse_text(text, today=TODAY).published_on is None
    assert parse_text(text, today=TODAY, default_year=2026).published_on == date(2025, 12, 24)


@pytest.mark.parametrize(
    "text",
    [f"date 2026-11-24 {TEXT}", f"NORTHFIELD, Nov 24, 2026 (NWA) — {TEXT}"],
    ids=["machine line", "dateline"],
)
def test_copy_dated_after_tomorrow_is_refused(text: str) -> None:
    with pytest.raises(BadField, match="after tomorrow") as caught:
        parse_text(text, today=TODAY)
    assert caught.value.field == "published_on"
    assert parse_text(text, today=TODAY, given=Given(published_on=TODAY)).published_on == TODAY


@pytest.mark.parametrize("text", ["", " \n ", "\ufeff", "...", "12 34", "\x00"], ids=ascii)
def test_empty_text(text: str) -> None:
    with pytest.raises(EmptyText):
        parse_text(text, today=TODAY)


@pytest.mark.parametrize(
    "text",
    ["“" * 50_000 + "a" + "”" * 30_000, '"' * 99_999 + " she said", "((((" * 20_000 + "a"],
    ids=["curly", "straight", "brackets"],
)
def test_unbalanced_quotes_are_text(text: str) -> None:
    assert parse_text(text, today=TODAY).text == text


def test_ten_megabytes_on_one_line() -> None:
    sentence = b"The bridge is safe, Mayor Jane Roe said. "
    data = sentence * (10_000_000 // len(sentence))
    started = time.perf_counter()
    assert len(parse_bytes(data, filename="a.txt", today=TODAY).text) == len(data) - 1
    assert time.perf_counter() - started < 5
    with pytest.raises(TooLarge, match="at most 10,000,000"):
        parse_bytes(data + sentence, filename="a.txt", today=TODAY)


def test_another_script_is_parsed_and_named() -> None:
    article = parse_text("Мэр города сказал, что мост безопасен и что он скоро будет открыт.", today=TODAY)
    assert article.language == "ru"


ERRORS = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, SourceError)]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_errors_survive_a_task_queue(error: type[SourceError]) -> None:
    raised = pickle.loads(pickle.dumps(error("what and why", field="url")))  # noqa: S301
    assert (type(raised), raised.message, raised.field, str(raised)) == (error, "what and why", "url", "what and why")


def test_codes_are_unique() -> None:
    codes = [error.code for error in ERRORS]
    assert len(set(codes)) == len(codes) == 11


def test_binary_through_the_front_door() -> None:
    with pytest.raises(BinaryContent, match="a PDF document"):
        parse_bytes(b"%PDF-1.7", filename="a.txt", today=TODAY)


def test_the_package_needs_no_framework_and_plain_text_no_html_library() -> None:
    code = (
        "import sys; sys.modules['django'] = None\n"
        "from datetime import date\nfrom sources.parsing import parse_text\n"
        f"assert parse_text({TEXT!r}, today=date(2026, 1, 1)).language == 'en'\n"
        "assert 'trafilatura' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
