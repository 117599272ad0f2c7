"""What a list says beside its rows, where the reader asks: counts by value, the filters as understood, words found.

Each costs a fixed number of queries, whatever is on the page. How facets are counted stands in `sources.api.facets`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet
from django.http import QueryDict
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

from sources.api.statements import AnyOf
from sources.api.strict import SuggestingCode, nearest
from sources.search.words import Highlighter

EXTRAS = ("explain", "facets")
FACET_SIZE = 20
"""Values a facet gives, the most frequent first."""


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

    def counted(self, rows: QuerySet, request: Request, *, keys: Any = None) -> QuerySet:
        """The most frequent values with their names and numbers.

        Args:
            rows: The rows to be counted.
            request: Who asks.
            keys: A slot for the ids of these rows, if they are few.
        """
        path, name = self.value, self.name or self.value
        if self.inside is not None:
            among = {f"{self.key}__in": rows.order_by().values("pk")} if keys is None else {}
            rows = self.inside(request).filter(**among)
        if keys is not None:
            rows = rows.filter(AnyOf(F(self.key or "pk"), keys))
        # Grouped by the value and its name, which go together; nothing else of the list's query matters here.
        grouped = rows.order_by().exclude(**{path: None}).values_list(path, name)
        return grouped.annotate(number=Count("pk", distinct=False)).order_by("-number", path)


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


def highlight(highlighter: Highlighter, texts: Sequence[str]) -> str:
    """The first of a row's texts in which something was found, with it marked; HTML. The first if none has."""
    marked = [highlighter.mark(text) for text in texts]
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
