"""The read path of every endpoint: rows as tuples, shaped to what the API promises, no model instances.

A shape names its fields, each with the columns that it is made of, so that one query reads what is asked for and
nothing else. Rows become answers with at most a fixed number of further queries for the whole page. Serializers check
what is written and describe what is read; do not use them to read, which costs several times the query itself, and do
not read in a view.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from functools import lru_cache
from typing import Any, ClassVar

from django.db.models import F, Model, QuerySet
from django.urls import get_script_prefix, reverse
from rest_framework.request import Request

from sources.api.building import Build, builder
from sources.api.selection import AnswerField, Selection
from sources.api.statements import AnyOf, Slot, Statement, as_stored, converters_of, statements

Row = dict[str, Any]
Rows = Sequence[Sequence[Any]]


class Plan:
    """What a shape reads and makes for one selection.

    Attributes:
        columns: Paths that are read, in the order of the rows' values.
        made: For each of the answer's fields the shape's method that makes it of its columns, empty where the first of
            them is its value; and where in a row these stand.
        needs: What is to be gathered for a page.
        builders: What makes the answers of rows, by the number of a row's columns.
    """

    def __init__(self, fields: dict[str, AnswerField]) -> None:
        self.columns = tuple(dict.fromkeys(column for one in fields.values() for column in one.columns))
        at = {column: index for index, column in enumerate(self.columns)}
        self.made = {name: (one.make, [at[column] for column in one.columns]) for name, one in fields.items()}
        self.needs = tuple(dict.fromkeys(one.needs for one in fields.values() if one.needs))
        self.builders: dict[int, Build] = {}


class Shape:
    """How the rows of one model become answers.

    Attributes:
        model: Whose rows.
        fields: All fields by name, in the answer's order. A field's `make` names a method that takes its columns, its
            `needs` one that is called with a page's rows before.
        expansions: For each expansion the field that it fills, and how; None for one within another.
        omitted: Fields shown only where an expansion asks for them.
        is_raw: Whether columns come as they go into JSON.

    Args:
        request: Who asks.
        selection: Which fields; all unless given.
    """

    model: ClassVar[type[Model]]
    fields: ClassVar[dict[str, AnswerField]] = {}
    expansions: ClassVar[dict[str, tuple[str, AnswerField | None]]] = {}
    omitted: ClassVar[frozenset[str]] = frozenset()
    is_raw: ClassVar[bool] = True

    def __init__(self, request: Request, selection: Selection | None = None) -> None:
        self.request = request
        self.selection: Selection = selection or _everything(type(self))  # type: ignore[arg-type]
        self.plan: Plan = _plan(type(self), self.selection)  # type: ignore[arg-type]

    @classmethod
    def filling(cls) -> dict[str, str]:
        """For each expansion the field that it fills."""
        return {name: filled for name, (filled, _) in cls.expansions.items()}

    @property
    def key(self) -> Hashable:
        """What the columns depend on."""
        return type(self), self.selection

    def select(self, queryset: QuerySet, *more: str) -> QuerySet:
        """Rows as tuples of the columns that `read` names."""
        columns = self.read(*more)
        return queryset.values_list(*(as_stored(queryset, columns) if self.is_raw else columns))

    def read(self, *more: str) -> tuple[str, ...]:
        """The columns of the plan, and those of `more` that are not among them, behind."""
        return tuple(dict.fromkeys(self.plan.columns + more))

    def column(self, rows: Rows, name: str) -> list[Any]:
        """The values of one column of the plan, as the driver gives them."""
        index = self.plan.columns.index(name)
        return [row[index] for row in rows]

    def build(self, rows: Rows) -> list[Row]:
        """The answers, in the order of the rows."""
        plan = self.plan
        for need in plan.needs:
            getattr(self, need)(rows)
        if not rows:
            return []
        width = len(rows[0])
        build = plan.builders.get(width)
        if build is None:
            stored = self.select(self.model._default_manager.all())
            build = builder(plan.made, converters_of(stored, is_raw=self.is_raw), width)
            plan.builders[width] = build
        return build(self, rows)

    def answers(self, queryset: QuerySet) -> list[Row]:
        """The answers about all rows of a queryset."""
        return self.build(self.statement(queryset).rows({}))

    def statement(self, queryset: QuerySet, *more: str, limit: int | None = None) -> Statement:
        """What reads the rows of a queryset, for `build`: the columns of the plan, and `more` behind."""
        return Statement(self.select(queryset, *more), limit=limit, is_converted=False)

    def by_id(self, ids: Collection[int], readable: Callable[[Request], QuerySet] | None = None) -> dict[int, Row]:
        """The answers about rows that have one of these ids, by id; `id` must be selected.

        Args:
            ids: Theirs.
            readable: Gives the rows that whoever asks may read; depends on nothing but who that is. All unless given.
        """
        if not ids:
            return {}

        def make() -> Statement:
            every = readable(self.request) if readable else self.model._default_manager.all()
            return self.statement(every.filter(AnyOf(F("pk"), Slot("ids"))))

        key = ("by id", readable, self.key, reader_of(self.request), self.request.user.pk)
        rows = statements.get(key, make).rows({"ids": sorted(set(ids))})
        return dict(zip(self.column(rows, "id"), self.build(rows), strict=True))

    def address(self, list_name: str) -> str:
        """The absolute address of a list; an id and a slash behind it give a row's own."""
        return origin_of(self.request) + _path(get_script_prefix(), list_name)


def reader_of(request: Request) -> Hashable:
    """What decides which rows and columns may be read: the permissions of whoever asks."""
    user = request.user
    if not user.is_authenticated:
        return ""
    return "superuser" if user.is_superuser else frozenset(user.get_all_permissions())


def origin_of(request: Request) -> str:
    """Scheme and host of a request's address; looked at once a request."""
    http = request._request
    origin: str | None = getattr(http, "origin", None)
    if origin is None:
        origin = http.origin = f"{http.scheme}://{http.get_host()}"  # type: ignore[attr-defined]
    return origin


@lru_cache(maxsize=100)
def _everything(shape: type[Shape]) -> Selection:
    return Selection(tuple(name for name in shape.fields if name not in shape.omitted))


@lru_cache(maxsize=1_000)
def _plan(shape: type[Shape], selection: Selection) -> Plan:
    fields = {name: shape.fields[name] for name in selection.names}
    for name in selection.expanded:
        filled, how = shape.expansions[name]
        if how:
            fields[filled] = how
    return Plan(fields)


@lru_cache(maxsize=100)
def _path(prefix: str, list_name: str) -> str:
    return reverse(list_name)
