"""Strict parameters: what is not known is refused, with the nearest name that is.

A misspelt filter that is silently ignored answers with everything, and its reader takes that for the filtered set. So
each parameter must be declared (by the view's FilterSet or by the page itself), given once unless it takes several
values, and not empty.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

from claimtrack.rest.errors import BadRequest, Problem
from sources.api.extras import described_extras
from sources.api.selection import PARAMETERS as SELECTING
from sources.api.strict import nearest


class StrictFilters(BaseFilterBackend):
    """Applies the view's `filterset_class` and refuses all else."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        """The rows that the parameters ask for.

        Raises:
            BadRequest: an unknown, repeated, empty or malformed parameter; all of them are named at once.
        """
        filters = view.filterset_class.base_filters if not view.detail else {}
        own = _own(view)
        problems = list(_strange(request, filters, own))
        if view.detail:
            if problems:
                raise BadRequest(problems)
            return queryset
        filterset = view.filterset_class(request.query_params, queryset, request=request)
        named = {problem.field for problem in problems}
        problems += [_problem(name, error) for name, error in filterset.errors.items() if name not in named]
        if problems:
            raise BadRequest(problems)
        for name in filterset.cleaned:
            _require(request, view, name, filters[name].row.permission)
        view.filterset = filterset
        return filterset.qs

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Every filter with its type, values and meaning, for the API's description."""
        if view.detail or not hasattr(view, "filterset_class"):
            return []
        described = [_described(name, one) for name, one in view.filterset_class.base_filters.items()]
        if getattr(view, "extras", ()):
            described += described_extras(view.filterset_class.facets)
        if hasattr(view, "parameters"):  # where it takes all of the page's, the generator adds them itself
            paging = view.paginator.get_schema_operation_parameters(view)
            described += [one for one in paging if one["name"] in view.parameters]
        return described


def _require(request: Request, view: Any, name: str, permission: str) -> None:
    """Refuses a filter over what the reader may not see: its answer would tell.

    Raises:
        NotAuthenticated, PermissionDenied: without a token, or without the permission.
    """
    if permission and not (request.user.is_authenticated and request.user.has_perm(permission)):
        view.permission_denied(request, message=f"{name} is a filter for members of the desk.")


def _own(view: Any) -> tuple[str, ...]:
    """The parameters that are no filters: those that shape a row, and the page's, or those of them that are taken."""
    shaping = getattr(view, "shape_parameters", ())
    if view.detail:
        return shaping
    shaping = (*shaping, *getattr(view, "extras", ()))
    return (*(view.parameters if hasattr(view, "parameters") else view.paginator.parameters), *shaping)


def _strange(request: Request, filters: Any, own: tuple[str, ...]) -> Any:
    known = [*filters, *own]
    for name, values in request.query_params.lists():
        if name not in known:
            suggestion = nearest(name, known) if known else None
            hint = f"did you mean “{suggestion}”?" if suggestion else "none are known here."
            yield Problem(name[:100], "unknown_parameter", f"Unknown parameter “{name[:100]}”; {hint}", suggestion)
        elif not all(value.strip() for value in values):
            yield Problem(name, "empty", f"{name} is given without a value; leave it out or give one.")
        elif len(values) > 1 and name != "facets" and not getattr(filters.get(name), "takes_many", False):
            many = f"{name}__in" if f"{name}__in" in filters else name if name in SELECTING else None
            hint = f"; for several use {many}=a,b" if many else ""
            yield Problem(name, "repeated", f"{name} is given {len(values)} times{hint}.", many)


def _problem(name: str, error: ValidationError) -> Problem:
    suggestion = (error.params or {}).get("suggestion")
    return Problem(name, error.code or "invalid", " ".join(error.messages), suggestion)


def _described(name: str, one: Any) -> dict[str, Any]:
    schema = one.schema
    described = {
        "name": name,
        "in": "query",
        "required": False,
        "schema": schema,
        "description": one.description,
        "example": one.example,
    }
    return described | ({"style": "form", "explode": False} if schema.get("type") == "array" else {})
