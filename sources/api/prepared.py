"""Statements prepared on a connection of PostgreSQL.

Planning the joins of a page takes longer than reading it, so a page that is asked for again is prepared, with one plan
for all values. A plan that fits all values is trusted only if it walks an index in the list's order (it has no sort
step): then a frequent value is met sooner, not later. All others are planned for their values.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from itertools import count
from typing import Any, Protocol

KEPT = 1_000
"""Statements kept in a process; one of a page of claims takes some 10 kB."""

PREPARED = 100
"""Statements prepared on one connection, where a plan takes some 200 kB."""

MARKS = re.compile("%%|%s")

_USES_BEFORE_PREPARING = 2
_GONE = {"26000", "0A000"}  # no such prepared statement; the table's columns have changed
_names = count(1)


class Compiled(Protocol):
    """What is prepared.

    Attributes:
        key: Names the text and its constants.
        sql: The text, with a mark for each parameter.
        limit: Rows at most.
    """

    key: str
    sql: str
    limit: int | None

    @property
    def are_slots(self) -> Sequence[bool]:
        """Of each parameter whether its value comes later."""


class Prepared:
    """What is prepared on one connection.

    Nothing is prepared within a transaction, which an error would cost. Where a prepared statement is gone (a pooler
    has taken another connection) or the table has changed, everything is planned anew and the connection goes on
    without.
    """

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self.is_used = True
        self._uses: OrderedDict[str, int] = OrderedDict()
        self._calls: OrderedDict[str, str] = OrderedDict()  # "" where the plan is not to be trusted
        self._is_ready = False

    @classmethod
    def on(cls, connection: Any) -> Prepared:
        """Those of a connection; of a new one after it was lost."""
        kept: Prepared | None = getattr(connection, "_prepared_pages", None)
        if kept is None or kept.raw is not connection.connection:
            kept = connection._prepared_pages = cls(connection.connection)
        return kept

    def call(self, statement: Compiled, params: list[Any]) -> tuple[str, list[Any]] | None:
        """What runs the statement as it is prepared, with the values for it; None where it is better run itself."""
        if not self.is_used:
            return None
        call = self._calls.get(statement.key)
        if call is None:
            uses = self._uses[statement.key] = self._uses.get(statement.key, 0) + 1
            while len(self._uses) > KEPT:
                self._uses.popitem(last=False)
            if uses <= _USES_BEFORE_PREPARING:
                return None
            call = self._prepare(statement, params)
        else:
            self._calls.move_to_end(statement.key)
        return (call, _those(params, statement, are_slots=True)) if call else None

    def is_lost(self, error: Exception) -> bool:
        """Whether an error of the framework means that nothing prepared is to be counted on; it is not from then on."""
        if getattr(error.__cause__, "pgcode", None) in _GONE:
            self.is_used = False
        return not self.is_used

    def _prepare(self, statement: Compiled, params: list[Any]) -> str:
        name = f"page_{next(_names)}"
        numbers, are_slots = count(1), iter(statement.are_slots)

        def mark(match: re.Match[str]) -> str:
            return f"${next(numbers)}" if match[0] == "%s" and next(are_slots) else match[0]

        text = MARKS.sub(mark, statement.sql)
        given = _those(params, statement, are_slots=True)
        # A mark for each value, in brackets; nothing for none, since EXECUTE takes no empty brackets.
        call = f"EXECUTE {name}" + (f" ({', '.join(['%s'] * len(given))})" if given else "")
        with self.raw.cursor() as cursor:  # not the framework's: these are no queries of the request
            if not self._is_ready:
                cursor.execute("SET plan_cache_mode = force_generic_plan")
                self._is_ready = True
            cursor.execute(f"PREPARE {name} AS {text}", _those(params, statement, are_slots=False))
            if statement.limit is not None:
                cursor.execute(f"EXPLAIN {call}", given)
                if any("Sort" in line for (line,) in cursor.fetchall()):
                    cursor.execute(f"DEALLOCATE {name}")
                    call = ""
            self._calls[statement.key] = call
            while len(self._calls) > PREPARED:
                _, old = self._calls.popitem(last=False)
                if old:
                    cursor.execute(f"DEALLOCATE {old.split()[1]}")
        return call


def _those(params: list[Any], statement: Compiled, *, are_slots: bool) -> list[Any]:
    return [value for value, is_slot in zip(params, statement.are_slots, strict=True) if is_slot is are_slots]
