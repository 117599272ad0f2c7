"""Compiled statements: the SQL of a question, made once for each shape of it and then only given its values.

Building a queryset and compiling it costs a list several times what the database needs for the page. Both depend on
which filters, fields and order are asked for, not on the values; so a queryset is built with a `Slot` wherever a value
comes from the reader, compiled once, and kept. Values are always bound as parameters: nothing that a reader sends is
ever part of the SQL, or of the key under which it is kept.

Values come out as they go into JSON: what is stored as JSON is passed on unread. They come straight from the driver:
the framework's cursor, which rewrites and measures each statement, is taken only where somebody watches.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from functools import partial
from threading import Lock
from typing import Any

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.models import BooleanField, Expression, F, Field, Func, QuerySet

from sources.api.prepared import KEPT, MARKS, Prepared

Converter = Callable[[Any], Any]

_PLAIN = re.compile(r"\w*")
_ANYTHING = Field()  # making one takes longer than all else about a slot


class Slot(Expression):
    """A place in a statement for a value that comes later.

    Args:
        name: Which of the values it takes.
        decides: Whether the value decides how it is best found, so that no plan fits all of them.
    """

    def __init__(self, name: Hashable, *, decides: bool = False) -> None:
        super().__init__(output_field=_ANYTHING)
        self.name, self.decides = name, decides

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """A parameter; the slot itself stands for its value."""
        return "%s", [self]


class Slots(Func):
    """Several slots as the list that `in` looks into."""

    template = "(%(expressions)s)"
    output_field = Field()


class AnyOf(Func):
    """Whether a column is any of the numbers in one slot, however many there are."""

    conditional = True
    output_field = BooleanField()

    def __init__(self, column: Any, slot: Slot) -> None:
        super().__init__(column, slot)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """An array; as numbers, since an empty one says nothing of its kind."""
        return self.as_sql(compiler, connection, template="%(expressions)s::bigint[])", arg_joiner=" = ANY(")

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """A JSON array."""
        template, joiner = "%(expressions)s))", " IN (SELECT value FROM json_each("
        return self.as_sql(compiler, connection, template=template, arg_joiner=joiner)


class AsStored(Func):
    """A column of days or times as SQLite stores it, as text: reading each as a date costs as much as the query."""

    template = "+%(expressions)s"


def as_stored(queryset: QuerySet, names: Sequence[str]) -> list[Any]:
    """The columns to select, those of days and times as they are stored."""
    if connection.vendor != "sqlite":
        return list(names)
    query = queryset.query
    found: list[Any] = []
    for name in names:
        if name in query.annotations:
            found.append(name)
            continue
        _, column, *_ = query.names_to_path(name.split("__"), query.get_meta(), allow_many=True)
        is_date = column.get_internal_type() in ("DateField", "DateTimeField")
        found.append(AsStored(F(name), output_field=column) if is_date else name)
    return found


class Beyond(Func):
    """Whether (column, id) is less, or greater, than two slots as a pair.

    Written as one comparison of rows, which both databases start from in an index; the framework's own look-up becomes
    an OR on SQLite, which walks the index from its end.
    """

    conditional = True
    output_field = BooleanField()

    def __init__(self, column: Any, pk: Any, value: Slot, value_pk: Slot, *, descending: bool) -> None:
        sign = "<" if descending else ">"
        super().__init__(column, pk, value, value_pk, sign=sign)

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """The comparison."""
        parts = [compiler.compile(one) for one in self.source_expressions]
        left, right = (", ".join(sql for sql, _ in pair) for pair in (parts[:2], parts[2:]))
        return f"({left}) {self.extra['sign']} ({right})", [value for _, values in parts for value in values]


class Statement:
    """A compiled query.

    Attributes:
        sql: The text, with a mark for each parameter.
        params: The parameters; slots where a value is to come.
        limit: Rows at most; None for all. No slot: a plan made for any number of rows is made for very many.

    Args:
        queryset: Selects by `values_list`.
        limit: As above.
        is_count: Whether only the number of rows is asked for.
        is_raw: Whether values come as they go into JSON, or else as Python's.
        is_converted: Whether they come so at all, or else as the driver gives them, for who knows the `converters_of`
            the queryset.
    """

    def __init__(
        self,
        queryset: QuerySet,
        *,
        limit: int | None = None,
        is_count: bool = False,
        is_raw: bool = True,
        is_converted: bool = True,
    ) -> None:
        if is_count:
            queryset = queryset.order_by().values_list("pk")
        compiler = queryset.query.get_compiler(using=queryset.db)
        self.limit = limit
        self._converters: dict[int, Converter] = {}
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            sql, params = "", ()
        if sql and is_count:
            sql = f"SELECT COUNT(*) FROM ({sql}) AS counted"  # noqa: S608  (values are parameters)
        elif sql and is_converted:
            self._converters = _converters(compiler, is_raw=is_raw)
        self._write(sql if limit is None or not sql else f"{sql} LIMIT {limit:d}", tuple(params))

    def _write(self, sql: str, params: tuple[Any, ...]) -> None:
        self.sql, self.params = sql, params
        self.are_slots = [type(one) is Slot for one in params]
        self._fits_all = not any(type(one) is Slot and one.decides for one in params)
        # With what is no slot: a question without a key has the reader's values there, which become part of the plan.
        self.key = f"{sql} {[one for one in params if type(one) is not Slot]}"
        self._text = sql
        if connection.vendor == "sqlite":
            self._text = MARKS.sub(lambda match: "?" if match[0] == "%s" else "%", sql)

    def settle(self) -> None:
        """Writes whatever is left to no slot into the text; only where it is the service's own and none of a reader's.

        SQLite plans a statement anew at each run whose parameters might decide whether a partial index fits.
        """
        values, left = iter(self.params), []

        def write(match: re.Match[str]) -> str:
            value = next(values) if match[0] == "%s" else None
            if type(value) is int:
                return str(value)
            if type(value) is str and _PLAIN.fullmatch(value):
                return f"'{value}'"
            left.extend([value] if match[0] == "%s" else [])
            return match[0]

        self._write(MARKS.sub(write, self.sql), tuple(left))

    def rows(self, values: Mapping[Hashable, Any]) -> list[tuple[Any, ...]]:
        """The rows for these values of the slots."""
        if not self.sql:
            return []
        rows = self._fetch([_bound(values[one.name]) if type(one) is Slot else one for one in self.params])
        if not (self._converters and rows):
            return rows
        columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
        for index, convert in self._converters.items():
            columns[index] = [value if value is None else convert(value) for value in columns[index]]
        return list(zip(*columns, strict=True))

    def _fetch(self, params: list[Any]) -> list[tuple[Any, ...]]:
        used = connections[DEFAULT_DB_ALIAS]
        if not used.health_check_done:
            used.close_if_health_check_failed()
        if used.connection is None:
            used.ensure_connection()
        if self._fits_all and used.vendor == "postgresql" and not used.in_atomic_block:
            prepared = Prepared.on(used)
            call = prepared.call(self, params)
            if call is not None:
                try:
                    return _run(used, call[0], *call)
                except DatabaseError as error:
                    if not prepared.is_lost(error):
                        raise
        return _run(used, self._text, self.sql, params)


def _run(used: Any, text: str, sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    """Rows as the driver gives them.

    Args:
        used: The framework's connection, which is there.
        text: As the driver takes it.
        sql: The same as the framework's cursor takes it, which is asked where somebody watches or logs statements.
        params: The values.
    """
    if used.execute_wrappers or used.queries_logged:
        with used.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()  # type: ignore[no-any-return]
    with used.wrap_database_errors, closing(used.connection.cursor()) as cursor:
        cursor.execute(text, params)
        return cursor.fetchall()  # type: ignore[no-any-return]


class Kept:
    """Statements by the shape of what is asked, those not asked for longest forgotten first."""

    def __init__(self, size: int = KEPT) -> None:
        self._size = size
        self._lock = Lock()
        self._statements: OrderedDict[Hashable, Statement] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Statement]) -> Statement:
        """The statement of a shape; made where it is asked for the first time."""
        with self._lock:
            if statement := self._statements.get(key):
                self._statements.move_to_end(key)
                return statement
        statement = make()
        statement.settle()
        with self._lock:
            self._statements[key] = statement
            while len(self._statements) > self._size:
                self._statements.popitem(last=False)
        return statement


statements = Kept()


def converters_of(queryset: QuerySet, *, is_raw: bool) -> dict[int, Converter]:
    """For some columns of a queryset what makes its values of what the driver gives; never called with None."""
    compiler = queryset.query.get_compiler(using=queryset.db)
    compiler.as_sql()
    return _converters(compiler, is_raw=is_raw)


def _converters(compiler: Any, *, is_raw: bool) -> dict[int, Converter]:
    made = _as_json if is_raw else _as_python
    selected = [expression for expression, *_ in compiler.select[: compiler.col_count]]
    found = [(index, made(expression, compiler.connection)) for index, expression in enumerate(selected)]
    return {index: steps[0] if len(steps) == 1 else partial(_in_turn, steps) for index, steps in found if steps}


def _in_turn(steps: list[Converter], value: Any) -> Any:
    for convert in steps:
        value = value if value is None else convert(value)
    return value


def _as_python(expression: Any, connection: Any) -> list[Converter]:
    """What makes a column's raw value Python's."""
    made = [*connection.ops.get_db_converters(expression), *expression.get_db_converters(connection)]
    return [lambda value, convert=convert: convert(value, expression, connection) for convert in made]


def _as_json(expression: Any, connection: Any) -> list[Converter]:
    """What makes a column's raw value ready for JSON; nothing for most."""
    kind = expression.output_field.get_internal_type()
    is_sqlite = connection.vendor == "sqlite"
    if kind == "JSONField":
        return [orjson.Fragment]
    if kind == "DateTimeField":
        return [_moment] if is_sqlite else []
    if kind == "DateField":
        return []
    if kind == "BooleanField":
        return [bool] if is_sqlite else []
    return _as_python(expression, connection)


def _moment(value: datetime | str) -> datetime | str:
    """A time of SQLite, as the driver reads it or as it is stored: without a zone, and always UTC."""
    return f"{value[:10]}T{value[11:]}Z" if isinstance(value, str) else value.replace(tzinfo=UTC)


def _bound(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, list) and connection.vendor == "sqlite":
        return orjson.dumps(value).decode()
    return value
