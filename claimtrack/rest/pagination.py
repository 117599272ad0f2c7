"""Lists in pages: `{"next", "previous", "results"}` and, on request, `count`.

A cursor is opaque and signed together with the list and the order that it belongs to, so that one that was changed, or
taken from elsewhere, is refused rather than read as something else. Rows are counted only where `count=true` asks:
counting is what makes big lists slow.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache, partial
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import F, IntegerField, QuerySet
from django.utils.encoding import escape_uri_path
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from claimtrack.rest.cursors import opened, sealed
from claimtrack.rest.errors import BadRequest, Problem
from claimtrack.rest.keyset import Leg, Order, Page, Position, read_page, rows_of
from sources.api.filters import RANK
from sources.api.questions import Question
from sources.api.reading import Shape, origin_of
from sources.api.statements import AnyOf, Slot, Statement, statements
from sources.api.strict import nearest

PAGE_SIZE = 50
MAX_PAGE_SIZE = 500
WALKED = 250
"""Rows that are read at a time where all are wanted: 500 take 5 MB more, and no less time."""

_RANK: Any = IntegerField()
_RANK.set_attributes_from_name(RANK)


class KeysetPagination(BasePagination):
    """Reads one page of a view that declares `orderings` (names of columns) and `default_ordering`."""

    parameters = ("cursor", "page_size", "count", "ordering")

    def read(self, question: Question, shape: Shape, request: Request, view: Any) -> Page:
        """The page that the request asks for, as rows of the shape.

        Args:
            question: All rows of the list.
            shape: Which columns to read.
            request: Has the parameters.
            view: Declares what may be ordered by.

        Raises:
            BadRequest: one of the four parameters is not valid.
        """
        self.request = request
        self.list = _List(question, shape, request, view)
        self.purpose = f"claimtrack.cursor.{view.basename}.{self.list.name}"
        self.position = self._position(request)
        size = _page_size(request)
        self.count = question.count() if _wants_count(request) else None
        self.page = self.list.page(self.position, size)
        return self.page

    def walk(self, question: Question, shape: Shape, request: Request, view: Any) -> Iterator[list[Any]]:
        """All rows in the list's order, page after page, each read when it is asked for.

        No transaction is held between two pages; a row that is there throughout is met exactly once.

        Raises:
            BadRequest: `ordering` is not valid.
        """
        return _List(question, shape, request, view).pages()

    def get_paginated_response(self, data: list[dict[str, Any]]) -> Response:
        """The page with the addresses of its neighbours."""
        counted = {} if self.count is None else {"count": self.count}
        return Response(counted | {"next": self._next(), "previous": self._previous(), "results": data})

    # --- Neighbours -------------------------------------------------------------------------------------------------

    def _next(self) -> str | None:
        if self.position is not None and self.position.backward:
            return self._link(self._edge(-1, backward=False))
        return self._link(self._edge(-1, backward=False)) if self.page.has_more else None

    def _previous(self) -> str | None:
        if self.position is None:
            return None
        if self.position.backward and not self.page.has_more:
            return None
        return self._link(self._edge(0, backward=True))

    def _edge(self, index: int, *, backward: bool) -> Position:
        if self.page.rows:
            return self.list.position_of(self.page.rows[index], backward=backward)
        assert self.position is not None  # noqa: S101  (an empty first page has no neighbours)
        return self.position.turned(self.list.order)

    def _link(self, position: Position) -> str:
        cursor = sealed(self.purpose, [self.list.written(position), position.pk, position.backward])
        return f"{self._address}cursor={cursor}"

    @cached_property
    def _address(self) -> str:
        """The list's own, up to the cursor, which holds nothing that is to be escaped."""
        params = [(name, values) for name, values in self.request.query_params.lists() if name != "cursor"]
        query = urlencode(sorted(params), doseq=True)
        return f"{origin_of(self.request)}{escape_uri_path(self.request.path)}?{query}{'&' if query else ''}"

    def _position(self, request: Request) -> Position | None:
        cursor = request.query_params.get("cursor")
        if cursor is None:
            return None
        try:
            value, pk, backward = opened(self.purpose, cursor)
            return Position(None if value is None else self.list.field.to_python(value), pk, backward)
        except (ValueError, ValidationError):
            message = "This cursor does not belong to this list and order; start again without it."
            raise BadRequest([Problem("cursor", "invalid_cursor", message)]) from None

    # --- Description -------------------------------------------------------------------------------------------------

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The four parameters, for the API's description."""
        names = _orderings(view)
        return [
            _parameter("cursor", {"type": "string"}, "Opaque; taken from `next` or `previous` of an earlier page."),
            _parameter(
                "page_size",
                {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE},
                "Rows a page.",
            ),
            _parameter("count", {"type": "boolean", "default": False}, "Whether to add the number of all rows."),
            _parameter(
                "ordering",
                {"type": "string", "enum": names, "default": view.default_ordering},
                "Sort column, with `-` for the greatest first; rows without a value come last. `rank`: what fits "
                "`search` best first.",
            ),
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The shape of a list, for the API's description."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "description": "Only with `count=true`."},
                "next": link,
                "previous": link,
                "results": schema,
                "facets": {
                    "type": "object",
                    "description": "Only with `facets`: for each, its values, the most frequent first.",
                    "additionalProperties": {"type": "array", "items": _FACET},
                },
                "explain": _EXPLANATION,
            },
        }


