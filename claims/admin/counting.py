"""Many bounded counts in one query: what a start page needs and a database gives cheaply.

Each count stops at a number beyond which nobody cares ("1,000+"), so it costs what it finds, not what is there. All of
them together are one statement, so a page with twenty saved filters costs the queries of a page with none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

MOST_COUNTED = 1_000
_AT_A_TIME = 60  # columns of one statement; a page asks for fewer


@dataclass(frozen=True, slots=True)
class Count:
    """A number, or "more than": what a page prints."""

    number: int
    has_more: bool = False

    def __str__(self) -> str:
        return f"{self.number:,}{'+' if self.has_more else ''}"

    def __bool__(self) -> bool:
        return self.number > 0


def bounded_counts(querysets: Sequence[QuerySet], most: int = MOST_COUNTED) -> list[Count]:
    """How many rows each selection has, up to `most`; one query for up to sixty selections."""
    found: list[Count] = []
    for start in range(0, len(querysets), _AT_A_TIME):
        found += _counts(querysets[start : start + _AT_A_TIME], most)
    return found


def _counts(querysets: Sequence[QuerySet], most: int) -> list[Count]:
    columns: list[str] = []
    parameters: list[Any] = []
    alias = querysets[0].db
    for number, queryset in enumerate(querysets):
        try:
            sql, values = queryset.order_by().values("pk")[: most + 1].query.get_compiler(alias).as_sql()
        except EmptyResultSet:
            columns.append("0")
            continue
        columns.append(f"(SELECT COUNT(*) FROM ({sql}) AS found_{number})")  # noqa: S608  (the ORM wrote it)
        parameters += values
    with connections[alias].cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", parameters)
        row = cursor.fetchone()
    return [Count(min(found, most), found > most) for found in row]
