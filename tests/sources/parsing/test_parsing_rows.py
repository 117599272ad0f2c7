import io
import json
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.parsing import Given, ParsedRow, normalise, parse_row, parse_rows, unknown_fields
from sources.parsing.errors import BadField, BinaryContent, EmptyText, ParseError

TODAY = date(2026, 11, 22)
TEXT = "The bridge is safe, Mayor Jane Roe said."
WIRE = f"date 2026-01-02 Northfield, Jan 2 {TEXT}\n\n--NWA\n\nmr/dan\n"


def rows_of(*lines: object, **options: object) -> list[ParsedRow]:
    data = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    return list(parse_rows(io.BytesIO(data), today=TODAY, **options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "fields"),
    [
        pytest.param({"text": TEXT}, {}, id="text alone"),
        pytest.param({"id": "a1", "text": TEXT}, {"external_id": "a1"}, id="id"),
        pytest.param({"id": 17, "text": TEXT}, {"external_id": "17"}, id="id as a number"),
        pytest.param({"text": TEXT, "source": "Post"}, {"source_name": "Post"}, id="source"),
        pytest.param({"text": TEXT, "publisher": "Post"}, {"source_name": "Post"}, id="publisher"),
        pytest.param(
            {"text": TEXT, "source": "Post", "publisher": "Other"},
            {"source_name": "Post"},
            id="source before publisher",
        ),
        pytest.param(
            {"text": TEXT, "source": " ", "publisher": "Other"}, {"source_name": "Other"}, id="a blank source is none"
        ),
        pytest.param({"text": TEXT, "headline": "A"}, {"headline": "A"}, id="headline"),
        pytest.param({"text": TEXT, "title": "A\nB"}, {"headline": "A B"}, id="title"),
        pytest.param({"text": TEXT, "byline": "Ada"}, {"byline": "Ada"}, id="byline"),
        pytest.param({"text": TEXT, "author": "Ada"}, {"byline": "Ada"}, id="author"),
        pytest.param(
            {"text": TEXT, "published_on": "2026-01-02"}, {"published_on": date(2026, 1, 2)}, id="published_on"
        ),
        pytest.param({"text": TEXT, "published": "2026-01-02"}, {"published_on": date(2026, 1, 2)}, id="published"),
        pytest.param({"text": TEXT, "url": "HTTP://Post.example"}, {"url": "http://post.example/"}, id="url"),
        pytest.param({"text": TEXT, "url": None, "headline": None}, {}, id="null is none"),
        pytest.param({"text": TEXT, "score": 3}, {}, id="another field"),
        pytest.param(
            {"text": WIRE},
            {"source_name": "NWA", "dateline_place": "Northfield", "published_on": date(2026, 1, 2)},
            id="wire copy",
        ),
        pytest.param(
            {"text": WIRE, "source": "Post", "published": "2026-03-04"},
            {"source_name": "Post", "dateline_place": "Northfield", "published_on": date(2026, 3, 4)},
            id="its fields win over the copy",
        ),
        pytest.param({"html": f"<p>{TEXT} {TEXT} {TEXT}</p>"}, {"text": f"{TEXT} {TEXT} {TEXT}"}, id="html"),
        pytest.param(
            {"html": f"<p>{TEXT} {TEXT} {TEXT}</p>", "text": " "}, {"text": f"{TEXT} {TEXT} {TEXT}"}, id="blank text"
        ),
    ],
)
def test_parse_row(row: dict[str, object], fields: dict[str, object]) -> None:
    article = parse_row(row, today=TODAY)
    expected = {
        "text": TEXT,
        "headline": "",
        "byline": "",
        "source_name": "",
        "url": "",
        "external_id": "",
        "published_on": None,
    }
    expected |= {"dateline_place": "", **fields}
    assert {name: getattr(article, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("row", "field", "says"),
    [
        pytest.param({"text": ["a"]}, "text", "`text` must be a string, got a list", id="list"),
        pytest.param({"text": {"a": 1}}, "text", "got an object", id="object"),
        pytest.param({"text": TEXT, "title": 3}, "title", "`title` must be a string, got a number", id="number"),
        pytest.param({"text": TEXT, "id": True}, "id", "got true or false", id="boolean id"),
        pytest.param({"text": TEXT, "id": 1.5}, "id", "got a number", id="fractional id"),
        pytest.param({"text": TEXT, "published": "2 Jan"}, "published", "write an ISO date", id="date by its own name"),
        pytest.param({"text": TEXT, "published_on": "2026-11-24"}, "published_on", "after tomorrow", id="future"),
        pytest.param({"text": TEXT, "url": "post"}, "url", "must begin with http", id="url"),
        pytest.param({"text": TEXT, "headline": "x" * 501}, "headline", "at most 500", id="long headline"),
        pytest.param({"text": TEXT, "html": "<p>"}, "html", "give one of them", id="both"),
    ],
)
def test_bad_fields_are_named(row: dict[str, object], field: str, says: str) -> None:
    with pytest.raises(BadField, match=says) as caught:
        parse_row(row, today=TODAY)
    assert caught.value.field == field


@pytest.mark.parametrize(
    "row", [{}, {"text": ""}, {"text": " \n"}, {"text": None}, {"text": "…!?"}, {"text": "\ufeff"}], ids=ascii
)
def test_empty_text(row: dict[str, object]) -> None:
    with pytest.raises(EmptyText) as caught:
        parse_row(row, today=TODAY)
    assert caught.value.field == "text"


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        pytest.param(b'{"text": "a', "bad_row", "not JSON: .* at column", id="cut short"),
        pytest.param(b'["text"]', "bad_row", "the line is a list; it must be an object", id="a list"),
        pytest.param(b"null", "bad_row", "the line is null", id="null"),
        pytest.param(b'{"text": NaN}', "bad_row", "NaN is no JSON number", id="NaN"),
        pytest.param(b'{"text": "\xe9"}', "bad_row", "not UTF-8 at byte 10", id="Windows-1252"),
        pytest.param(b"[" * 200_000, "bad_row", "nested too deeply", id="deep"),
        pytest.param(b'{"id": ' + b"9" * 5_000 + b"}", "bad_row", "not JSON", id="huge number"),
        pytest.param({"text": ""}, "empty_text", "is empty", id="empty text"),
        pytest.param({"text": ["a"]}, "bad_field", "got a list", id="wrong type"),
        pytest.param({"html": "<p>"}, "no_article", "no article", id="no article"),
    ],
)
def test_a_bad_line_in_the_middle_costs_one_article(line: object, code: str, says: str) -> None:
    first, second, third = rows_of({"id": "a", "text": TEXT}, line, {"id": "c", "text": TEXT})
    assert first.article is not None
    assert third.article is not None
    assert (first.external_id, third.external_id, third.line_number) == ("a", "c", 3)
    assert (second.article, second.line_number) == (None, 2)
    assert second.error is not None
    assert second.error.code == code
    with pytest.raises(ParseError, match=says):
        raise second.error


