"""Compiled statements: the SQL of a question, made once for each shape of it and then only given its values.

Building a queryset and compiling it costs a list several times what the database needs for the page. Both depend on
which filters, fields and order are asked for, not on the values; so a queryset is built with a `Slot` wherever a value
comes from the reader, compiled once, and kept. Values are always bound as parameters: nothing that a reader sends is
ever part of the SQL, or of the key under which it is kept.

On PostgreSQL planning the joins of a page takes longer than reading it, so a page that is asked for again is prepared
there too, with one plan for all values. A plan that fits all values is trusted only if it walks an index in the list's
order (it has no sort step): then a frequent value is met sooner, not later. All others are planned for their values.

Values come out as they go into JSON: what is stored as JSON is passed on unread.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import count
from threading import Lock
from typing import Any

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, connection
from django.db.models import BooleanField, Expression, F, Field, Func, QuerySet

KEPT = 1_000
"""Statements kept in a process; one of a page of claims takes some 10 kB."""

PREPARED = 100
"""Statements prepared on one connection of PostgreSQL, where a plan takes some 200 kB."""

_USES_BEFORE_PREPARING = 2
_GONE = {"26000", "0A000"}  # no such prepared statement; the table's columns have changed
_MARKS = re.compile("%%|%s")
_names = count(1)


class Slot(Expression):
    """A place in a statement for a value that comes later.

    Args:
        name: Which of the values it takes.
    """

    def __init__(self, name: Hashable) -> None:
        super().__init__(output_field=Field())
        self.name = name

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


def as_stored(queryset: QuerySet, names: Sequence[str], ordered_by: Collection[str]) -> list[Any]:
    """The columns to select, those of days and times as they are stored.

    Args:
        queryset: Whose columns.
        names: Paths.
        ordered_by: Columns that stay as they are, since an index gives their order only so.
    """
    if connection.vendor != "sqlite":
        return list(names)
    query = queryset.query
    found: list[Any] = []
    for name in names:
        if name in ordered_by or name in query.annotations:
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
        key: Names the statement and its constants.
        sql: The text, with a mark for each parameter.
        params: The parameters; slots where a value is to come.
        limit: Rows at most; None for all. No slot: a plan made for any number of rows is made for very many.

    Args:
        queryset: Selects by `values_list`.
        limit: As above.
        is_count: Whether only the number of rows is asked for.
        is_raw: Whether values come as they go into JSON, or else as Python's.
    """

    def __init__(
        self, queryset: QuerySet, *, limit: int | None = None, is_count: bool = False, is_raw: bool = True
    ) -> None:
        if is_count:
            queryset = queryset.order_by().values_list("pk")
        compiler = queryset.query.get_compiler(using=queryset.db)
        self.limit = limit
        self.sql, self._converters = "", []
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return
        self.params = tuple(params)
        self.sql = sql if limit is None else f"{sql} LIMIT {limit:d}"
        if is_count:
            self.sql = f"SELECT COUNT(*) FROM ({sql}) AS counted"  # noqa: S608  (values are parameters)
        # With what is no slot: a question without a key has the reader's values there, which become part of the plan.
        self.key = f"{self.sql} {[one for one in self.params if type(one) is not Slot]}"
        if is_count:
            return
        selected = [expression for expression, *_ in compiler.select[: compiler.col_count]]
        made = _as_json if is_raw else _as_python
        self._converters = [
            (index, convert)
            for index, expression in enumerate(selected)
            for convert in made(expression, compiler.connection)
        ]

    def rows(self, values: Mapping[Hashable, Any]) -> list[Sequence[Any]]:
        """The rows for these values of the slots."""
        if not self.sql:
            return []
        params = [_bound(values[one.name]) if type(one) is Slot else one for one in self.params]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                _Prepared.on(connection).execute(cursor, self, params)
            else:
                cursor.execute(self.sql, params)
            rows = cursor.fetchall()
        if self._converters:
            rows = [list(row) for row in rows]
            for index, convert in self._converters:
                for row in rows:
                    value = row[index]
                    if value is not None:
                        row[index] = convert(value)
        return rows


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
        with self._lock:
            self._statements[key] = statement
            while len(self._statements) > self._size:
                self._statements.popitem(last=False)
        return statement


