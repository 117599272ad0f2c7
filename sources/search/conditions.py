"""Rows whose full text fits a search: the same call on both databases, on the model that has the index.

SQLite's planner knows nothing of how often a word occurs, and PostgreSQL's only how often whole words do. Where they do
not know, the rows are found first and, if they are few, named by their ids; where there are more, they are tried in the
list's order, and the page is soon full. Of whole words PostgreSQL keeps statistics and decides by itself.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
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


IDS, FIRST, IN_ORDER, EACH, NONE = "ids", "first", "in order", "each", "none"


@dataclass(frozen=True, slots=True)
class Found:
    """A search as the database is asked for it.

    Attributes:
        how: `IDS`: by the rows themselves, which were found before. Else what SQLite is to do: `FIRST` find all that
            fit and go by them, `IN_ORDER` find them but go in the list's order, or look up `EACH` row of the list, or
            that it has `NONE` of the excluded words.
        values: A list of ids; or the terms in the database's language, and behind them, where rows are ranked, in that
            of our own function. Whatever stands for a parameter may stand there.
        column: Only words of this column count; any column's if empty.
        is_ranked: Whether each row has its `rank`; the least is the best, and it is of the row's text only.
    """

    how: str
    values: tuple[Any, ...]
    column: str = ""
    is_ranked: bool = False

    @property
    def shape(self) -> Hashable:
        """What a statement depends on, the values aside."""
        return self.how, self.column, self.is_ranked

    def with_values(self, values: Iterable[Any]) -> "Found":
        """The same with others in the values' places."""
        return replace(self, values=tuple(values))


def look_up(model: Any, query: SearchQuery, column: str = "", *, is_ranked: bool = False) -> Found:
    """Finds the rows of a model beforehand where that helps; at most two queries.

    What is ranked is found first, whatever its number: all must be ranked before the first is known.
    """
    found = _asked(query, column, is_ranked=is_ranked)
    is_sqlite, table = connection.vendor == "sqlite", model._meta.db_table
    if is_ranked or not query.wanted or not (is_sqlite or any(term.is_prefix for term in query.wanted)):
        return found
    # The table of its own keeps PostgreSQL from walking all rows in the hope of meeting so many soon.
    sql = f'SELECT rowid FROM "{table}_fulltext" WHERE "{table}_fulltext" MATCH %s LIMIT %s'  # noqa: S608
    if not is_sqlite:
        every = f"""SELECT id FROM "{table}" WHERE fulltext @@ to_tsquery('simple', %s)"""  # noqa: S608
        sql = f"WITH found AS MATERIALIZED ({every}) SELECT id FROM found LIMIT %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [found.values[0], FEW + 1])
        ids = [pk for (pk,) in cursor.fetchall()]
        if len(ids) <= FEW:
            return Found(IDS, (ids,), column)
        if not is_sqlite:
            return found
        cursor.execute(f"SELECT count(*) FROM ({sql})", [found.values[0], FREQUENT])  # noqa: S608
        number = cursor.fetchone()[0]
        return replace(found, how=EACH if number >= FREQUENT else IN_ORDER if number >= MANY else FIRST)


def _asked(query: SearchQuery, column: str = "", *, is_ranked: bool = False) -> Found:
    if connection.vendor != "sqlite":
        return Found(FIRST, (_tsquery(query, column),), column, is_ranked)
    text = _match(query, column) if query.wanted else _columns(column, fts5_match(query.excluded, any_of=True))
    values = (text, written(query)) if is_ranked else (text,)
    return Found(FIRST if query.wanted else NONE, values, column, is_ranked)


def narrow(queryset: QuerySet, found: Found) -> QuerySet:
    """The rows that the search finds."""
    if found.how == IDS:
        return queryset.filter(pk__in=found.values[0])
    queryset = queryset.filter(Matches(found))
    return queryset.annotate(rank=Rank(found)) if found.is_ranked else queryset


def all_with(queryset: QuerySet, query: SearchQuery) -> QuerySet:
    """All rows that a search finds, for use within another query: found first, whatever their number."""
    return narrow(queryset, _asked(query))


class _OverText(Func):
    """Something about the full text of the queryset's own rows."""

    def __init__(self, found: Found) -> None:
        super().__init__(F("pk"))
        self.found = found

    def names(self, compiler: Any) -> tuple[str, str]:
        """The table's alias in the statement, and its index, both as they are written there."""
        pk: Any = self.source_expressions[0]
        return compiler.quote_name_unless_alias(pk.alias), f'"{pk.target.model._meta.db_table}_fulltext"'

    @property
    def identity(self) -> Any:
        """Told apart by the search too."""
        return (*super().identity, self.found)


class Matches(_OverText):
    """Whether a row's text has all wanted terms and none of the excluded ones."""

    conditional = True
    output_field = BooleanField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """A tsquery against the generated column."""
        alias, _ = self.names(compiler)
        return f"{alias}.fulltext @@ to_tsquery('simple', %s)", [self.found.values[0]]

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """A look into the index for each row that is tried; or the rows that it has."""
        alias, index = self.names(compiler)
        how, params = self.found.how, [self.found.values[0]]
        if how in (FIRST, IN_ORDER):
            rows = f"SELECT rowid FROM {index} WHERE {index} MATCH %s"  # noqa: S608
            sign = "+" if how == IN_ORDER else ""  # no index on what has a sign: the list's order remains
            return f"{sign}{alias}.id IN ({rows})", params
        one = f"EXISTS (SELECT 1 FROM {index} WHERE {index} MATCH %s AND rowid = {alias}.id)"  # noqa: S608
        return (one if how == EACH else f"NOT {one}"), params


class Rank(_OverText):
    """How often the wanted terms occur for the text's length, in millionths; negative, so that the best come first."""

    output_field = IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """`ts_rank` by the logarithm of the length; whole, since a real does not survive the way into a cursor."""
        alias, _ = self.names(compiler)
        sql = f"(-1000000 * ts_rank({alias}.fulltext, to_tsquery('simple', %s), 1))::integer"
        return sql, [self.found.values[0]]

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """Our own function over the row's text."""
        alias, _ = self.names(compiler)
        pk: Any = self.source_expressions[0]
        columns = [self.found.column] if self.found.column else pk.target.model.fulltext
        texts = ", ".join(f'{alias}."{column}"' for column in columns)
        return f"-{FUNCTION}(%s, {texts})", [self.found.values[1]]


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
