"""What a list says beside its rows, where the reader asks: counts by value, the filters as understood, words found.

Each costs a fixed number of queries, whatever is on the page. Facets count within the filter, all of it: the counts of
`kind` under `kind=direct` are those of direct ones. A filter that finds few rows is asked once and its rows counted by
their ids; counting by a filter that finds many is the database's work, as a `count` is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.http import QueryDict
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

from sources.api.strict import SuggestingCode, nearest
from sources.search.words import SearchQuery, highlight

EXTRAS = ("explain", "facets")
FACET_SIZE = 20
"""Values a facet gives, the most frequent first."""

FEW = 2_000
"""Rows that are counted by their ids."""


@dataclass(frozen=True, slots=True)
class Facet:
    """Something by which rows are counted.

    Attributes:
        value: Path of the value; what the filter of the same name takes.
        name: Path of the name that people read; the value's unless given.
        inside: Rows that point to the list's rows, if the value stands there. Takes the request.
        key: The column of `inside` that points here.
        permission: What the reader must be allowed to do to see them.
    """

    value: str
    name: str = ""
    inside: Callable[[Any], QuerySet] | None = None
    key: str = ""
    permission: str = ""

    def count(self, queryset: QuerySet, ids: list[int] | None, request: Request) -> list[dict[str, Any]]:
        """The most frequent values with their names and numbers; one query.

        Args:
            queryset: The rows to be counted.
            ids: Theirs, if they are few.
            request: Who asks.
        """
        rows, path = queryset.order_by(), self.value
        if self.inside is not None:
            keys: Any = rows.values("pk") if ids is None else ids
            rows = self.inside(request).filter(**{f"{self.key}__in": keys}).order_by()
        name = self.name or path
        # Grouped by the value and its name, which go together; nothing else of the list's query matters here.
        counted = rows.exclude(**{path: None}).values_list(path, name).annotate(number=Count("pk", distinct=False))
        most = counted.order_by("-number", path)[:FACET_SIZE]
        return [{"value": value, "name": str(shown), "count": number} for value, shown, number in most]


def facets_of(request: Request, queryset: QuerySet, offered: dict[str, Facet]) -> dict[str, Any]:
    """The counts that `facets` asks for; one query each, and one more. What a reader may not see is not offered.

    Raises:
        ValidationError: one of them is not offered.
    """
    user = request.user
    offered = {
        name: facet
        for name, facet in offered.items()
        if not facet.permission or (user.is_authenticated and user.has_perm(facet.permission))
    }
    names = _asked(request.query_params, offered)
    if not names:
        return {}
    first = list(queryset.order_by().values_list("pk", flat=True)[: FEW + 1])
    ids = first if len(first) <= FEW else None
    rows = queryset if ids is None else queryset.model._default_manager.filter(pk__in=ids)
    return {"facets": {name: offered[name].count(rows, ids, request) for name in names}}


def _asked(params: QueryDict, offered: dict[str, Facet]) -> list[str]:
    names = [name.strip() for text in params.getlist("facets") for name in text.split(",")]
    for name in names:
        if name not in offered:
            valid = ", ".join(offered) or "none here"
            message = f"“{name[:100]}” is no facet; valid are {valid}."
            code = SuggestingCode("invalid_choice", nearest(name, offered))
            raise ValidationError({"facets": [ErrorDetail(message, code)]})
    return list(dict.fromkeys(names))


def wants_explanation(params: QueryDict) -> bool:
    """Whether `explain=true` is asked for.

    Raises:
        ValidationError: it is neither true nor false.
    """
    text = params.get("explain", "false")
    if text not in ("true", "false"):
        message = f"explain must be true or false, got “{text[:40]}”."
        code = SuggestingCode("invalid_choice", nearest(text, ["true", "false"]))
        raise ValidationError({"explain": [ErrorDetail(message, code)]})
    return text == "true"


def highlights(query: SearchQuery, texts: Sequence[str]) -> str:
    """The first of a row's texts in which something was found, with it marked; HTML. The first if none has."""
    marked = [highlight(text, query) for text in texts]
    return next((one for one in marked if "<mark>" in one), marked[0] if marked else "")


def described_extras(offered: dict[str, Facet]) -> list[dict[str, Any]]:
    """The parameters, for the API's description."""
    facets = {
        "name": "facets",
        "in": "query",
        "required": False,
        "style": "form",
        "explode": False,
        "schema": {"type": "array", "items": {"type": "string", "enum": list(offered)}},
        "description": f"Counts of the filtered rows by these, the {FACET_SIZE} most frequent values of each.",
        "example": list(offered)[:2],
    }
    explain = {
        "name": "explain",
        "in": "query",
        "required": False,
        "schema": {"type": "boolean", "default": False},
        "description": "Whether to add how each filter was understood: field, look-up, value, what was found for it.",
        "example": True,
    }
    return [facets, explain] if offered else [explain]
