"""Counts of a list's rows by value, where the reader asks for facets.

They count within the filter, all of it: the counts of `kind` under `kind=direct` are those of direct ones. A filter
that finds few rows is asked once and its rows counted by their ids; counting by a filter that finds many is the
database's work, as a `count` is.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import Model
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

from sources.api.extras import FACET_SIZE, Facet
from sources.api.questions import Question
from sources.api.statements import Slot, Statement, statements
from sources.api.strict import SuggestingCode, nearest

FEW = 2_000
"""Rows that are counted by their ids."""


def facets_of(request: Request, question: Question, model: type[Model], offered: dict[str, Facet]) -> dict[str, Any]:
    """The counts that `facets` asks for; one query each, and one more. What a reader may not see is not offered.

    Args:
        request: Who asks, and for which.
        question: All rows of the list.
        model: Whose rows.
        offered: All facets of the list, by name.

    Raises:
        ValidationError: one of them is not offered.
    """
    names = _asked(request, [name for name, facet in offered.items() if _may_see(request, facet)])
    first = question.rows(("first ids", FEW), lambda rows: Statement(rows.order_by().values_list("pk"), limit=FEW + 1))
    ids = sorted(pk for (pk,) in first) if len(first) <= FEW else None

    def counted(name: str) -> list[Any]:
        facet = offered[name]
        if ids is None:  # with a limit, so that it is planned for its values: how many rows fit decides how to count
            return question.rows(
                ("facet", name), lambda rows: Statement(facet.counted(rows, request), limit=FACET_SIZE)
            )

        def make() -> Statement:
            every = model._default_manager.all()
            return Statement(facet.counted(every, request, keys=Slot("ids"))[:FACET_SIZE])

        # How the rows were asked for does not matter any more.
        return statements.get(("facet", question.base, name), make).rows({"ids": ids})

    return {"facets": {name: [_as_count(*row) for row in counted(name)] for name in names}}


def _as_count(value: Any, name: Any, number: int) -> dict[str, Any]:
    return {"value": value, "name": str(name), "count": number}


def _may_see(request: Request, facet: Facet) -> bool:
    user = request.user
    return not facet.permission or (user.is_authenticated and user.has_perm(facet.permission))


def _asked(request: Request, offered: Collection[str]) -> list[str]:
    names = [name.strip() for text in request.query_params.getlist("facets") for name in text.split(",")]
    for name in names:
        if name not in offered:
            valid = ", ".join(offered) or "none here"
            message = f"“{name[:100]}” is no facet; valid are {valid}."
            code = SuggestingCode("invalid_choice", nearest(name, offered))
            raise ValidationError({"facets": [ErrorDetail(message, code)]})
    return list(dict.fromkeys(names))
