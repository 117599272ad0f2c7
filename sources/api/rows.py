"""List and detail of one model over its shape (`sources.api.reading`).

A view declares: which rows may be read, what they are filtered and ordered by, and the shape of the answers.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import NotFound
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from sources.api.bodies import require_length
from sources.api.extras import EXTRAS
from sources.api.facets import facets_of
from sources.api.questions import Question, asked, with_slots
from sources.api.reading import Row, Shape, reader_of
from sources.api.selection import PARAMETERS, described, selection_of
from sources.api.statements import Slot, statements
from sources.api.strict import refuse_unknown

_NO_FILTERS = frozenset({"cursor", "page_size", "count", "ordering", "facets", *PARAMETERS})


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
    shape_parameters: ClassVar[tuple[str, ...]] = PARAMETERS
    extras: ClassVar[tuple[str, ...]] = EXTRAS

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """As the framework's; a write takes no parameters in its address, and a body of known length."""
        super().initial(request, *args, **kwargs)
        if request.method not in SAFE_METHODS and self.action is not None:  # a method that is not there is 405
            refuse_unknown(request.query_params, ())
            require_length(request.META)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As the framework's; tells caches that who asks decides what is answered."""
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ("Authorization", "Cookie"))
        return response

    def list(self, request: Request) -> Response:
        """A page of rows."""
        question = self.question()
        shape = self.shaped(self.shape)
        page = self.paginator.read(question, shape, request, self)
        answers = shape.build(page.rows)
        response = self.paginator.get_paginated_response(answers)
        if question.filterset is not None and question.filterset.has_extras:
            found = self.paginator.list
            if "facets" in request.query_params:
                response.data |= facets_of(request, question, self.shape.model, question.filterset.facets)
            response.data |= question.filterset.extras([row[found.at_id] for row in page.rows], answers, found.name)
        return response

    def retrieve(self, request: Request, pk: str) -> Response:
        """One row."""
        if request.query_params:
            return Response(self.one(self.filter_queryset(self.get_queryset()), int(pk)))
        shape = self.shaped(self.detail_shape or self.shape)
        statement = statements.get(
            ("one", type(self), self.reader(), shape.key),
            lambda: shape.statement(self.get_queryset().filter(pk=Slot("pk"))),
        )
        return Response(self._only(shape.build(statement.rows({"pk": self.standing_for(int(pk))})), int(pk)))

    def one(self, queryset: QuerySet, pk: int) -> Row:
        """The answer about one row.

        Raises:
            NotFound: it is not there, or not for this reader.
        """
        found = queryset.filter(pk=self.standing_for(pk))
        return self._only(self.shaped(self.detail_shape or self.shape).answers(found), pk)

    def standing_for(self, pk: int) -> int:
        """The id of the row that answers to this one; another where rows are merged."""
        return pk

    def _only(self, answers: Sequence[Row], pk: int) -> Row:
        if not answers:
            raise NotFound(f"There is no {self.shape.model._meta.verbose_name} {pk} here.")
        return answers[0]

    def question(self) -> Question:
        """The rows that the parameters ask for, of those that the reader may see."""
        key = (type(self), self.reader())
        question = with_slots(self.filterset_class, self.request, _NO_FILTERS, self.get_queryset, key)
        if question is None:
            question = asked(self.filter_queryset(self.get_queryset()))
            question.filterset, question.base = getattr(self, "filterset", None), key
        return question

    def reader(self) -> Hashable:
        """What `get_queryset` depends on."""
        return reader_of(self.request)

    def shaped(self, shape: type[Shape]) -> Shape:
        """The shape with what the parameters select.

        Raises:
            ValidationError: they select what there is not.
        """
        params = self.request.query_params
        if not any(name in params for name in PARAMETERS):
            return shape(self.request)
        return shape(self.request, selection_of(params, shape.fields, shape.filling(), shape.omitted))

    @classmethod
    def described_selection(cls, *, detail: bool) -> Sequence[OpenApiParameter]:
        """The parameters that select, for the API's description."""
        shape = (cls.detail_shape if detail else None) or cls.shape
        return described([name for name in shape.fields if name not in shape.omitted], shape.expansions)
