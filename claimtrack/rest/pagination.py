"""Lists in pages: `{"next", "previous", "results"}` and, on request, `count`.

A cursor is opaque and signed together with the list and the order that it belongs to, so that one that was changed, or
taken from elsewhere, is refused rather than read as something else. Rows are counted only where `count=true` asks:
counting is what makes big lists slow.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from claimtrack.rest.errors import BadRequest, Problem
from claimtrack.rest.keyset import Order, Page, Position, read_page
from sources.api.strict import nearest

PAGE_SIZE = 50
MAX_PAGE_SIZE = 500


class KeysetPagination(BasePagination):
    """Reads one page of a view that declares `orderings` (names of columns) and `default_ordering`."""

    parameters = ("cursor", "page_size", "count", "ordering")

    def paginate_queryset(self, queryset: QuerySet, request: Request, view: Any = None) -> list[dict[str, Any]]:
        """The page's rows, as `view.rows` selects them.

        Raises:
            BadRequest: one of the four parameters is not valid.
        """
        name = _ordering(request, view)
        column = name.removeprefix("-")
        self.field = queryset.model._meta.get_field(column)
        self.order = Order(column, name.startswith("-"), self.field.null)
        self.signer = Signer(salt=f"claimtrack.cursor.{view.basename}.{name}", sep=".")
        self.url = request.build_absolute_uri()
        self.position = self._position(request)
        size = _page_size(request)
        self.count = queryset.count() if _wants_count(request) else None
        self.page: Page = read_page(queryset, view.rows, self.order, self.position, size)
        return self.page.rows

    def get_paginated_response(self, data: list[dict[str, Any]]) -> Response:
        """The page with the addresses of its neighbours."""
        counted = {} if self.count is None else {"count": self.count}
        return Response(counted | {"next": self._next(), "previous": self._previous(), "results": data})

    def walk(self, queryset: QuerySet, request: Request, view: Any) -> Iterator[list[dict[str, Any]]]:
        """All rows in the list's order, page after page, each read when it is asked for.

        No transaction is held between two pages; a row that is there throughout is met exactly once.

        Raises:
            BadRequest: `ordering` is not valid.
        """
        name = _ordering(request, view)
        column = name.removeprefix("-")
        order = Order(column, name.startswith("-"), queryset.model._meta.get_field(column).null)
        return _pages(queryset, view.rows, order)

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
            return Position.of(self.page.rows[index], self.order, backward=backward)
        assert self.position is not None  # noqa: S101  (an empty first page has no neighbours)
        return self.position.turned(self.order)

    def _link(self, position: Position) -> str:
        value = (
            None if position.value is None else self.field.value_to_string(_Holder(self.field.attname, position.value))
        )
        token = self.signer.sign_object([value, position.pk, position.backward])
        return replace_query_param(self.url, "cursor", token)

    def _position(self, request: Request) -> Position | None:
        token = request.query_params.get("cursor")
        if token is None:
            return None
        try:
            value, pk, backward = self.signer.unsign_object(token)
            return Position(None if value is None else self.field.to_python(value), pk, backward)
        except (BadSignature, ValueError, ValidationError):
            message = "This cursor does not belong to this list and order; start again without it."
            raise BadRequest([Problem("cursor", "invalid_cursor", message)]) from None

    # --- Description -------------------------------------------------------------------------------------------------

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The four parameters, for the API's description."""
        names = [sign + name for name in view.orderings for sign in ("", "-")]
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
                "Sort column, with `-` for the greatest first; rows without a value come last.",
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
            },
        }


def _pages(queryset: QuerySet, rows_of: Callable[[QuerySet], QuerySet], order: Order) -> Iterator[list[dict[str, Any]]]:
    position = None
    has_more = True
    while has_more:
        page = read_page(queryset, rows_of, order, position, MAX_PAGE_SIZE)
        has_more = page.has_more
        if page.rows:
            position = Position.of(page.rows[-1], order)
            yield page.rows


class _Holder:
    """Lets a model field write a bare value as text."""

    def __init__(self, name: str, value: Any) -> None:
        setattr(self, name, value)


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def _ordering(request: Request, view: Any) -> str:
    name = request.query_params.get("ordering", view.default_ordering)
    names = [sign + column for column in view.orderings for sign in ("", "-")]
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
