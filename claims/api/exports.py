"""Export of exactly the claims that a filter finds, streamed.

Rows are read by the list's own keyset, one page at a time, and forgotten once they are sent: a million rows need the
memory of one page, no transaction stays open while a slow client reads, and what is there throughout is met exactly
once. The first page is read before the answer begins, so that an error is still an error. Do not count the rows
beforehand, and do not hold a cursor of the database: either would make the largest exports the ones that fail.
"""

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.exceptions import ErrorDetail, NotAcceptable, ValidationError
from rest_framework.request import Request

from claims.api.access import claims_for
from claims.api.documents import DocumentView
from claims.api.filters import ClaimFilter
from claims.api.shapes import ClaimShape
from claims.api.views import ClaimViewSet
from claims.formats import tables
from sources.api.filters import Field
from sources.api.questions import asked
from sources.api.reading import Row
from sources.api.values import Choice

TYPES = {
    "ndjson": "application/x-ndjson",
    "csv": "text/csv",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}
_CHARSETS = {"csv": "; charset=utf-8; header=present"}
NEEDS_PYARROW = "Parquet needs the package pyarrow on the server (pip install pyarrow); other formats need nothing."


class ExportFilter(ClaimFilter):
    """The list's filters, and the format."""

    fields = (
        *ClaimFilter.fields,
        Field(
            *("format", Choice(TYPES), "The file's format, whatever `Accept` says. Parquet needs pyarrow.", "csv"),
            *("none: it finds nothing",),
            lookups=(),
            is_turned=False,
            apply=lambda queryset, *_: queryset,
        ),
    )


class TypedShape(ClaimShape):
    """Claims with days and times as such, for a format that has types of its own."""

    is_raw = False


class ClaimExportView(DocumentView):
    """All claims of a filter as one file."""

    filterset_class = ExportFilter
    media_types = tuple(TYPES.values())
    parameters = ("ordering",)
    answers_too: ClassVar[dict[str, tuple[str, ...]]] = {}  # it is sent as it is read, and so has no tag
    orderings = ClaimViewSet.orderings
    default_ordering = ClaimViewSet.default_ordering

    def choose_media_type(self, request: Request) -> str:
        """As the base's; `format=` wins over `Accept`, and is checked with the other filters."""
        if named := TYPES.get(request.query_params.get("format", "")):
            return named
        chosen = "" if "format" in request.query_params else super().choose_media_type(request)
        if chosen == TYPES["parquet"] and not has_pyarrow():
            raise NotAcceptable(NEEDS_PYARROW)
        return chosen

    @extend_schema(
        operation_id="claims_export",
        summary="Export claims",
        description="Exactly the claims that the list with the same filters would give, all of them, in its order, as "
        "one file. NDJSON and JSON hold claims as the list shows them; CSV and Parquet have flat columns. CSV texts "
        "that a spreadsheet would take for a formula begin with an apostrophe. Choose by `format` or `Accept`.",
        filters=True,
        responses={
            (200, TYPES["ndjson"]): OpenApiTypes.STR,
            (200, TYPES["csv"]): OpenApiTypes.STR,
            (200, TYPES["json"]): {"type": "array", "items": {"$ref": "#/components/schemas/Claim"}},
            (200, TYPES["parquet"]): OpenApiTypes.BINARY,
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Streams the file."""
        queryset = self.filter_queryset(claims_for(request))
        name = next(name for name, media_type in TYPES.items() if media_type == self.media_type)
        write = _writer(name)
        pages = self._pages(queryset) if request.method == "GET" else iter(())
        first = next(pages, None)
        chunks = write(chain([] if first is None else [first], pages))
        response = StreamingHttpResponse(chunks, content_type=TYPES[name] + _CHARSETS.get(name, ""))
        response["Content-Disposition"] = f'attachment; filename="claims.{name}"'
        return response

    def _pages(self, queryset: QuerySet) -> Iterator[list[Row]]:
        shape = (TypedShape if self.media_type == TYPES["parquet"] else ClaimShape)(self.request)
        for rows in self.paginator.walk(asked(queryset), shape, self.request, self):
            yield shape.build(rows)


def has_pyarrow() -> bool:
    """Whether Parquet can be written here."""
    return find_spec("pyarrow") is not None


def _writer(name: str) -> Callable[[Any], Iterator[bytes]]:
    writers: dict[str, Callable[[Any], Iterator[bytes]]] = {
        "ndjson": tables.ndjson,
        "csv": tables.table_csv,
        "json": tables.json_array,
    }
    if name in writers:
        return writers[name]
    if not has_pyarrow():
        raise ValidationError({"format": [ErrorDetail(NEEDS_PYARROW, "not_installed")]})
    write: Callable[[Sequence[Any]], Iterator[bytes]] = import_module("claims.formats.parquet").table_parquet
    return write
