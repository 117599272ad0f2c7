"""Which rows a reader asks for, and the statements that find them.

A question whose filters only compare columns with the reader's values has a key: its statements are made once for all
values (`sources.api.statements`). So has a search, which says itself what its statement depends on. Any other filter,
such as one that first looks how many rows there are, gives a question without a key, whose statements are made for it
alone. Both are read in the same way, and both give the same rows: a parameter that is wrong in any way is never looked
at here, but left to the filters, which refuse it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request

from sources.api.filters import Parameter, TableFilterSet
from sources.api.statements import Slot, Slots, Statement, statements

MANY = 8
"""Values of one parameter, up to which there is a statement for each number of them."""

_COMPARISONS = {"exact", "in", "gt", "gte", "lt", "lte"}


@dataclass
class Question:
    """Rows of one model.

    Attributes:
        make: Gives the queryset, with slots where `values` belong.
        key: What the queryset depends on, the values aside; None where it is made for this question alone.
        values: The slots' values.
        filterset: The filters that it came from, if it has a key.
        base: What the rows that may be read at all depend on.
    """

    make: Callable[[], QuerySet]
    key: Hashable = None
    values: dict[Hashable, Any] = field(default_factory=dict)
    filterset: TableFilterSet | None = None
    base: Hashable = None
    _own: dict[Hashable, Statement] = field(default_factory=dict)

    @cached_property
    def queryset(self) -> QuerySet:
        """The queryset."""
        return self.make()

    def rows(self, part: Hashable, make: Callable[[QuerySet], Statement], **values: Any) -> list[Any]:
        """The rows of a part of the answer.

        Args:
            part: Names it: whatever its statement depends on beside the question itself.
            make: Makes its statement.
            values: Further values for its slots.
        """
        if self.key is None:
            statement = self._own.get(part)
            if statement is None:
                statement = self._own[part] = make(self.queryset)
        else:
            statement = statements.get((self.key, part), lambda: make(self.queryset))
        return statement.rows(self.values | values)

    def count(self) -> int:
        """The number of rows."""
        ((number,),) = self.rows("count", lambda queryset: Statement(queryset, is_count=True)) or [(0,)]
        return int(number)


def asked(queryset: QuerySet) -> Question:
    """A question of its own."""
    return Question(lambda: queryset)


def with_slots(
    filterset_class: type[TableFilterSet],
    request: Request,
    others: Collection[str],
    base: Callable[[], QuerySet],
    key: Hashable,
) -> Question | None:
    """The question that these filters ask, its values in slots.

    Args:
        filterset_class: Declares the filters.
        request: Has the parameters.
        others: Names of those that are no filters.
        base: Gives the rows that may be read at all.
        key: What these depend on.

    Returns:
        None where a parameter is not plainly right, or one of the filters takes no slots.
    """
    params = request.query_params
    filters = filterset_class.base_filters
    for name, texts in params.lists():
        is_plain = _takes_slots(filters[name]) if name in filters else name in others
        may_repeat = name in filters and filters[name].takes_many
        if not is_plain or (len(texts) > 1 and not may_repeat) or not all(text.strip() for text in texts):
            return None
    unread: Any = None  # the rows are named below, if they have to be at all
    filterset = filterset_class(params, unread, request=request)
    if filterset.errors:
        return None
    values: dict[Hashable, Any] = {}
    slots: dict[str, Any] = {}
    shape: list[tuple[str, Hashable]] = []
    for name, found in filterset.found.items():
        if filters[name].row.seek is not None:
            shape.append((name, found.shape))
            values |= {(name, number): one for number, one in enumerate(found.values)}
            slots[name] = found.with_values(Slot((name, number), decides=True) for number in range(len(found.values)))
            continue
        if not isinstance(found, list):
            shape.append((name, -1))
            values[name], slots[name] = found, Slot(name)
            continue
        shape.append((name, len(found)))
        values |= {(name, number): one for number, one in enumerate(found)}
        several = [Slot((name, number)) for number in range(len(found))]
        slots[name] = Slots(*several) if several and not filters[name].row.apply else several

    def make() -> QuerySet:
        filterset.queryset = base()
        return filterset.qs

    lists = {name: len(one) for name, one in filterset.found.items() if isinstance(one, list)}
    if any(number > (1 if filters[name].row.apply else MANY) for name, number in lists.items()):
        return Question(make, filterset=filterset, base=key)
    filterset.found = slots
    return Question(make, (key, tuple(shape)), values, filterset, key)


def _takes_slots(one: Parameter) -> bool:
    """Whether a filter does nothing with its value but compare columns with it.

    One that narrows the rows itself does where it is given a single key that was found elsewhere (what it does with
    several may depend on them), or what says itself what it depends on.
    """
    row = one.row
    if row.permission or row.inside is not None or one.lookup_expr not in _COMPARISONS:
        return False
    return row.apply is None or row.seek is not None or (row.find is not None and not one.exclude)
