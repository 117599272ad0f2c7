"""The read path of every endpoint: rows as dicts, shaped to what the API promises, no model instances.

A view names its `shape`; the shape names the columns that one query reads, and turns rows into the answer with at most
a fixed number of further queries for the whole page. Serializers check what is written and describe what is read; do
not use them to read, which costs several times the query itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from rest_framework.exceptions import NotFound
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from sources.api.bodies import require_length
from sources.api.strict import refuse_unknown

Row = dict[str, Any]


class Shape:
    """How the rows of one model become answers.

    Attributes:
        columns: Paths that `values()` reads; sort columns and `id` must be among them.
    """

    columns: ClassVar[tuple[str, ...]] = ()

    def __init__(self, request: Request) -> None:
        self.request = request

    def select(self, queryset: QuerySet) -> QuerySet:
        """Rows as dicts with exactly `columns`."""
        return queryset.values(*self.columns)

    def build(self, rows: Sequence[Row]) -> list[Row]:
        """The answers, in the order of the rows."""
        raise NotImplementedError

    def address(self, list_name: str) -> str:
        """The absolute address of a list; an id and a slash behind it give a row's own."""
        return self.request.build_absolute_uri(reverse(list_name))


class RowViewSet(GenericViewSet):
    """List and detail over a shape.

    Attributes:
        shape: The shape of lists.
        detail_shape: The shape of one row; that of lists where it is None.
        orderings: Columns by which a list may be ordered.
        default_ordering: One of them, perhaps with a `-`.
        write_permissions: Permission by method, for methods that write.
    """

    shape: ClassVar[type[Shape]]
    detail_shape: ClassVar[type[Shape] | None] = None
    orderings: ClassVar[tuple[str, ...]] = ("id",)
    default_ordering: ClassVar[str] = "id"
    write_permissions: ClassVar[dict[str, str]] = {}
    http_method_names = ["get", "head", "post", "patch"]
    lookup_value_regex = "[0-9]{1,18}"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """As the framework's; a write takes no parameters in its address, and a body of known length."""
        super().initial(request, *args, **kwargs)
        if request.method not in SAFE_METHODS:
            refuse_unknown(request.query_params, ())
            require_length(request.META)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As the framework's; tells caches that who asks decides what is answered."""
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ("Authorization", "Cookie"))
        return response

    def rows(self, queryset: QuerySet) -> QuerySet:
        """Rows as dicts; called once a page by the pagination."""
        return self.shape(self.request).select(queryset)

    def list(self, request: Request) -> Response:
        """A page of rows."""
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.shape(request).build(rows or []))

    def retrieve(self, request: Request, pk: str) -> Response:
        """One row."""
        return Response(self.one(self.filter_queryset(self.get_queryset()), int(pk)))

    def one(self, queryset: QuerySet, pk: int) -> Row:
        """The answer about one row.

        Raises:
            NotFound: it is not there, or not for this reader.
        """
        shape = (self.detail_shape or self.shape)(self.request)
        rows = list(shape.select(queryset.filter(pk=pk)))
        if not rows:
            raise NotFound(f"There is no {queryset.model._meta.verbose_name} {pk} here.")
        return shape.build(rows)[0]
