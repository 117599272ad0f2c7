"""The list's selection as a file for the desk: streamed, whatever its size.

Rows are read by id, a page at a time, so memory stays flat and no transaction stays open while a slow browser reads.
Unlike the API's export this one is for editors: status, assignee, tags, notes and open findings are in it, as far as
the one who asks may see them. Do not count the rows first.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import reverse

from claims.formats.tables import safe
from claims.models import Claim

PAGE = 500
TYPES = {"csv": "text/csv; charset=utf-8", "ndjson": "application/x-ndjson"}


def export_response(
    request: HttpRequest, queryset: QuerySet[Claim], format_name: str, shown: Callable[[Claim], str]
) -> StreamingHttpResponse:
    """Newest first, all that match.

    Args:
        request: Who asks, and at which address.
        queryset: The list's selection, with what its columns need.
        format_name: `csv` or `ndjson`.
        shown: The finding of a claim, as far as the one who asks may see it.
    """
    pages = _pages(queryset)
    rows = ([_row(claim, request, shown) for claim in page] for page in pages)
    write = _csv if format_name == "csv" else _ndjson
    response = StreamingHttpResponse(write(rows), content_type=TYPES[format_name])
    response["Content-Disposition"] = f'attachment; filename="desk-claims.{format_name}"'
    return response


def _pages(queryset: QuerySet[Claim]) -> Iterator[list[Claim]]:
    page = list(queryset.order_by("-pk")[:PAGE])
    while page:
        yield page
        page = list(queryset.filter(pk__lt=page[-1].pk).order_by("-pk")[:PAGE]) if len(page) == PAGE else []


def _row(claim: Claim, request: HttpRequest, shown: Callable[[Claim], str]) -> dict[str, Any]:
    links = list(claim.links.all())
    article = claim.article
    return {
        "id": claim.pk,
        "quote": claim.text,
        "speakers": [link.speaker.name if link.speaker else link.words for link in links],
        "speaker_status": claim.speaker_status,
        "source": article.source.name,
        "said_on": claim.said_on.isoformat() if claim.said_on else None,
        "kind": claim.kind,
        "act": claim.act,
        "confidence": claim.confidence,
        "review_status": claim.review_status,
        "orphaned": claim.alignment == Claim.Alignment.VANISHED,
        "finding": shown(claim),
        "assignee": str(claim.assignee) if claim.assignee else None,
        "notes": claim.note_total,  # type: ignore[attr-defined]
        "tags": [tag.name for tag in claim.tags.all()],
        "headline": article.headline,
        "article_url": article.url,
        "page": request.build_absolute_uri(reverse("admin:claims_claim_change", args=[claim.pk])),
    }


def _ndjson(pages: Iterator[Sequence[dict[str, Any]]]) -> Iterator[bytes]:
    for rows in pages:
        yield "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode("utf-8", errors="replace")


def _csv(pages: Iterator[Sequence[dict[str, Any]]]) -> Iterator[bytes]:
    r"""UTF-8, `\r\n`; a text that a spreadsheet would run as a formula gets an apostrophe in front."""
    has_head = False
    for rows in pages:
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer)
        if not has_head and rows:
            writer.writerow(rows[0])
            has_head = True
        writer.writerows([_cell(value) for value in row.values()] for row in rows)
        yield buffer.getvalue().encode("utf-8", errors="replace")


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        value = "; ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return safe(value) if isinstance(value, str) else value
