"""Claims as a table or as lines, written piece by piece: pages of answers in, bytes out.

Each writer holds one page at a time, whatever the number of rows. In CSV a text that a spreadsheet would run as a
formula (it begins with `=`, `+`, `-`, `@`, a tab or a line break, also in their wide forms) gets an apostrophe in
front, since what articles say is not ours to trust; numbers and dates are never touched. Nested values are flat
columns; spans stay JSON. Do not write a table any other way, and do not collect rows here.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson

Answer = dict[str, Any]
Pages = Iterable[Sequence[Answer]]

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table.

    Attributes:
        name: Its heading.
        kind: What it holds; every column but `integer` ones named `id` and `depth` may be empty.
        value: Takes it out of an answer.
    """

    name: str
    kind: Literal["text", "integer", "number", "day", "moment"]
    value: Callable[[Answer], Any]


def _joined(name: str, field: str) -> Callable[[Answer], str]:
    return lambda claim: "; ".join(str(one[field]) for one in claim[name])


def _of_verdict(take: Callable[[Answer], Any]) -> Callable[[Answer], Any]:
    return lambda claim: take(claim["verdict"]) if claim["verdict"] else None


COLUMNS = (
    Column("id", "integer", lambda claim: claim["id"]),
    Column("text", "text", lambda claim: claim["text"]),
    Column("speakers", "text", _joined("speakers", "name")),
    Column("speaker_slugs", "text", _joined("speakers", "slug")),
    Column("speaker_status", "text", lambda claim: claim["speaker_status"]),
    Column("said_on", "day", lambda claim: claim["said_on"]),
    Column("kind", "text", lambda claim: claim["kind"]),
    Column("act", "text", lambda claim: claim["act"]),
    Column("cue", "text", lambda claim: claim["cue"]["text"]),
    Column("mention", "text", lambda claim: claim["mention"]["text"]),
    Column("confidence", "number", lambda claim: claim["confidence"]),
    Column("review_status", "text", lambda claim: claim["review_status"]),
    Column("rating", "text", _of_verdict(lambda verdict: verdict["rating"]["slug"])),
    Column("rating_value", "integer", _of_verdict(lambda verdict: verdict["rating"]["value"])),
    Column("verdict_summary", "text", _of_verdict(lambda verdict: verdict["summary"])),
    Column("verdict_published_at", "moment", _of_verdict(lambda verdict: verdict["published_at"])),
    Column("article_id", "integer", lambda claim: claim["article"]["id"]),
    Column("article_url", "text", lambda claim: claim["article"]["url"]),
    Column("headline", "text", lambda claim: claim["article"]["headline"]),
    Column("source", "text", lambda claim: claim["article"]["source"]["name"]),
    Column("published_on", "day", lambda claim: claim["article"]["published_on"]),
    Column("context", "text", lambda claim: claim["context"]),
    Column("spans", "text", lambda claim: orjson.dumps(claim["spans"]).decode()),
    Column("within", "integer", lambda claim: claim["within"]),
    Column("relayed_by", "text", _joined("relayed_by", "name")),
    Column("depth", "integer", lambda claim: claim["depth"]),
    Column("engine", "text", lambda claim: claim["engine"]),
    Column("created_at", "moment", lambda claim: claim["created_at"]),
    Column("modified_at", "moment", lambda claim: claim["modified_at"]),
    Column("url", "text", lambda claim: claim["url"]),
)


def ndjson(pages: Pages) -> Iterator[bytes]:
    """One claim a line, as the API's list shows it."""
    for page in pages:
        yield b"".join(orjson.dumps(claim, option=_OPTIONS | orjson.OPT_APPEND_NEWLINE) for claim in page)


def json_array(pages: Pages) -> Iterator[bytes]:
    """One JSON array of claims, as the API's list shows them; one claim a line."""
    before = b"[\n"
    for page in pages:
        if page:
            yield before + b",\n".join(orjson.dumps(claim, option=_OPTIONS) for claim in page)
            before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


def table_csv(pages: Pages) -> Iterator[bytes]:
    r"""A CSV table in UTF-8 (RFC 4180: `\r\n`, quoted where needed) with a heading."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([column.name for column in COLUMNS])
    for page in pages:
        for claim in page:
            writer.writerow([_cell(column, claim) for column in COLUMNS])
        yield _drained(buffer)
    yield _drained(buffer)


def safe(text: str) -> str:
    """The text so that no spreadsheet runs it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _cell(column: Column, claim: Answer) -> Any:
    value = column.value(claim)
    if value is None:
        return ""
    if column.kind == "text":
        return safe(value)
    return value if column.kind in ("integer", "number") else orjson.dumps(value, option=_OPTIONS).decode().strip('"')


def _drained(buffer: io.StringIO) -> bytes:
    data = buffer.getvalue().encode("utf-8", errors="replace")
    buffer.seek(0)
    buffer.truncate()
    return data