statements = Kept()


def _as_python(expression: Any, connection: Any) -> list[Callable[[Any], Any]]:
    """What makes a column's raw value Python's."""
    made = [*connection.ops.get_db_converters(expression), *expression.get_db_converters(connection)]
    return [lambda value, convert=convert: convert(value, expression, connection) for convert in made]


def _as_json(expression: Any, connection: Any) -> list[Callable[[Any], Any]]:
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


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


class _Prepared:
    """What is prepared on one connection.

    Nothing is prepared within a transaction, which an error would cost. Where a prepared statement is gone (a pooler
    has taken another connection) or the table has changed, everything is planned anew and the connection goes on
    without.
    """

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self.is_used = True
        self._uses: OrderedDict[str, int] = OrderedDict()
        self._names: OrderedDict[str, str] = OrderedDict()  # "" where its plan is not to be trusted
        self._is_ready = False

    @classmethod
    def on(cls, connection: Any) -> _Prepared:
        """Those of a connection; of a new one after it was lost."""
        kept: _Prepared | None = getattr(connection, "_prepared_pages", None)
        if kept is None or kept.raw is not connection.connection:
            kept = connection._prepared_pages = cls(connection.connection)
        return kept

    def execute(self, cursor: Any, statement: Statement, params: list[Any]) -> None:
        """Runs a statement, prepared where that is known to be as good."""
        if connection.in_atomic_block or not self.is_used:
            cursor.execute(statement.sql, params)
            return
        name = self._name(statement, params)
        if not name:
            cursor.execute(statement.sql, params)
            return
        given = [value for value, one in zip(params, statement.params, strict=True) if type(one) is Slot]
        try:
            cursor.execute(f"EXECUTE {name}{_marked(given)}", given)
        except DatabaseError as error:
            if getattr(error.__cause__, "pgcode", None) not in _GONE:
                raise
            self.is_used = False
            cursor.execute(statement.sql, params)

    def _name(self, statement: Statement, params: list[Any]) -> str:
        key = statement.key
        name = self._names.get(key)
        if name is not None:
            self._names.move_to_end(key)
            return name
        uses = self._uses[key] = self._uses.get(key, 0) + 1
        while len(self._uses) > KEPT:
            self._uses.popitem(last=False)
        return "" if uses <= _USES_BEFORE_PREPARING else self._prepare(key, statement, params)

    def _prepare(self, key: str, statement: Statement, params: list[Any]) -> str:
        name = f"page_{next(_names)}"
        slots = [type(one) is Slot for one in statement.params]
        numbers, marks = count(1), iter(slots)

        def mark(match: re.Match[str]) -> str:
            return f"${next(numbers)}" if match[0] == "%s" and next(marks) else match[0]

        text = _MARKS.sub(mark, statement.sql)
        constants = [value for value, is_slot in zip(params, slots, strict=True) if not is_slot]
        given = [value for value, is_slot in zip(params, slots, strict=True) if is_slot]
        with self.raw.cursor() as cursor:  # not the framework's: these are no queries of the request
            if not self._is_ready:
                cursor.execute("SET plan_cache_mode = force_generic_plan")
                self._is_ready = True
            cursor.execute(f"PREPARE {name} AS {text}", constants)
            if statement.limit is not None:
                cursor.execute(f"EXPLAIN EXECUTE {name}{_marked(given)}", given)
                if any("Sort" in line for (line,) in cursor.fetchall()):
                    cursor.execute(f"DEALLOCATE {name}")
                    name = ""
            self._names[key] = name
            while len(self._names) > PREPARED:
                _, old = self._names.popitem(last=False)
                if old:
                    cursor.execute(f"DEALLOCATE {old}")
        return name


def _marked(given: list[Any]) -> str:
    """A mark for each value, in brackets; nothing for none, since EXECUTE takes no empty brackets."""
    return f" ({', '.join(['%s'] * len(given))})" if given else ""
