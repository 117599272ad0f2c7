"""Pages by key: rows after (or before) a position in the order of (sort value, id).

A page never counts rows that it skips, and a row that exists throughout is met exactly once, whatever is inserted or
deleted between two pages. Rows without a sort value come last, in either direction; they are read by a query of their
own once the others are used up, so that both halves walk a plain index and no database's own place for nulls matters.

A filter may know a table whose index gives the order at once: it then adds aliases `sort_<column>` and `sort_id`, equal
in value to the list's own columns, and the page walks those.

A row whose sort value changes between two pages is met where it then stands: an order by `modified_at` shows it again,
or for the first time at its new place. Whoever must not miss a change reads `changes/`, not a list.

Do not order by anything but one column and the id: ties on a column are normal here (a day has many claims).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, QuerySet

from sources.api.statements import Beyond, Slot


@dataclass(frozen=True, slots=True)
class Order:
    """A list's order.

    Attributes:
        column: The sort column.
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

    def turned(self, order: Order) -> Position:
        """The same place for a reader who goes the other way and has not seen the row itself."""
        is_descending = order.descending != self.backward
        return replace(self, pk=self.pk + (-1 if is_descending else 1), backward=not self.backward)


@dataclass(frozen=True, slots=True)
class Leg:
    """One half of a list, as it is walked: the rows with a sort value, or those without."""

    is_null: bool
    descending: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in the list's order, and whether more follow in the direction of reading."""

    rows: list[Any]
    has_more: bool


Read = Callable[[Leg, Position | None], Sequence[Any]]


def read_page(read: Read, order: Order, position: Position | None, size: int) -> Page:
    """Reads one page in one query; in two where it reaches into the rows without a sort value.

    Args:
        read: Reads rows of a leg, from its beginning or from behind a position; one more than a page, if there are.
        order: The list's order.
        position: Where the last page ended; None for the first page.
        size: Rows at most.
    """
    rows: list[Any] = []
    backward = position is not None and position.backward
    for leg in _legs(order, backward):
        start = None
        if position is not None:
            at_null = position.value is None
            if at_null != leg.is_null and at_null != backward:
                continue  # the leg lies behind the reader
            start = position if at_null == leg.is_null else None
        rows += read(leg, start)[: size + 1 - len(rows)]
        if len(rows) > size:
            break
    has_more = len(rows) > size
    del rows[size:]
    if backward:
        rows.reverse()
    return Page(rows, has_more)


def rows_of(queryset: QuerySet, order: Order, leg: Leg, *, has_start: bool = False) -> QuerySet:
    """The rows of a leg in its order, all of them or those behind the slots `at` and `at_id`."""
    column, pk = _path(queryset, order.column), _path(queryset, "id")
    if order.nullable:
        queryset = queryset.filter(**{f"{column}__isnull": leg.is_null})
    by_id = leg.is_null or order.column == "id"
    if has_start and by_id:
        queryset = queryset.filter(**{f"{pk}__lt" if leg.descending else f"{pk}__gt": Slot("at_id")})
    elif has_start:
        behind = Beyond(F(column), F(pk), Slot("at"), Slot("at_id"), descending=leg.descending)
        queryset = queryset.filter(behind)
    sign = "-" if leg.descending else ""
    # Also where the column is null throughout: so the index that has both is known to give the order.
    return queryset.order_by(*(sign + name for name in ([pk] if order.column == "id" else [column, pk])))


def _legs(order: Order, backward: bool) -> Iterator[Leg]:
    descending = order.descending != backward
    halves = (False, True) if order.nullable else (False,)
    for is_null in reversed(halves) if backward else halves:
        yield Leg(is_null, descending)


def _path(queryset: QuerySet, column: str) -> str:
    alias = f"sort_{column}"
    return alias if alias in queryset.query.annotations else column
