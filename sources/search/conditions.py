"""Rows whose full text fits a search: the same call on both databases, on the model that has the index.

SQLite's planner knows nothing of how often a word occurs, and PostgreSQL's only how often whole words do. Where they do
not know, the rows are found first and, if they are few, named by their ids; where there are more, they are tried in the
list's order, and the page is soon full. Of whole words PostgreSQL keeps statistics and decides by itself.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func, IntegerField, QuerySet

from sources.search.ranking import FUNCTION, written
from sources.search.words import SearchQuery, fts5_match, tsquery

FEW = 1_000
"""Rows up to which the database is told their ids."""

MANY = 5_000
"""Rows from which SQLite goes in the list's order and not by the rows that it found."""

FREQUENT = 200_000
"""Rows from which SQLite looks each row up instead of listing all that fit: among a million claims, with a word in four
of five the page takes 2 ms so and 296 ms by the list; with one in a thousand it never ends so, and takes 11 ms."""


_FIRST, _IN_ORDER, _EACH = "first", "in order", "each"


@dataclass(frozen=True, slots=True)
class Found:
    """A search, and the rows that it finds if they were looked up and are few.

    Attributes:
        query: The terms.
        column: Only words of this column count; any column's if empty.
        ids: The rows; None where they are many, or the database finds them by itself.
        how: How SQLite is to go about it.
    """

    query: SearchQuery
    column: str = ""
    ids: tuple[int, ...] | None = None
    how: str = _FIRST


def look_up(model: Any, query: SearchQuery, column: str = "") -> Found:
    """Finds the rows of a model beforehand where that helps; at most one query."""
    is_sqlite, table = connection.vendor == "sqlite", model._meta.db_table
    if not query.wanted or not (is_sqlite or any(term.is_prefix for term in query.wanted)):
        return Found(query, column)
    # The table of its own keeps PostgreSQL from walking all rows in the hope of meeting so many soon.
    sql = f'SELECT rowid FROM "{table}_fulltext" WHERE "{table}_fulltext" MATCH %s LIMIT %s'  # noqa: S608
    if not is_sqlite:
        every = f"""SELECT id FROM "{table}" WHERE fulltext @@ to_tsquery('simple', %s)"""  # noqa: S608
        sql = f"WITH found AS MATERIALIZED ({every}) SELECT id FROM found LIMIT %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [_match(query, column) if is_sqlite else _tsquery(query, column), FEW + 1])
        ids = tuple(pk for (pk,) in cursor.fetchall())
        if len(ids) <= FEW or not is_sqlite:
            return Found(query, column, ids if len(ids) <= FEW else None)
        cursor.execute(f"SELECT count(*) FROM ({sql})", [_match(query, column), FREQUENT])  # noqa: S608
        number = cursor.fetchone()[0]
        return Found(query, column, how=_EACH if number >= FREQUENT else _IN_ORDER if number >= MANY else _FIRST)


def narrow(queryset: QuerySet, found: Found) -> QuerySet:
    """The rows that the search finds."""
    if found.ids is not None:
        return queryset.filter(pk__in=found.ids)
    return queryset.filter(Matches(found.query, found.column, how=found.how))


def all_with(queryset: QuerySet, query: SearchQuery) -> QuerySet:
    """All rows that a search finds, for use within another query: found first, whatever their number."""
    return queryset.filter(Matches(query))


def ranked(queryset: QuerySet, query: SearchQuery, column: str = "") -> QuerySet:
    """The rows that a search finds, each with its `rank`; the least is the best, and it is of the row's text only.

    Since all that are found must be ranked before the first is known, they are found first, whatever their number.
    """
    return queryset.filter(Matches(query, column)).annotate(rank=Rank(query, column))


class _OverText(Func):
    """Something about the full text of the queryset's own rows."""

    def __init__(self, query: SearchQuery, column: str, *columns: Any) -> None:
        super().__init__(F("pk"), *columns)
        self.query, self.column = query, column

    def names(self, compiler: Any) -> tuple[str, str]:
        """The table's alias in the statement, and its index, both as they are written there."""
        pk: Any = self.source_expressions[0]
        return compiler.quote_name_unless_alias(pk.alias), f'"{pk.target.model._meta.db_table}_fulltext"'

    @property
    def identity(self) -> Any:
        """Told apart by the search too."""
        return (*super().identity, self.query, self.column)


class Matches(_OverText):
    """Whether a row's text has all wanted terms and none of the excluded ones.

    Args:
        query: The terms.
        column: Only words of this column count; any column's if empty.
        how: What SQLite does: find all such rows first and go by them; find them, but go in the list's order; or look
            up each row of the list.
    """

    conditional = True
    output_field = BooleanField()

    def __init__(self, query: SearchQuery, column: str = "", *, how: str = _FIRST) -> None:
        super().__init__(query, column)
        self.how = how

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """A tsquery against the generated column."""
        alias, _ = self.names(compiler)
        return f"{alias}.fulltext @@ to_tsquery('simple', %s)", [_tsquery(self.query, self.column)]

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """A look into the index for each row that is tried; or the rows that it has."""
        alias, index = self.names(compiler)
        if self.how != _EACH and self.query.wanted:
            rows = f"SELECT rowid FROM {index} WHERE {index} MATCH %s"  # noqa: S608
            sign = "+" if self.how == _IN_ORDER else ""  # no index on what has a sign: the list's order remains
            return f"{sign}{alias}.id IN ({rows})", [_match(self.query, self.column)]
        one = f"EXISTS (SELECT 1 FROM {index} WHERE {index} MATCH %s AND rowid = {alias}.id)"  # noqa: S608
        if self.query.wanted:
            return one, [_match(self.query, self.column)]
        return f"NOT {one}", [_columns(self.column, fts5_match(self.query.excluded, any_of=True))]


class Rank(_OverText):
    """How often the wanted terms occur for the text's length, in millionths; negative, so that the best come first."""

    output_field = IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """`ts_rank` by the logarithm of the length; whole, since a real does not survive the way into a cursor."""
        alias, _ = self.names(compiler)
        sql = f"(-1000000 * ts_rank({alias}.fulltext, to_tsquery('simple', %s), 1))::integer"
        return sql, [_tsquery(self.query, self.column)]

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """Our own function over the row's text."""
        alias, _ = self.names(compiler)
        pk: Any = self.source_expressions[0]
        columns = [self.column] if self.column else pk.target.model.fulltext
        texts = ", ".join(f'{alias}."{column}"' for column in columns)
        return f"-{FUNCTION}(%s, {texts})", [written(self.query)]


def _match(query: SearchQuery, column: str) -> str:
    text = fts5_match(query.wanted)
    if query.excluded:
        text = f"({text}) NOT ({fts5_match(query.excluded, any_of=True)})"
    return _columns(column, text)


def _columns(column: str, match: str) -> str:
    return f"{{{column}}} : ({match})" if column else match


def _tsquery(query: SearchQuery, column: str) -> str:
    weight = "A" if column else ""  # a column that is asked for alone is the weightiest
    parts = [tsquery(query.wanted, weight=weight)] if query.wanted else []
    parts += [f"!({tsquery(query.excluded, weight=weight, any_of=True)})"] if query.excluded else []
    return " & ".join(parts)
