"""The whole database as one text, to look for what must be nowhere in it."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection


def dump() -> str:
    """Every value of every column of every table; JSON as it reads, not as it is escaped."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        return "\n".join(text for table in tables for text in _values(cursor, table))


def _values(cursor: Any, table: str) -> Iterator[str]:
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  (the database's own tables)
    for row in cursor.fetchall():
        for value in row:
            yield str(bytes(value)) if isinstance(value, (bytes, memoryview)) else _readable(value)


def _readable(value: Any) -> str:
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            value = json.loads(value)
        except ValueError:
            return str(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)
