"""Pages by key: rows after (or before) a position in the order of (sort value, id).

A page never counts rows that it skips, and a row that exists throughout is met exactly once, whatever is inserted or
deleted between two pages. Rows without a sort value come last, in either direction; they are read by a query of their
own once the others are used up, so that both halves walk a plain index and no database's own place for nulls matters.

A filter may know a table whose index gives the order at once: it then adds aliases `sort_<column>` and `sort_id`, equal
in value to the list's own columns, and the page walks those.

Do not order by anything but one column and the id: ties on a column are normal here (a day has many claims).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan


@dataclass(frozen=True, slots=True)
class Order:
    """A list's order.

    Attributes:
        column: The sort column; also a key of each row.
        descending: Whether greater values come first; ids follow the same direction.
        nullable: Whether the column may be null.
    """

    column: str
    descending: bool
    nullable: bool


@dataclass(frozen=True, slots=True)
class Position:
    """A place between two rows: just after this row, or just before it where the reader goes backward."""

    value: Any
    pk: int
    backward: bool = False

    @classmethod
    def of(cls, row: dict[str, Any], order: Order, *, backward: bool = False) -> Position:
        """The place of a row."""
        return cls(row[order.column], row["id"], backward)

    def turned(self, order: Order) -> Position:
        """The same place for a reader who goes the other way and has not seen the row itself."""
        is_descending = order.descending != self.backward
        return replace(self, pk=self.pk + (-1 if is_descending else 1), backward=not self.backward)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in the list's order, and whether more follow in the direction of reading."""

    rows: list[dict[str, Any]]
    has_more: bool


@dataclass(frozen=True, slots=True)
class _Leg:
    is_null: bool
    descending: bool


def read_page(
    queryset: QuerySet,
    rows_of: Callable[[QuerySet], QuerySet],
    order: Order,
    position: Position | None,
    size: int,
) -> Page:
    """Reads one page in one query; in two where it reaches into the rows without a sort value.

    Args:
        queryset: All rows of the list.
        rows_of: Turns a queryset into one of dicts.
        order: The list's order.
        position: Where the last page ended; None for the first page.
        size: Rows at most.
    """
    rows: list[dict[str, Any]] = []
    backward = position is not None and position.backward
    for leg in _legs(order, backward):
        start = None
        if position is not None:
            at_null = position.value is None
            if at_null != leg.is_null and at_null != backward:
                continue  # the leg lies behind the reader
            start = position if at_null == leg.is_null else None
        part = _ordered(_after(_half(queryset, order, leg), order, leg, start), order, leg)
        rows += rows_of(part)[: size + 1 - len(rows)]
        if len(rows) > size:
            break
    has_more = len(rows) > size
    del rows[size:]
    if backward:
        rows.reverse()
    return Page(rows, has_more)


def _legs(order: Order, backward: bool) -> Iterator[_Leg]:
    descending = order.descending != backward
    halves = (False, True) if order.nullable else (False,)
    for is_null in reversed(halves) if backward else halves:
        yield _Leg(is_null, descending)


def _path(queryset: QuerySet, column: str) -> str:
    alias = f"sort_{column}"
    return alias if alias in queryset.query.annotations else column


def _half(queryset: QuerySet, order: Order, leg: _Leg) -> QuerySet:
    if not order.nullable:
        return queryset
    return queryset.filter(**{f"{_path(queryset, order.column)}__isnull": leg.is_null})


def _after(queryset: QuerySet, order: Order, leg: _Leg, start: Position | None) -> QuerySet:
    if start is None:
        return queryset
    column, pk = _path(queryset, order.column), _path(queryset, "id")
    if leg.is_null or order.column == "id":
        return queryset.filter(**{f"{pk}__lt" if leg.descending else f"{pk}__gt": start.pk})
    lookup, bound = (TupleLessThan, "lte") if leg.descending else (TupleGreaterThan, "gte")
    # SQLite gets the tuple as an OR, which no index can seek: the plain bound is what it starts from.
    return queryset.filter(
        lookup(Tuple(F(column), F(pk)), (start.value, start.pk)),
        **{f"{column}__{bound}": start.value},
    )


def _ordered(queryset: QuerySet, order: Order, leg: _Leg) -> QuerySet:
    sign = "-" if leg.descending else ""
    names = ["id"] if leg.is_null or order.column == "id" else [order.column, "id"]
    return queryset.order_by(*(sign + _path(queryset, name) for name in names))