_FACET = {
    "type": "object",
    "required": ["value", "name", "count"],
    "properties": {
        "value": {"type": "string", "description": "What the filter of the facet's name takes."},
        "name": {"type": "string"},
        "count": {"type": "integer"},
    },
}
_EXPLAINED = {
    "type": "object",
    "required": ["parameter", "field", "lookup", "negated", "value", "found"],
    "properties": {
        "parameter": {"type": ["string", "null"], "description": "Null: implied unless one asks otherwise."},
        "field": {"type": "string"},
        "lookup": {"type": "string"},
        "negated": {"type": "boolean"},
        "value": {"description": "As it was understood."},
        "found": {"description": "Ids of the rows elsewhere that it means; null where it means none."},
    },
}
_EXPLANATION = {
    "type": "object",
    "description": "Only with `explain=true`.",
    "required": ["filters", "ordering"],
    "properties": {"filters": {"type": "array", "items": _EXPLAINED}, "ordering": {"type": "string"}},
}


class _List:
    """A question's rows in the order that the request asks for."""

    def __init__(self, question: Question, shape: Shape, request: Request, view: Any) -> None:
        self.question, self.shape = question, shape
        self.name = _ordering(request, view)
        column = self.name.removeprefix("-")
        self.field = _RANK if column == RANK else shape.model._meta.get_field(column)
        self.order = Order(column, self.name.startswith("-"), self.field.null)
        self.at, self.at_id = _places(shape.plan.columns, column)
        filterset = question.filterset
        self._is_found_first = filterset is not None and filterset.is_found_first and column != RANK

    def page(self, position: Position | None, size: int) -> Page:
        """The page behind a position."""
        return read_page(partial(self._read, size + 1), self.order, position, size)

    def pages(self) -> Iterator[list[Any]]:
        """All pages."""
        position = None
        has_more = True
        while has_more:
            page = self.page(position, WALKED)
            has_more = page.has_more
            if page.rows:
                position = self.position_of(page.rows[-1])
                yield page.rows

    def position_of(self, row: Sequence[Any], *, backward: bool = False) -> Position:
        """The place of a row."""
        value = row[self.at]
        return Position(None if value is None else self.field.to_python(value), row[self.at_id], backward)

    def written(self, position: Position) -> str | None:
        """The sort value of a place as text."""
        if position.value is None:
            return None
        holder: Any = _Holder(self.field.attname, position.value)
        return str(self.field.value_to_string(holder))

    def _read(self, limit: int, leg: Leg, start: Position | None) -> Sequence[Any]:
        part = (self.order, leg, start is None, limit)
        at = {} if start is None else {"at": start.value, "at_id": start.pk}

        def of_page(queryset: QuerySet) -> QuerySet:
            return rows_of(queryset, self.order, leg, has_start=start is not None)

        if not self._is_found_first:
            return self.question.rows(
                (self.shape.key, *part), lambda every: self._statement(of_page(every), limit=limit), **at
            )
        found = self.question.rows(
            ("ids", *part), lambda every: Statement(of_page(every).values_list("pk"), limit=limit), **at
        )
        whole = self._whole(leg, [pk for (pk,) in found]) if found else []
        # Where a row has gone in between, the page is looked for anew: one that is too short would end the list.
        return whole if len(whole) == len(found) else self._read(limit, leg, start)

    def _whole(self, leg: Leg, ids: list[int]) -> Sequence[Any]:
        """The rows with these ids, as they are read.

        Of all that a search finds only the page's rows are joined: sorting 3,400 joined ones took 150 ms. Asked for by
        themselves they have one plan for all words, while planning the whole took PostgreSQL 5 ms each time.
        """

        def make() -> Statement:
            every = self.shape.model._default_manager.filter(AnyOf(F("pk"), Slot("ids")))
            return self._statement(rows_of(every, self.order, leg))

        return statements.get(("whole", self.shape.key, self.order, leg), make).rows({"ids": ids})

    def _statement(self, rows: QuerySet, *, limit: int | None = None) -> Statement:
        return self.shape.statement(rows, "id", self.order.column, limit=limit)


@lru_cache(maxsize=1_000)
def _places(columns: tuple[str, ...], column: str) -> tuple[int, int]:
    """Where a list's column and the id stand in its rows."""
    read = [*dict.fromkeys([*columns, "id", column])]
    return read.index(column), read.index("id")


class _Holder:
    """Lets a model field write a bare value as text."""

    def __init__(self, name: str, value: Any) -> None:
        setattr(self, name, value)


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def _orderings(view: Any) -> list[str]:
    """All that may be ordered by."""
    is_ranked = getattr(getattr(view, "filterset_class", None), "is_ranked", False)
    return [sign + name for name in (*view.orderings, *((RANK,) if is_ranked else ())) for sign in ("", "-")]


def _ordering(request: Request, view: Any) -> str:
    name: str | None = request.query_params.get("ordering")
    if name is None:
        return str(view.default_ordering)
    names = _orderings(view)
    if name.removeprefix("-") == RANK and name in names and "search" not in request.query_params:
        message = "rank is the order of what a search finds; give search too, or order by something else."
        raise BadRequest([Problem("ordering", "needs_search", message, view.default_ordering)])
    if name not in names:
        message = f"Cannot order by “{name}”; valid are {', '.join(names)}."
        raise BadRequest([Problem("ordering", "invalid_choice", message, nearest(name, names))])
    return name


def _page_size(request: Request) -> int:
    text = request.query_params.get("page_size", str(PAGE_SIZE))
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= MAX_PAGE_SIZE):
        message = f"page_size must be a whole number from 1 to {MAX_PAGE_SIZE}, got “{text[:40]}”."
        raise BadRequest([Problem("page_size", "invalid", message, str(MAX_PAGE_SIZE))])
    return int(text)


def _wants_count(request: Request) -> bool:
    text = request.query_params.get("count", "false")
    if text not in ("true", "false"):
        message = f"count must be true or false, got “{text[:40]}”."
        raise BadRequest([Problem("count", "invalid_choice", message, nearest(text, ["true", "false"]))])
    return text == "true"
