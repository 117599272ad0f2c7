"""Rows in bulk: as fast as either database takes them into tables that the migrations made.

Keys, indexes and triggers cost several times the rows themselves when each row pays for them alone. So PostgreSQL is
told to be a replica while rows come in by COPY (no triggers, no checks of foreign keys), SQLite's triggers are taken
off, and on both every index but the primary and unique keys is dropped before and made again behind. What is there in
the end is what the migrations made; only the log of changes knows nothing of these rows. For benchmarks alone: nothing
here checks a row.
"""

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import chain, islice
from typing import Any

BATCH = 2_000
_CHUNK = 1 << 20
_LITE = {"journal_mode": "OFF", "synchronous": "OFF", "foreign_keys": "OFF", "cache_size": "-1000000", "threads": "2"}
_LITE_AGAIN = {"journal_mode": "WAL", "foreign_keys": "ON", "cache_size": "-2000"}

Row = dict[str, Any]


@contextlib.contextmanager
def loading(connection: Any, models: Iterable[Any]) -> Iterator[None]:
    """Takes off what costs each row, and puts it back behind.

    Args:
        connection: Of the framework.
        models: Whose tables are to be filled.
    """
    tables = [model._meta.db_table for model in models]
    with (_as_replica if connection.vendor == "postgresql" else _bare)(connection, tables):
        yield


def store(connection: Any, model: Any, rows: Iterable[Row]) -> int:
    """Writes rows of one model, by field; a field that the first row does not name gets its default in all.

    Returns:
        How many.
    """
    source = iter(rows)
    first = next(source, None)
    if first is None:
        return 0
    fields = [one for one in model._meta.concrete_fields if not getattr(one, "generated", False)]
    given = [one for one in fields if one.name in first]
    fixed = [one for one in fields if one.name not in first]
    prepare = [(one.name, _prepared(one, connection)) for one in given]
    values = ([make(row[name]) if make else row[name] for name, make in prepare] for row in chain([first], source))
    constants = [_constant(one, connection) for one in fixed]
    columns = ", ".join(connection.ops.quote_name(one.column) for one in given + fixed)
    table = connection.ops.quote_name(model._meta.db_table)
    write = _copy if connection.vendor == "postgresql" else _insert
    return write(connection, f"{table} ({columns})", values, constants)


def _prepared(field: Any, connection: Any) -> Callable[[Any], Any] | None:
    kind = field.get_internal_type()
    if kind == "JSONField":
        return json.dumps
    if kind == "DateTimeField":
        return lambda value: value and str(connection.ops.adapt_datetimefield_value(value))
    return (lambda value: value and str(value)) if kind == "DateField" else None


def _constant(field: Any, connection: Any) -> Any:
    value = field.get_default()
    make = _prepared(field, connection)
    return make(value) if make and value is not None else value


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


class _Lines:
    """Lines as a file to read from, made while the server takes in those before."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines, self._data = lines, b""
        self.number = 0

    def read(self, size: int = _CHUNK) -> bytes:
        """The next bytes."""
        while len(self._data) < size and (batch := list(islice(self._lines, BATCH))):
            self.number += len(batch)
            self._data += "".join(batch).encode()
        given, self._data = self._data[:size], self._data[size:]
        return given


def _copy(connection: Any, target: str, rows: Iterable[list[Any]], constants: list[Any]) -> int:
    end = "".join("\t" + _copied(value) for value in constants) + "\n"
    lines = _Lines("\t".join(map(_copied, row)) + end for row in rows)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {target} FROM STDIN", lines, _CHUNK)
    return lines.number


def _copied(value: Any) -> str:
    if type(value) is str:
        if "\\" in value or "\t" in value or "\n" in value:
            return value.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n")
        return value
    if value is None:
        return r"\N"
    return str(value)


@contextlib.contextmanager
def _as_replica(connection: Any, tables: list[str]) -> Iterator[None]:
    listing = """
        SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
        WHERE i.indrelid = ANY(%s::regclass[])
        AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
    """
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute(listing, [tables])
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for _, sql in indexes:
            cursor.execute(sql.replace("%", "%%"))
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")


# --- SQLite ----------------------------------------------------------------------------------------------------------


def _insert(connection: Any, target: str, rows: Iterable[list[Any]], constants: list[Any]) -> int:
    source = iter(rows)
    number = 0
    raw = connection.connection
    raw.execute("BEGIN")
    while batch := list(islice(source, BATCH)):
        marks = ", ".join(["?"] * len(batch[0]) + [_literal(value) for value in constants])
        raw.executemany(f"INSERT INTO {target} VALUES ({marks})", batch)  # noqa: S608  (our own names and defaults)
        number += len(batch)
    raw.execute("COMMIT")
    return number


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str | date | datetime):
        quoted = str(value).replace("'", "''")
        return f"'{quoted}'"
    return repr(int(value) if isinstance(value, bool) else value)


@contextlib.contextmanager
def _bare(connection: Any, tables: list[str]) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT type, name, sql, tbl_name FROM sqlite_master WHERE sql IS NOT NULL")
        found = cursor.fetchall()
        taken = [one for one in found if one[0] in ("index", "trigger") and one[3] in tables]
        for name, value in _LITE.items():
            cursor.execute(f"PRAGMA {name} = {value}")
        for kind, name, _, _ in taken:
            cursor.execute(f'DROP {kind} "{name}"')
        yield
        for _, _, sql, _ in taken:
            cursor.execute(sql)
        for name in (f"{table}_fulltext" for table in tables):
            if any(one[1] == name for one in found):
                cursor.execute(f'INSERT INTO "{name}" ("{name}") VALUES (\'rebuild\')')  # noqa: S608
        cursor.execute("ANALYZE")
        for name, value in _LITE_AGAIN.items():
            cursor.execute(f"PRAGMA {name} = {value}")