def test_a_bad_row_keeps_its_id() -> None:
    (row,) = rows_of({"id": "b7", "text": 3})
    assert (row.external_id, row.article) == ("b7", None)


def test_blank_lines_and_byte_order_mark() -> None:
    data = b"\xef\xbb\xbf" + json.dumps({"text": TEXT}).encode() + b"\r\n\r\n \n" + json.dumps({"text": TEXT}).encode()
    rows = list(parse_rows(io.BytesIO(data), today=TODAY))
    assert [(row.line_number, row.article is not None) for row in rows] == [(1, True), (4, True)]


def test_utf16_is_named() -> None:
    row = next(parse_rows(io.BytesIO('{"text": "a"}\n'.encode("utf-16")), today=TODAY))
    assert row.error is not None
    assert "looks like UTF-16" in row.error.message


def test_unknown_fields_are_collected() -> None:
    lines = [{"text": TEXT, "score": 1, "tags": []}, {"text": TEXT, "score": 2}, {"txet": TEXT}]
    reader = parse_rows(io.BytesIO("\n".join(map(json.dumps, lines)).encode()), today=TODAY)
    assert len(list(reader)) == 3
    assert reader.unknown_fields == {"score", "tags", "txet"}
    assert unknown_fields({"b": 1, "text": "", "a": 1}) == ["a", "b"]


def test_unknown_fields_are_bounded() -> None:
    line = json.dumps({"text": TEXT} | {f"field{number}": 1 for number in range(1_000)})
    reader = parse_rows(io.BytesIO(line.encode()), today=TODAY)
    list(reader)
    assert len(reader.unknown_fields) == 100


def test_given_fills_what_the_row_leaves_open() -> None:
    rows = rows_of({"text": TEXT}, {"text": TEXT, "publisher": "Own"}, {"text": WIRE}, given=Given(source_name="Post"))
    assert [row.article.source_name for row in rows if row.article] == ["Post", "Own", "Post"]


def test_a_line_too_long_is_passed_over_in_pieces() -> None:
    class Stream(io.BytesIO):
        longest = 0

        def readline(self, limit: int | None = -1, /) -> bytes:
            line = super().readline(limit)
            self.longest = max(self.longest, len(line))
            return line

    stream = Stream(b'{"text": "' + b"a" * 5_000_000 + b'"}\n' + json.dumps({"text": TEXT}).encode())
    first, second = parse_rows(stream, today=TODAY, limit=1_000)
    assert first.error is not None
    assert first.error.code == "too_large"
    assert second.article is not None
    assert second.line_number == 2
    assert stream.longest <= 1 << 20


def test_rows_are_read_one_at_a_time() -> None:
    taken = 0

    class Endless:
        def readline(self, limit: int = -1, /) -> bytes:
            nonlocal taken
            taken += 1
            return json.dumps({"id": taken, "text": TEXT}).encode() + b"\n"

    reader: Iterator[ParsedRow] = parse_rows(Endless(), today=TODAY)
    assert [next(reader).external_id for _ in range(3)] == ["1", "2", "3"]
    assert taken == 3


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_a_text_survives_its_row(text: str) -> None:
    text = "Mayor: " + text + " she"
    (row,) = rows_of({"text": text})
    assert row.article is not None
    assert row.article.text in normalise(text)


@pytest.mark.parametrize("field", ["text", "html"])
def test_escaped_noise_is_binary_but_a_stray_control_character_is_not(field: str) -> None:
    (noise,) = rows_of({field: "\x00\x01PNG" * 20})
    assert isinstance(noise.error, BinaryContent)
    (stray,) = rows_of({"text": f"{TEXT}\x0c"})
    assert stray.error is None


@given(st.binary(max_size=200))
def test_any_line_gives_a_row_or_nothing(data: bytes) -> None:
    for row in parse_rows(io.BytesIO(data), today=TODAY):
        assert (row.article is None) != (row.error is None)
